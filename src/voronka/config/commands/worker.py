"""`./voronka worker`: a worker in a process of its own (PostgreSQL installations)."""

import signal
import threading
from datetime import UTC, datetime

from voronka.config.commands import beside, options


def run(arguments: list[str]) -> int:
    """Run jobs until interrupted, or once through the queue."""
    parser = options.parser("worker", "Run jobs beside a server.")
    parser.add_argument("--once", action="store_true", help="run what is due and stop")
    given = parser.parse_args(arguments)
    options.set_up()
    options.migrate()
    from voronka.config.clock import LINES  # noqa: PLC0415
    from voronka.discovery.live_journal import have_room  # noqa: PLC0415
    from voronka.foundation import worker  # noqa: PLC0415
    from voronka.inquiries import taking_in  # noqa: PLC0415
    from voronka.inquiries.mailing import fetching  # noqa: PLC0415

    have_room()
    worker.set_lines(LINES, now=datetime.now(UTC))
    if given.once:
        worker.start_due_lines(now=datetime.now(UTC))
        fetching.look_into_due(now=datetime.now(UTC))
        taking_in.take_in_waiting(now=datetime.now(UTC))
        print(f"{worker.drain()} jobs ran")
        return 0
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    others = beside.threads(stop)
    for thread in others:
        thread.start()
    worker.work(stop)
    for thread in others:
        thread.join(timeout=10)
    return 0
