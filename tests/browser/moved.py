"""The demonstration with a clock that can be moved: `moved.py HOME PORT START`.

Time starts at START and runs; every second written to HOME/ahead is added to it. Who is in
the base can be entered by the sessions in HOME/sessions.json, by the person's id. All sellers
but the first three are on pause.
"""

import json
import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import time_machine

HOME = Path(sys.argv[1])
os.environ |= {
    "VORONKA_HOME": sys.argv[1],
    "VORONKA_MODE": "demo",
    "DJANGO_SETTINGS_MODULE": "voronka.config.settings",
}
SELLING = 3


def main() -> None:
    from voronka.config.commands import options, serving  # noqa: PLC0415

    clock = time_machine.travel(datetime.fromisoformat(sys.argv[3]), tick=True).start()
    options.set_up()
    options.migrate()
    from voronka.config.seeding.demo import seed_demo  # noqa: PLC0415
    from voronka.inquiries import jobs  # noqa: PLC0415

    # Time passes here: both clocks go on, as they do not when somebody sets one.
    setattr(jobs, "time", SimpleNamespace(monotonic=time.time))  # noqa: B010
    seed_demo(now=datetime.now(UTC), scale=0.05)
    _let_in()
    threading.Thread(target=_follow, args=(clock,), daemon=True).start()
    serving.serve(host="127.0.0.1", port=int(sys.argv[2]))


def _let_in() -> None:
    from django.test import Client  # noqa: PLC0415

    from voronka.people.duty_changes import set_pause  # noqa: PLC0415
    from voronka.people.models import Person  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415

    people = list(Person.objects.filter(is_active=True).order_by("pk"))
    selling = [one for one in people if one.role == "manager"]
    for one in selling[SELLING:]:
        set_pause(
            person_id=one.pk, is_paused=True, reason="тест", by=SYSTEM, at=datetime.now(UTC)
        )
    sessions = {}
    for one in people:
        browser = Client()
        browser.force_login(one)
        sessions[one.pk] = browser.cookies["sessionid"].value
    (HOME / "sessions.json").write_text(json.dumps(sessions))


def _follow(clock: Any) -> None:
    file, added = HOME / "ahead", 0
    while True:
        said = file.read_text() if file.exists() else ""
        if said.isdecimal() and int(said) > added:
            clock.shift(timedelta(seconds=int(said) - added))
            added = int(said)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
