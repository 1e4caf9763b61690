"""A page costs as many queries with sixty rows as with five."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.world import World
from voronka.agenda.steps import set_step
from voronka.calls.recording import NewCall, record_call
from voronka.clients.cards import NewClient, add_client
from voronka.clients.people_at_client import put_contact
from voronka.control.watch import look_at_all
from voronka.deals.dealing import Line, open_deal, put_lines
from voronka.deals.models import Deal, RefusalReason
from voronka.deals.stage_moves import lose_deal, win_deal
from voronka.foundation.recent import forget_all
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry
from voronka.journal.viewer import Viewer

pytestmark = pytest.mark.django_db
FEW, MANY = range(5), range(5, 60)
HOUR = timedelta(hours=1)
MOST = 8
PAGES = {
    "the deal list": ("vera", "/deals/"),
    "the deal list of all": ("vera", "/deals/?state=all&sort=created"),
    "the board": ("vera", "/board/"),
    "a deal's card": ("vera", "/deals/{deal}/"),
    "a client's card": ("vera", "/clients/{client}/"),
    "what a client agreed to": ("vera", "/clients/{client}/personal/"),
    "what a client agreed to, on the card": ("vera", "/clients/{client}/consents/"),
    "the erasing of a client": ("vera", "/clients/{client}/erasure/"),
    "all that is held of a client": ("vera", "/clients/{client}/held/"),
    "what is held, as a file": ("vera", "/clients/{client}/held/?form=file"),
    "the list of clients": ("vera", "/clients/"),
    "the head's desk": ("vera", "/"),
    "a lead's desk": ("lev", "/"),
    "the manager's desk": ("olga", "/"),
    "the slips": ("vera", "/slips/"),
    "the inquiries": ("vera", "/inquiries/"),
    "the calls": ("vera", "/calls/?period=month"),
    "the calls of a manager": ("olga", "/calls/?what=not_returned&stage=0&client={client}"),
    "the calls to hear": ("vera", "/calls/listen/"),
    "an inquiry": ("vera", "/inquiries/{inquiry}/"),
    "the rules of routing": ("vera", "/inquiries/rules/"),
    "a rule, to edit": ("vera", "/inquiries/rules/?rule=new"),
    "a rehearsal of the rules": ("vera", "/inquiries/rules/rehearsal/"),
    "a rehearsal of a draft": ("vera", "/inquiries/rules/rehearsal/?draft=1&way.0=turn"),
    "the shifts": ("vera", "/inquiries/shifts/"),
    "whom nobody wrote down": ("vera", "/inquiries/unregistered/"),
    "a figure of a channel": ("vera", "/figures/K4/?channel=form"),
    "the figures": ("vera", "/figures/"),
    "where money comes from": ("vera", "/figures/sources/"),
    "what is behind a source": ("vera", "/figures/sources/rows/?what=deals"),
    "where a client came from": ("vera", "/clients/{client}/touches/"),
    "where a deal came from": ("vera", "/deals/{deal}/touches/"),
    "what is behind a figure": ("vera", "/figures/K24/"),
    "a stage's figure": ("vera", "/regulation/{stage}/indicator/"),
    "after a talk": ("olga", "/calls/{call}/outcome/"),
    "the talks to note": ("olga", "/calls/after/"),
    "the call-backs behind a figure": ("vera", "/figures/K7/"),
    "the mailboxes": ("vera", "/mailboxes/"),
    "a letter to be written": (
        "olga",
        "/clients/{client}/letters/new/?deal={deal}&template={template}",
    ),
    "a letter": ("olga", "/letters/{letter}/"),
    "the letters' settings": ("anna", "/settings/letters/"),
    "a client's letters": ("olga", "/clients/{client}/?tab=letter"),
    "the settings": ("anna", "/settings/"),
    "a call": ("anna", "/calls/{call}/"),
    "the recordings": ("anna", "/settings/recordings/"),
    "the exchanges": ("anna", "/settings/telephony/"),
    "an exchange": ("anna", "/settings/telephony/{exchange}/"),
    "the people": ("vera", "/people/"),
    "the regulation": ("olga", "/regulation/"),
    "the regulation, to edit": ("vera", "/regulation/"),
    "the search": ("vera", "/search/?q=Фирма"),
}

# All that is held reads each of a dozen tables once, and its reading is a fact.
MORE = {"all that is held of a client": 23, "what is held, as a file": 22}
BOUNDS = ("SAVEPOINT", "RELEASE SAVEPOINT")


def _there(address: str, world: World) -> str:
    return address.format(
        deal=world.deal,
        client=world.client,
        stage=world.stage,
        inquiry=world.inquiry,
        call=world.call,
        exchange=world.exchange,
        letter=world.letter,
        template=world.template,
    )


def fill(world: World, numbers: range, by: Viewer, reason: RefusalReason) -> None:
    """Add so many cards, deals of each end, steps, lines, people, inquiries; all olga's."""
    now = datetime.now(UTC)
    for n in numbers:
        at = now - timedelta(days=2) + n * timedelta(minutes=1)
        phones = [f"+7912{4510000 + n}"]
        client = add_client(NewClient(name=f"Фирма {n}", phones=phones), by=by, at=at)
        title, amount = f"Фирма {n}", n * 1000 + 1
        deals = [
            open_deal(client_id=pk, title=title, amount_kopecks=amount, by=by, at=at)
            for pk in (client.pk, world.client, world.client)
        ]
        if n % 2:
            win_deal(deal_id=deals[2].pk, by=by, at=at + HOUR)
        else:
            lose_deal(deal_id=deals[2].pk, reason_id=reason.pk, by=by, at=at + HOUR)
        for pk in (deals[0].pk, world.deal):
            set_step(kind="task", title=title, due_at=at + HOUR, deal_id=pk, by=by, at=at)
        new = NewInquiry(channel="form", name=f"Иван {n}", phone=phones[0])
        register_inquiry(new, by=by, at=at)
        talk = NewCall(
            started_at=at, direction="in", phone=f"+7914{4510000 + n}", is_answered=True,
            manager_id=by.person_id, talk_seconds=60 + n,
        )  # fmt: skip
        record_call(talk, by=by)
        put_contact(
            client_id=world.client, contact_id=None, name=f"Лицо {n}", post="", decides="",
            phones=[f"+7913{4510000 + n}"], mails=[f"p{n}@firm.example"], by=by, at=at,
        )  # fmt: skip
    lines = [Line(name=f"Товар {n}", price_kopecks=n + 1) for n in range(numbers.stop)]
    put_lines(deal_id=world.deal, lines=lines, by=by, at=now)
    look_at_all(now=now)


def queries_of(browser: Client, address: str, *, is_first: bool = True) -> int:
    """Ask twice, and count the queries of the second time; `is_first`: nothing remembered."""
    assert browser.get(address).status_code == 200
    if is_first:
        forget_all()
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code == 200
    asked = [one["sql"] for one in caught.captured_queries]
    return sum(not sql.startswith(BOUNDS) for sql in asked)


def test_no_page_asks_more_when_there_is_more_to_show(
    world: World, enter: Callable[..., Client], cast: SimpleNamespace, reasons: SimpleNamespace
) -> None:
    by = cast.see("olga")
    counts: list[dict[str, int]] = []
    for numbers in (FEW, MANY):
        fill(world, numbers, by, reasons.dear)
        asked = {}
        for name, (who, address) in PAGES.items():
            there = _there(address, world)
            asked[name] = queries_of(enter(who), there)
        counts.append(asked)
    assert Deal.objects.filter(outcome="").count() > 100
    assert Inquiry.objects.count() > 50
    few, many = counts
    more = {name: (few[name], many[name]) for name in PAGES if few[name] != many[name]}
    assert more == {}


def test_no_page_asks_more_than_eight_times(
    world: World, enter: Callable[..., Client], cast: SimpleNamespace, reasons: SimpleNamespace
) -> None:
    fill(world, FEW, cast.see("olga"), reasons.dear)
    asked = {}
    for name, (who, address) in PAGES.items():
        there = _there(address, world)
        asked[name] = queries_of(enter(who), there, is_first=False)
    assert {name: n for name, n in asked.items() if n > MORE.get(name, MOST)} == {}
