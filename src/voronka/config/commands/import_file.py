"""`./voronka import`: a client base, deals, inquiries, calls or a history from a file."""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voronka.config.commands import options

KINDS = ("clients", "deals", "inquiries", "calls", "history")


def run(arguments: list[str]) -> int:
    """Load a file, try it dry, or take a load back; 1 when rows were left out."""
    given = _parser().parse_args(arguments)
    if given.home_of_demo:
        os.environ["VORONKA_HOME"] = str(options.home() / "demo")
        os.environ["VORONKA_MODE"] = "demo"
    options.set_up()
    options.migrate()
    from django.utils import translation  # noqa: PLC0415

    from voronka.foundation.errors import RefusalError  # noqa: PLC0415
    from voronka.web.refusals import sentence  # noqa: PLC0415

    with translation.override(given.language):
        try:
            return _undo(given) if given.undo else _load(given)
        except RefusalError as error:
            print(f"{given.file}: {sentence(error)}", file=sys.stderr)
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            print(f"{given.file}: {error.strerror}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = options.parser(
        "import",
        "Load a CSV (any encoding, plain or .gz) or a workbook. What was cut off goes on when "
        "the same command is given again.",
    )
    parser.add_argument("file", nargs="?", type=Path, help="the file")
    parser.add_argument("--as", dest="as_", choices=KINDS, help="what its rows are")
    parser.add_argument("--map", type=Path, help="the mapping as JSON (else it is guessed)")
    parser.add_argument("--dry-run", action="store_true", help="decide all, write nothing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--show-map", action="store_true", help="print the mapping and stop")
    parser.add_argument("--undo", type=int, metavar="N", help="take load number N back")
    parser.add_argument("--language", choices=("ru", "en"), default="ru", help="of sentences")
    parser.add_argument(
        "--demo", dest="home_of_demo", action="store_true", help="into the demonstration's data"
    )
    return parser


def _load(given: argparse.Namespace) -> int:
    from voronka.importing.running import Order  # noqa: PLC0415
    from voronka.importing.running import run as run_order  # noqa: PLC0415

    if given.file is None or given.as_ is None:
        print("voronka import: name a FILE and --as WHAT; see --help", file=sys.stderr)
        return 2
    at, bar = datetime.now(UTC), options.Bar(given.file.name, 1000)
    plan = _plan(given)
    if given.show_map:
        print(json.dumps(plan.to_json(), ensure_ascii=False, indent=1))
        return 0

    def progress(done: int, whole: int) -> None:
        bar.show(1000 * done // max(1, whole))

    if given.dry_run:
        order = Order(path=given.file, as_=given.as_, plan=plan, at=at, progress=progress)
        report = run_order(order)
    else:
        report = _written(given, plan, at, progress)
    bar.end()
    print(report.to_json() if given.json else _told(report.counts, given.file.name))
    return 1 if report.counts["skipped"] else 0


def _written(given: argparse.Namespace, plan: Any, at: datetime, progress: Any) -> Any:
    from voronka.foundation.errors import RefusalError  # noqa: PLC0415
    from voronka.importing import loads  # noqa: PLC0415

    file_hash = loads.hash_of(given.file)
    load = loads.unfinished(file_hash=file_hash, as_=given.as_)
    if load:
        print(f"going on with load {load.pk}", file=sys.stderr)
    load = load or loads.new_load(
        path=given.file, as_=given.as_, plan=plan, by_id=None, at=at, file_hash=file_hash
    )
    try:
        report = loads.write_load(load, at=at, progress=progress)
    except RefusalError:
        loads.give_up(load)
        raise
    undo = f"./voronka import --undo {load.pk}"
    print(f"load {load.pk}; {undo} takes it back", file=sys.stderr)
    return report


def _plan(given: argparse.Namespace) -> Any:
    from voronka.importing.files import open_table  # noqa: PLC0415
    from voronka.importing.loads import recalled  # noqa: PLC0415
    from voronka.importing.mapping import BadMappingError, plan_from_json  # noqa: PLC0415

    if given.map:
        try:
            return plan_from_json(json.loads(given.map.read_text(encoding="utf-8")))
        except ValueError:
            raise BadMappingError(what="json", names=[str(given.map)]) from None
    with open_table(given.file) as table:
        return recalled(table, given.as_)


def _undo(given: argparse.Namespace) -> int:
    from voronka.importing.models import Load  # noqa: PLC0415
    from voronka.importing.undoing import undo_load  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415

    try:
        undone = undo_load(load_id=given.undo, by=SYSTEM, at=datetime.now(UTC))
    except Load.DoesNotExist:
        print(f"voronka import: there is no load {given.undo}", file=sys.stderr)
        return 2
    print(f"removed {undone.removed}, restored {undone.restored}, kept {len(undone.conflicts)}")
    for table, pk, why in undone.conflicts[:50]:
        print(f"  stays: {table} {pk} ({why})")
    return 0


def _told(counts: dict[str, Any], name: str) -> str:
    from voronka.web.loads.lines import counts_line, problem_line, unknown_lines  # noqa: PLC0415

    lines = [counts_line(counts)]
    lines += [f"  {problem_line(line, name)}" for line in counts["errors"][:30]]
    if len(counts["errors"]) > 30:
        lines.append(f"  … {len(counts['errors']) - 30}")
    return "\n".join([*lines, *(f"  {line}" for line in unknown_lines(counts))])
