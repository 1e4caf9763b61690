"""`./voronka bench`: measure pages and loads on a base of the peers' size."""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from voronka.config.commands import options


def run(arguments: list[str]) -> int:
    """Measure; 1 when a bar does not hold, 2 when nothing could be measured."""
    given = _parser().parse_args(arguments)
    if given.what == "routing":
        return _routing(given)
    home = options.home() / "bench"
    if given.what == "intake":
        options.set_up()
        return _safely(lambda: _intake(given, home))
    if given.what == "telephony":
        options.set_up()
        return _safely(lambda: _telephony(given, home))
    if given.what == "live":
        options.set_up()
        return _safely(lambda: _live(given, home))
    if given.what == "discovery":
        options.set_up()
        return _safely(lambda: _discovery(given, home))
    from voronka.config.benching import base  # noqa: PLC0415

    base.enter(home, is_fresh=given.fresh)
    base.fill()
    from voronka.config.benching.counting import counts, counts_text  # noqa: PLC0415

    found = counts()
    print(f"The base in {home}, made {base.made_at(home):%Y-%m-%d %H:%M} UTC:")
    print(counts_text(found), flush=True)
    if not all(count.is_near for count in found):
        print("voronka bench: the base is not of the wanted size", file=sys.stderr)
        return 2
    return _safely(lambda: _told(_results(given, home), given.json))


def _routing(given: argparse.Namespace) -> int:
    from voronka.config.benching.routing import routing_results, world_results  # noqa: PLC0415
    from voronka.config.benching.routing_worlds import SUMS, WORLDS  # noqa: PLC0415

    if given.olist:
        return _olist(given.olist, given.json)
    if not given.world:
        return _told(routing_results(seeds=given.seeds), given.json)
    there = [*WORLDS, SUMS]
    if given.world not in ("all", *there):
        print(f"voronka bench: no world {given.world!r}; there are: all, {', '.join(there)}")
        return 2
    names = there if given.world == "all" else [given.world]
    return _told(world_results(names, seeds=given.seeds), given.json)


def _olist(folder: Path, file: Path | None) -> int:
    from voronka.config.benching.olist import olist_results  # noqa: PLC0415

    try:
        return _told(olist_results(folder), file)
    except OSError as error:
        print(f"voronka bench: {error}", file=sys.stderr)
        return 2


def _safely(measure: Callable[[], int]) -> int:
    from voronka.config.benching.measuring import BadAnswerError  # noqa: PLC0415

    try:
        return measure()
    except BadAnswerError as error:
        print(f"voronka bench: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = options.parser(
        "bench",
        "Measure pages or a load on a base of the peers' size, discovery in made-up logs, "
        "routing in a made-up department, the doors for inquiries and for exchanges while the "
        "server is killed, or how soon a form is on an open desk.",
    )
    what = ("pages", "import", "discovery", "routing", "intake", "telephony", "live")
    parser.add_argument("what", choices=what, help="what to measure")
    parser.add_argument("--seed", choices=("peers",), default="peers", help="the base")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write one object a line")
    parser.add_argument("--only", default="", metavar="NAME", help="what this part names")
    parser.add_argument("--rows", type=int, default=20_000, help="of the file to load (20000)")
    parser.add_argument(
        "--events", type=int, action="append", metavar="N", help="of a log (10^6 and 10^7)"
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="for prefixes: this log")
    parser.add_argument(
        "--prefixes", type=int, default=100, metavar="N", help="of a log kept up to date (100)"
    )
    parser.add_argument(
        "--seeds", type=int, default=20, metavar="N", help="departments to route in (20)"
    )
    parser.add_argument(
        "--inquiries", type=int, metavar="N", help="to deliver (10000), to time (60)"
    )
    parser.add_argument(
        "--database", default="", metavar="URL", help="live: an empty PostgreSQL database"
    )
    parser.add_argument(
        "--world", default="", metavar="NAME", help="route in another world, or in all of them"
    )
    parser.add_argument(
        "--olist",
        type=Path,
        metavar="DIR",
        help="replay who sold to Olist's leads",
    )
    parser.add_argument(
        "--kills", type=int, metavar="N", help="of the server meanwhile (10; telephony 100)"
    )
    parser.add_argument("--fresh", action="store_true", help="make the base anew")
    return parser


def _intake(given: argparse.Namespace, home: Path) -> int:
    from voronka.config.benching.delivering import delivery_results  # noqa: PLC0415

    folder = home / "intake"
    shutil.rmtree(folder, ignore_errors=True)
    kills = 10 if given.kills is None else given.kills
    measured = delivery_results(folder, inquiries=given.inquiries or 10_000, kills=kills)
    return _told(measured, given.json)


def _telephony(given: argparse.Namespace, home: Path) -> int:
    from voronka.config.benching.hooking import hook_results  # noqa: PLC0415
    from voronka.config.benching.reducing import reducer_results  # noqa: PLC0415

    folder = home / "telephony"
    shutil.rmtree(folder, ignore_errors=True)
    events = (given.events or [20_000])[0]
    kills = 100 if given.kills is None else given.kills
    return _told(
        chain(reducer_results(), hook_results(folder, events=events, kills=kills)), given.json
    )


def _live(given: argparse.Namespace, home: Path) -> int:
    from voronka.config.benching.live import live_results  # noqa: PLC0415

    folder = home / "live"
    shutil.rmtree(folder, ignore_errors=True)
    n = given.inquiries or 60
    return _told(live_results(folder, inquiries=n, database=given.database), given.json)


def _discovery(given: argparse.Namespace, home: Path) -> int:
    from voronka.config.benching.discovering import cost_results  # noqa: PLC0415
    from voronka.config.benching.prefixes import prefix_results  # noqa: PLC0415

    sizes = given.events or [10**6, 10**7]
    parts = {
        "cost": cost_results(home, sizes),
        "prefixes": prefix_results(given.log, prefixes=given.prefixes),
    }
    chosen = [part for name, part in parts.items() if given.only in name]
    return _told(chain.from_iterable(chosen), given.json)


def _results(given: argparse.Namespace, home: Path) -> Iterable[Any]:
    from voronka.config.benching.loading import load_results  # noqa: PLC0415
    from voronka.config.benching.page_results import page_results  # noqa: PLC0415

    if given.what == "pages":
        return page_results(home, given.only)
    bar = options.Bar("loading", given.rows)
    return load_results(home, rows=given.rows, progress=lambda done, _whole: bar.show(done))


def _told(measured: Iterable[Any], file: Path | None) -> int:
    from voronka.config.benching.results import table, write_json  # noqa: PLC0415

    results = []
    for result in measured:
        print(table([result]), flush=True)
        results.append(result)
    if file:
        write_json(file, results)
    if len(results) < 2:
        print("voronka bench: nothing that is measured is named so", file=sys.stderr)
        return 2
    return int(any(result.holds is False for result in results))
