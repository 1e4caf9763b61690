"""`./voronka demo`: a department with a year behind it, to look around in."""

import os
import shutil
import sys
import time
from datetime import UTC, datetime

from voronka.config.commands import options, serving


def run(arguments: list[str]) -> int:
    """Make the demonstration where there is none, and serve it on loopback."""
    parser = options.parser("demo", "A department of an invented firm with a year behind it.")
    options.port_option(parser)
    parser.add_argument("--fresh", action="store_true", help="make the demonstration anew")
    parser.add_argument("--seed-only", action="store_true", help="make it and do not serve")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    if not given.seed_only and (problem := serving.port_problem(given.host, given.port)):
        return serving.told(problem)
    folder = options.home() / "demo"
    if given.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    os.environ["VORONKA_HOME"], os.environ["VORONKA_MODE"] = str(folder), "demo"
    options.set_up()
    options.migrate()
    _seed_once()
    if given.seed_only:
        return 0
    address = f"http://{given.host}:{given.port}/"
    print(f"voronka: ready in {time.monotonic() - began:.1f} s", file=sys.stderr)
    print(f"Open {address} and enter with one press as head, manager or administrator.")
    print("Ctrl C stops it; the data stay for the next time.", flush=True)
    return serving.serve(host=given.host, port=given.port)


def _seed_once() -> None:
    from voronka.config.seeding.demo import PARTS, seed_demo  # noqa: PLC0415
    from voronka.journal.queries import has_batch  # noqa: PLC0415

    if has_batch("demo"):
        return
    bar = options.Bar("making a year", len(PARTS))
    seed_demo(now=datetime.now(UTC), progress=lambda done, _all, part: bar.show(done, part))
    bar.end()
