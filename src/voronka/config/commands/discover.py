"""`./voronka discover`: the funnel found in an event log, or in the journal."""

import argparse
import gc
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from voronka.config.commands import options

COLUMNS = {
    "case": "case", "activity": "activity", "at": "at", "by": "person",
    "outcome": "outcome", "lifecycle": "lifecycle",
}  # fmt: skip
SHOWN = 10


def run(arguments: list[str]) -> int:
    """Find the funnel and tell of it; 1 when there is too little to tell, 2 for bad input."""
    given = _parser().parse_args(arguments)
    if (given.file is None) == (not given.journal):
        print("voronka discover: name a FILE or --journal; see --help", file=sys.stderr)
        return 2
    options.set_up()
    from django.utils import translation  # noqa: PLC0415

    from voronka.foundation.errors import RefusalError  # noqa: PLC0415
    from voronka.web.refusals import sentence  # noqa: PLC0415

    with translation.override(given.language):
        try:
            return _discover(given)
        except RefusalError as error:
            print(f"{given.file}: {sentence(error)}", file=sys.stderr)
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = options.parser(
        "discover",
        "Find the stages of a sale in what really happened: an event log (CSV or a workbook, "
        "a row an event) or the journal. Columns that are not named are guessed.",
    )
    parser.add_argument("file", nargs="?", type=Path, help="the log")
    parser.add_argument("--journal", action="store_true", help="look into this installation")
    for name, what in (
        ("case", "the sale"), ("activity", "what happened"), ("at", "when"),
        ("by", "the person"), ("outcome", "won or lost"), ("lifecycle", "start, complete"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", metavar="COLUMN", help=f"the column of {what}")
    parser.add_argument("--only", default="", metavar="PATTERNS", help="'A_*,O_*': only these")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the report as JSON")
    parser.add_argument("--to-pnml", type=Path, metavar="OUT", help="write the model as a net")
    parser.add_argument("--language", choices=("ru", "en"), default="ru", help="of sentences")
    return parser


def _discover(given: argparse.Namespace) -> int:
    # One look and out: the collector finds nothing to free and takes a tenth of the time.
    gc.disable()
    from voronka.discovery.pnml import to_pnml  # noqa: PLC0415
    from voronka.discovery.report import report_on  # noqa: PLC0415

    log, source = _log(given)
    report = report_on(log)
    if given.journal and not report.problem:
        report = replace(report, more=report.more | _journal())
    told = report.to_json() | source
    if given.json:
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        given.json.write_text(text, encoding="utf-8")
    if given.to_pnml:
        given.to_pnml.write_text(to_pnml(report.model, report.names), encoding="utf-8")
    print(_told(report, source, is_journal=given.journal))
    return 1 if report.problem else 0


def _log(given: argparse.Namespace) -> tuple[Any, dict[str, Any]]:
    if given.journal:
        from voronka.discovery.journal_log import read_journal  # noqa: PLC0415
        from voronka.people.viewers import SYSTEM  # noqa: PLC0415

        options.migrate()
        return read_journal(viewer=SYSTEM), {}
    from voronka.importing.event_files import read_events  # noqa: PLC0415

    named = {field: getattr(given, name) for name, field in COLUMNS.items()}
    found = read_events(
        given.file,
        zone=ZoneInfo("Europe/Moscow"),
        now=datetime.now(UTC),
        columns={field: column for field, column in named.items() if column},
        only=[one.strip() for one in given.only.split(",") if one.strip()],
    )
    return found.log, {
        "columns": dict(found.columns),
        "rows": found.rows,
        "bad_rows": found.bad_rows,
        "problems": [{"row": row, "what": what} for row, what in found.problems],
    }


def _journal() -> dict[str, Any]:
    """Give what the journal tells of the first funnel: habits, money that waits, demands."""
    from voronka.deals.queries import funnels  # noqa: PLC0415
    from voronka.discovery.journal_insight import told_by_journal  # noqa: PLC0415
    from voronka.people import settings  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415

    return told_by_journal(
        viewer=SYSTEM,
        funnel_id=next((pk for pk, _name in funnels()), None),
        calendar=settings.calendar(settings.all_settings()),
        at=datetime.now(UTC),
    )


def _told(report: Any, source: dict[str, Any], *, is_journal: bool) -> str:
    from voronka.web.discovery.insight import namer  # noqa: PLC0415
    from voronka.web.discovery.words import lines_of  # noqa: PLC0415

    lines = lines_of(report, namer()) if is_journal else lines_of(report)
    if source.get("bad_rows"):
        from voronka.web.discovery.words import bad_row  # noqa: PLC0415

        lines += [bad_row(one["row"], one["what"]) for one in source["problems"][:SHOWN]]
    return "\n".join(lines)
