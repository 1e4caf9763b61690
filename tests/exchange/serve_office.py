"""A real, small department joined to the exchange: `serve_office.py HOME PORT FOLDER`.

It works round the clock on all days but feasts, so that a test may run at any hour, and whom
nobody took a call of is to be rung back at once.
Who is in the base can be entered by the sessions in HOME/sessions.json, by the extension.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HOME, FOLDER = Path(sys.argv[1]), Path(sys.argv[3])
os.environ |= {
    "VORONKA_HOME": sys.argv[1],
    "VORONKA_MODE": "real",
    "DJANGO_SETTINGS_MODULE": "voronka.config.settings",
}
CLIENT = "79161112233"


def main() -> None:
    from voronka.config.commands import options, serving  # noqa: PLC0415

    options.set_up()
    options.migrate()
    _found(datetime.now(UTC))
    serving.serve(host="127.0.0.1", port=int(sys.argv[2]))


def _found(at: datetime) -> None:
    from voronka.calls.exchanges import NewExchange, add_exchange  # noqa: PLC0415
    from voronka.clients.cards import NewClient, add_client  # noqa: PLC0415
    from voronka.deals.dealing import open_deal  # noqa: PLC0415
    from voronka.deals.starters import STARTERS, start_with  # noqa: PLC0415
    from voronka.people.settings import change_setting  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM, viewer_of  # noqa: PLC0415

    people = _people()
    start_with(sorted(STARTERS)[0], by=SYSTEM, at=at)
    hours = (("opens", "00:00"), ("closes", "23:59"), ("call_back_minutes", 0))
    for name, value in hours:
        change_setting(name=name, value=value, by=SYSTEM, at=at)
    ivan = viewer_of(people["101"])
    card = add_client(NewClient(name="ООО «Гармония»", phones=(f"+{CLIENT}",)), by=ivan, at=at)
    open_deal(
        client_id=card.pk, title="Вентиляция", by=ivan, at=at, amount_kopecks=2_100_000_00
    )
    address = f"sqlite://{FOLDER}/log/master.db"
    joined = {"host": "127.0.0.1", "port": 15038, "login": "crm", "record": address}
    options = joined | {"recordings": f"{FOLDER}/spool/monitor", "since": at.timestamp()}
    new = NewExchange(
        kind="asterisk", name="Офис", secret="ami-test-secret", zone="UTC", options=options
    )
    add_exchange(new, by=SYSTEM, at=at)


def _people() -> dict[str, Any]:
    from django.test import Client  # noqa: PLC0415

    from voronka.people.models import Duty, Person, Team  # noqa: PLC0415

    team = Team.objects.create(name="Отдел", path="/1/")
    people, sessions = {}, {}
    for extension, name, role in (
        ("101", "Игорь Соколов", "manager"), ("102", "Анна Беляева", "manager"),
        ("103", "Павел Рябов", "manager"), ("100", "Виктория Ланская", "head"),
    ):  # fmt: skip
        one = Person.objects.create(
            email=f"{extension}@firm.example", name=name, role=role, team=team,
            extension=extension,
        )  # fmt: skip
        browser = Client()
        browser.force_login(one)
        if role == "head":
            # Heads enter with a second factor only.
            session = browser.session
            session["second_factor"] = True
            session.save()
        Duty.objects.create(person=one, week=[[0, 1440]] * 7)
        people[extension] = one
        sessions[extension] = browser.cookies["sessionid"].value
    (HOME / "sessions.json").write_text(json.dumps(sessions))
    return people


if __name__ == "__main__":
    main()
