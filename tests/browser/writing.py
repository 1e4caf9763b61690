"""A real, small installation that sends letters: `writing.py HOME PORT SMTP_PORT`.

Olga has one client with a deal, a letter promised, and four ready-made templates; her session
stands in HOME/session.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOME = Path(sys.argv[1])
os.environ |= {
    "VORONKA_HOME": sys.argv[1],
    "VORONKA_MODE": "real",
    "DJANGO_SETTINGS_MODULE": "voronka.config.settings",
}


def main() -> None:
    from voronka.config.commands import options, serving  # noqa: PLC0415

    options.set_up()
    options.migrate()
    _fill(datetime.now(UTC))
    _set_up(datetime.now(UTC))
    serving.serve(host="127.0.0.1", port=int(sys.argv[2]))


def _fill(at: datetime) -> None:
    from django.test import Client as Browser  # noqa: PLC0415

    from voronka.agenda.steps import set_step  # noqa: PLC0415
    from voronka.clients.cards import NewClient, add_client  # noqa: PLC0415
    from voronka.deals.dealing import open_deal  # noqa: PLC0415
    from voronka.deals.models import Funnel, Stage  # noqa: PLC0415
    from voronka.people.models import Person  # noqa: PLC0415
    from voronka.people.viewers import viewer_of  # noqa: PLC0415

    olga = Person.objects.create(email="olga@firm.example", name="Ольга", role="manager")
    by = viewer_of(olga)
    Stage.objects.create(funnel=Funnel.objects.create(name="Продажи"), name="Новая", place=1)
    card = NewClient(
        name="ООО «Лес»", contact_name="Пётр Иванов", mails=["pi@les.example"],
        manager_id=olga.pk,
    )  # fmt: skip
    client = add_client(card, by=by, at=at)
    deal = open_deal(
        client_id=client.pk, title="Склад", by=by, at=at, amount_kopecks=1_240_000_00
    )
    due = at + timedelta(days=1)
    set_step(kind="letter", title="", due_at=due, by=by, at=at, deal_id=deal.pk)
    browser = Browser()
    browser.force_login(olga)
    (HOME / "session").write_text(browser.cookies["sessionid"].value)


def _set_up(at: datetime) -> None:
    from django.utils import translation  # noqa: PLC0415

    from voronka.letters.senders import NewSender, set_sender  # noqa: PLC0415
    from voronka.letters.templates import save_template  # noqa: PLC0415
    from voronka.people.settings import change_setting  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415
    from voronka.web.letters.starters import starters  # noqa: PLC0415

    change_setting(name="company_name", value="Север", by=SYSTEM, at=at)
    with translation.override("ru"):
        for new in starters():
            save_template(new, by=SYSTEM, at=at)
    sender = NewSender(
        address="sales@firm.example", password="correct horse", server="127.0.0.1",
        port=int(sys.argv[3]), security="none",
    )  # fmt: skip
    set_sender(sender, by=SYSTEM, at=at)


if __name__ == "__main__":
    main()
