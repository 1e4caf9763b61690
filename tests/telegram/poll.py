"""A poller in a process of its own, to be killed: `poll.py HOME ADDRESS TOKEN`."""

import os
import sys
import threading

os.environ |= {
    "VORONKA_HOME": sys.argv[1],
    "VORONKA_TELEGRAM_URL": sys.argv[2],
    "DJANGO_SETTINGS_MODULE": "voronka.config.settings",
}


def main() -> None:
    from voronka.config.commands import options  # noqa: PLC0415

    options.set_up()
    options.migrate()
    from datetime import UTC, datetime  # noqa: PLC0415

    from voronka.inquiries import doorman  # noqa: PLC0415
    from voronka.inquiries.telegram import bots, polling  # noqa: PLC0415
    from voronka.inquiries.telegram.queries import bots as known  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415

    if not known():
        bots.connect_bot(token=sys.argv[3], by=SYSTEM, at=datetime.now(UTC))
    stop = threading.Event()
    threading.Thread(target=doorman.stand, args=(stop,), daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    polling.stand(stop, look_seconds=0.05, wait_seconds=1)


if __name__ == "__main__":
    main()
