"""Reads one log and makes its report as `./voronka discover` does; prints what that cost."""

import gc
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo


def main() -> None:
    """Print CPU seconds of the start, reading and report, and megabytes, as one JSON object."""
    from voronka.config.commands import options  # noqa: PLC0415

    options.set_up()
    from voronka.discovery.report import report_on  # noqa: PLC0415
    from voronka.importing.event_files import read_events  # noqa: PLC0415

    gc.disable()
    before, start = _megabytes("VmRSS"), time.process_time()
    now, zone = datetime.now(UTC), ZoneInfo("Europe/Moscow")
    found = read_events(Path(sys.argv[1]), zone=zone, now=now)
    read = time.process_time()
    told = json.dumps(report_on(found.log).to_json())
    done = time.process_time()
    log = found.log
    print(json.dumps({
        "start": start, "reading": read - start, "report": done - read,
        "memory": _megabytes("VmHWM") - before, "events": log.events, "cases": log.cases,
        "traces": len(log.traces), "bad_rows": found.bad_rows, "signs": len(told),
    }))  # fmt: skip


def _megabytes(name: str) -> float:
    lines = (Path("/proc") / "self" / "status").read_text().splitlines()
    return int(next(one for one in lines if one.startswith(name)).split()[1]) / 1024


if __name__ == "__main__":
    main()
