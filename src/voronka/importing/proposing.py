"""What an event log says of its own sales: what wins and what loses them, to be confirmed."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from voronka.discovery.outcomes import find_ends
from voronka.foundation.errors import RefusalError
from voronka.importing.mapping import Plan

MOST_BYTES = 200_000_000


def proposed(plan: Plan, path: Path, *, name: str, zone: ZoneInfo, now: datetime) -> Plan:
    """Fill in what a guessed plan of a history lacks: a funnel of its own, named as the file,
    and the activities that end a sale. A file too large or not readable leaves them open.
    """
    # Pages do without the columns of logs, 16 MB of a process.
    from voronka.importing.event_files import FIELDS, read_events  # noqa: PLC0415

    plan = replace(plan, funnel=plan.funnel or name.partition(".")[0][:120])
    if plan.won or plan.lost or path.stat().st_size > MOST_BYTES:
        return plan
    columns = {field: header for header, field in plan.columns.items() if field in FIELDS}
    try:
        log = read_events(path, zone=zone, now=now, columns=columns).log
    except RefusalError:
        return plan
    ends = find_ends(log)
    won, lost = (sorted(log.names[code] for code in codes) for codes in (ends.won, ends.lost))
    return replace(plan, won=won, lost=lost)
