"""A small demonstration on a port, for the browser tests: `serve.py HOME PORT`."""

import os
import sys
from datetime import UTC, datetime

os.environ |= {
    "VORONKA_HOME": sys.argv[1],
    "VORONKA_MODE": "demo",
    "DJANGO_SETTINGS_MODULE": "voronka.config.settings",
}


def main() -> None:
    from voronka.config.commands import options, serving  # noqa: PLC0415

    options.set_up()
    options.migrate()
    from voronka.config.seeding.demo import seed_demo  # noqa: PLC0415

    seed_demo(now=datetime.now(UTC), scale=0.2)
    serving.serve(host="127.0.0.1", port=int(sys.argv[2]))


if __name__ == "__main__":
    main()
