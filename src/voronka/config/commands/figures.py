"""`./voronka figures`: the figures of the desk, as the head of sales sees them."""

import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from voronka.config.commands import options


def run(arguments: list[str]) -> int:
    """Print each figure with its n; by manager on request."""
    parser = options.parser("figures", "Print the department's figures.")
    parser.add_argument("--since", type=date.fromisoformat, default=date(1970, 1, 1))
    parser.add_argument("--until", type=date.fromisoformat, help="the last day (today)")
    parser.add_argument("--people", action="store_true", help="also won and lost by manager")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write one object a line")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")
    given = parser.parse_args(arguments)
    if given.demo:
        os.environ["VORONKA_HOME"] = str(options.home() / "demo")
    options.set_up()
    options.migrate()
    rows = _figures(given)
    for row in rows:
        print(f"{row['name']:<44} {row['value']!s:>18} {row['unit']:<8} {row['how']}")
    if given.json:
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        given.json.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _figures(given: Any) -> list[dict[str, Any]]:
    from voronka.kpi import registry, standing  # noqa: PLC0415
    from voronka.kpi.conventions import days_period  # noqa: PLC0415
    from voronka.kpi.source import read  # noqa: PLC0415
    from voronka.people import settings  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415

    now, known = datetime.now(UTC), settings.all_settings()
    calendar = settings.calendar(known)
    period = days_period(given.since, given.until or calendar.day_of(now), calendar)
    material = read(viewer=SYSTEM, period=period, now=now, calendar=calendar, settings=known)
    found = {code: make(material) for code, make in registry.FROM_JOURNAL.items()}
    found |= standing.both(viewer=SYSTEM, now=now)
    rows = [_row(code, figure.value, figure.unit, figure.n) for code, figure in found.items()]
    won = found["K13"].parts["wins"]
    rows.append(_row("won deals", won, "count", won))
    arrived = material.of("inquiry.registered")
    sources = Counter(event.body["source"] or event.body["channel"] for event in arrived)
    rows += [_row(f"K1 from {name}", n, "count", n) for name, n in sources.most_common()]
    if given.people:
        rows += _people(material)
    return rows


def _people(material: Any) -> list[dict[str, Any]]:
    from voronka.people.queries import names  # noqa: PLC0415

    known = names()
    won = Counter(e.owner_id for e in material.of("deal.won"))
    lost = Counter(e.owner_id for e in material.of("deal.lost"))
    people = sorted({*won, *lost}, key=lambda pk: (-won[pk], -lost[pk], pk or 0))
    return [
        _row(f"{known.get(pk or 0, 'nobody')}: won", won[pk], "count", won[pk] + lost[pk])
        for pk in people
    ]


def _row(name: str, value: Any, unit: str, n: int) -> dict[str, Any]:
    shown = round(value, 4) if isinstance(value, float) else value
    row = {"name": name, "value": shown, "unit": unit, "bar": None, "holds": None}
    return row | {"how": f"n = {n}"}
