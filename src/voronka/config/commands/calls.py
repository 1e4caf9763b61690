"""`./voronka calls`: the calls as programs need them."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from voronka.config.commands import options


def run(arguments: list[str]) -> int:
    """Write calls out, one JSON object a line."""
    parser = options.parser("calls", "Calls for programs.")
    parser.add_argument("act", choices=["export"], help="write calls out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="into a file (the screen)")
    parser.add_argument("--since", type=datetime.fromisoformat, help="that began at or after")
    parser.add_argument("--exchange", type=int, help="of this exchange only")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")
    given = parser.parse_args(arguments)
    if given.demo:
        os.environ["VORONKA_HOME"] = str(options.home() / "demo")
    options.set_up()
    options.migrate()
    from voronka.calls.exporting import exported_calls  # noqa: PLC0415

    lines: list[str] = []
    for row in exported_calls(since=given.since, exchange_id=given.exchange):
        lines.append(_line(row))
    text = "".join(lines)
    if given.json:
        given.json.write_text(text, encoding="utf-8")
        print(f"{len(lines)} calls")
    else:
        print(text, end="")
    return 0


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"
