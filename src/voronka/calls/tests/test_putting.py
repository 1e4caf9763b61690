"""What an exchange said becomes rows and facts, once, however often it is said."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.models import Call, CallLeg, InternalCall
from voronka.calls.rebuilding import keep_events, read_waiting
from voronka.clients.cards import NewClient, add_client
from voronka.deals.dealing import open_deal
from voronka.deals.models import Funnel
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people.models import Notice, Person
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
START = MONDAY.timestamp()
PHONE = "79120001122"


@pytest.fixture
def exchange(cast: SimpleNamespace) -> Exchange:
    Person.objects.filter(pk=cast.olga.pk).update(extension="101")
    Person.objects.filter(pk=cast.anna.pk).update(extension="102")
    new = NewExchange(kind="asterisk", name="Офис", options={"record": "sqlite:///x"})
    return add_exchange(new, by=SYSTEM, at=MONDAY)


ROWS: list[tuple[float, str, str, dict[str, Any]]] = [
    (0, "CHAN_START", "PJSIP/trunk-00000001", {"cidnum": PHONE, "exten": "74950000001"}),
    (1, "CHAN_START", "PJSIP/101-00000002", {}),
    (1, "CHAN_START", "PJSIP/102-00000003", {}),
    (4, "ANSWER", "PJSIP/102-00000003", {}),
    (4, "BRIDGE_ENTER", "PJSIP/102-00000003", {"extra": '{"bridge_id":"b"}'}),
    (4, "BRIDGE_ENTER", "PJSIP/trunk-00000001", {"extra": '{"bridge_id":"b"}'}),
    (4, "HANGUP", "PJSIP/101-00000002", {"extra": '{"hangupcause":26}'}),
    (64, "HANGUP", "PJSIP/trunk-00000001", {"extra": '{"hangupcause":16}'}),
    (64, "HANGUP", "PJSIP/102-00000003", {"extra": '{"hangupcause":16}'}),
    (64, "LINKEDID_END", "PJSIP/102-00000003", {}),
]


def events(exchange: Exchange, rows: list[Any] = ROWS, ref: str = "1.1") -> list[CallEvent]:
    found = []
    for n, (after, kind, channel, more) in enumerate(rows, 1):
        said = {
            "id": n, "eventtype": kind, "eventtime": f"{START + after:.6f}", "cidnum": "",
            "exten": "s", "channel": channel, "app": "", "uniqueid": channel[-8:],
            "linkedid": ref, "extra": "",
        } | more  # fmt: skip
        found.append(
            CallEvent(
                exchange=exchange, source="cel", source_key=f"{ref} {n}", at=MONDAY,
                call_ref=ref, body=json.dumps(said),
            )
        )  # fmt: skip
    return found


def hear(given: list[CallEvent]) -> None:
    keep_events(given)
    read_waiting(now=MONDAY + timedelta(minutes=5))


def test_a_call_is_one_row_with_its_telephones_and_its_facts(
    cast: SimpleNamespace, exchange: Exchange
) -> None:
    hear(events(exchange))
    call = Call.objects.get()
    assert (call.direction, call.phone, call.outcome, call.state) == (
        "in", "+79120001122", "answered", "ended",
    )  # fmt: skip
    assert (call.wait_seconds, call.talk_seconds, call.menu_seconds) == (3, 60, 1)
    assert (call.manager_id, call.is_answered, call.is_final) == (cast.anna.pk, True, True)
    legs = CallLeg.objects.order_by("seq").values_list("person", "outcome", "talk_seconds")
    assert list(legs) == [(cast.olga.pk, "not_first", 0), (cast.anna.pk, "talked", 60)]
    ended = Fact.objects.get(kind="call.ended")
    assert (ended.owner_id, ended.measure, ended.at) == (cast.anna.pk, 60, MONDAY)
    assert Fact.objects.get(kind="call.talked").owner_id == cast.anna.pk


def test_told_again_nothing_changes(exchange: Exchange) -> None:
    hear(events(exchange))
    n = Fact.objects.count()
    hear(events(exchange))
    CallEvent.objects.update(state="waiting")
    read_waiting(now=MONDAY)
    assert (Call.objects.count(), CallLeg.objects.count(), Fact.objects.count()) == (1, 2, n)


def test_piece_by_piece_in_any_order_is_as_at_once(exchange: Exchange) -> None:
    for one in reversed(events(exchange)):
        hear([one])
    call = Call.objects.get()
    assert (call.wait_seconds, call.talk_seconds, call.outcome) == (3, 60, "answered")
    assert Fact.objects.filter(kind="call.ended").count() == 1


def test_while_it_rings_those_who_are_rung_are_told_once(
    cast: SimpleNamespace, exchange: Exchange
) -> None:
    given = events(exchange)
    for upto in (2, 3, 3):
        keep_events(given[:upto])
        CallEvent.objects.update(state="waiting")
        read_waiting(now=MONDAY)
    assert sorted(Notice.objects.values_list("person", "kind")) == sorted(
        [(cast.olga.pk, "call.ringing"), (cast.anna.pk, "call.ringing")]
    )
    call = Call.objects.get()
    assert (call.state, call.is_final) == ("ringing", False)
    assert not Call.objects.visible_to(cast.see("vera")).exists()
    assert not Fact.objects.filter(kind="call.ended").exists()


def test_a_stranger_is_an_inquiry_at_once_and_answered_by_the_talk(
    cast: SimpleNamespace, exchange: Exchange
) -> None:
    hear(events(exchange)[:6])
    made = Inquiry.objects.get()
    assert (made.channel, made.phone, made.manager_id) == (
        "call", "+79120001122", cast.anna.pk,
    )  # fmt: skip
    assert (made.arrived_at, made.answered_at) == (MONDAY, None)
    hear(events(exchange))
    made.refresh_from_db()
    assert made.answered_at == MONDAY + timedelta(seconds=4)
    hear(events(exchange, ref="2.2"))
    assert Inquiry.objects.count() == 1


def test_a_call_belongs_to_the_deal_and_stage_of_its_moment(
    cast: SimpleNamespace, exchange: Exchange, funnel: Funnel
) -> None:
    olga = cast.see("olga")
    at = MONDAY - timedelta(days=1)
    card = add_client(NewClient(name="Лютик", phones=(PHONE,)), by=olga, at=at)
    deal = open_deal(client_id=card.pk, title="Окна", by=olga, at=at)
    hear(events(exchange))
    call = Call.objects.get()
    assert (call.client_id, call.deal_id, call.stage_id) == (card.pk, deal.pk, deal.stage_id)
    assert not Inquiry.objects.exists()


def test_more_told_after_the_end_is_a_correction_dated_today(exchange: Exchange) -> None:
    given = events(exchange)
    hear([*given[:4], *given[6:]])
    assert Call.objects.get().is_answered is False
    hear(given)
    call = Call.objects.get()
    assert (call.is_answered, call.talk_seconds) == (True, 60)
    fact = Fact.objects.get(kind="call.corrected")
    assert fact.measure == 60
    assert fact.body["changes"]["is_answered"] == [False, True]
    assert Fact.objects.filter(kind="call.ended").count() == 1


def test_between_our_own_people_is_counted_apart(exchange: Exchange) -> None:
    rows = [
        (0, "CHAN_START", "PJSIP/101-00000001", {"exten": "102"}),
        (1, "CHAN_START", "PJSIP/102-00000002", {}),
        (9, "HANGUP", "PJSIP/102-00000002", {}), (9, "HANGUP", "PJSIP/101-00000001", {}),
        (9, "LINKEDID_END", "PJSIP/101-00000001", {}),
    ]  # fmt: skip
    hear(events(exchange, rows))
    assert (Call.objects.count(), InternalCall.objects.count()) == (0, 1)
    assert not Fact.objects.filter(kind__startswith="call.").exists()


def test_what_nobody_can_read_is_kept_for_a_person_and_holds_up_nothing(
    exchange: Exchange,
) -> None:
    torn = CallEvent(
        exchange=exchange, source="cel", source_key="t", at=datetime.now(UTC), call_ref="1.1",
        body="{torn",
    )  # fmt: skip
    hear([torn, *events(exchange)])
    assert Call.objects.get().outcome == "answered"
    assert CallEvent.objects.get(state="unread").problem == "torn"
    assert not CallEvent.objects.filter(state="waiting").exists()
