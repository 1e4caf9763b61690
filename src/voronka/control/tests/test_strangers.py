"""Whoever we talked to and did not write down is on the list, then a slip, until settled."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.calls.models import Call
from voronka.calls.recording import NewCall, record_call
from voronka.clients.cards import NewClient, add_client
from voronka.clients.models import Client
from voronka.control import watch
from voronka.control.accepting import accept_slip
from voronka.control.models import Slip
from voronka.control.strangers import strangers
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry, NotCustomer
from voronka.inquiries.registering import (
    NotCustomerReasonError,
    dismiss_stranger,
    register_stranger,
    return_stranger,
)
from voronka.inquiries.strangers import Stranger, not_customers, registered
from voronka.journal.models import Fact
from voronka.people import settings
from voronka.people.models import Person

HOUR = timedelta(hours=1)
# The working day ends at 18:00 in Moscow.
EVENING = MONDAY.replace(hour=15)
PHONE = "+79000006308"


@pytest.fixture
def talk(cast: SimpleNamespace) -> Callable[..., Call]:
    """Write down a talk of olga's, unless said, with a number that nobody knows."""

    def make(
        who: str = "olga", seconds: int = 60, at: datetime = MONDAY, phone: str = PHONE
    ) -> Call:
        new = NewCall(
            started_at=at, direction="in", phone=phone, manager_id=getattr(cast, who).pk,
            is_answered=True, wait_seconds=12, talk_seconds=seconds,
        )  # fmt: skip
        return record_call(new, by=cast.see(who))

    return make


def seen(cast: SimpleNamespace, who: str = "vera", now: datetime = EVENING) -> list[Stranger]:
    known = settings.all_settings()
    calendar = settings.calendar(known)
    return strangers(viewer=cast.see(who), now=now, calendar=calendar, settings=known)


def slips() -> list[tuple[str, str]]:
    found = Slip.objects.filter(rule="unregistered", closed_at=None)
    return list(found.values_list("subject", "manager__name").order_by("subject"))


def test_a_talk_with_an_unknown_number_is_due_by_the_days_end_then_a_slip(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    call = talk()
    talk(at=MONDAY + HOUR)
    one = seen(cast, now=MONDAY + 2 * HOUR)[0]
    assert (one.address, one.at, one.times, one.row_id) == (PHONE, MONDAY, 2, call.pk)
    assert (one.due_at, one.manager_id) == (EVENING, cast.olga.pk)
    watch.look_at_all(now=EVENING - timedelta(seconds=1))
    assert slips() == []
    watch.look_at_all(now=EVENING)
    assert slips() == [(f"stranger:{PHONE}", "Olga")]
    told = Slip.objects.get(rule="unregistered").evidence
    assert (told["proof"], told["talk"], told["times"]) == (f"call:{call.pk}", 60, 2)
    assert watch.look_at_all(now=EVENING + HOUR) == watch.Seen(0, 0)


@pytest.mark.parametrize(
    ("at", "due_at"),
    [
        (MONDAY.replace(hour=14, minute=58), EVENING + timedelta(days=1)),  # ends after hours
        (MONDAY.replace(hour=18), EVENING + timedelta(days=1)),
        (MONDAY + timedelta(days=4, hours=10), EVENING + timedelta(days=8)),  # Friday night
    ],
)
def test_a_talk_that_ends_after_hours_is_due_by_the_next_working_days_end(
    cast: SimpleNamespace, talk: Callable[..., Call], at: datetime, due_at: datetime
) -> None:
    talk(at=at, seconds=300)
    # Monday 9 March 2026 is a day off in Russia: 8 March is a Sunday.
    assert seen(cast, now=at + timedelta(days=10))[0].due_at == due_at


def test_short_talks_known_numbers_and_our_own_are_no_strangers(
    cast: SimpleNamespace, talk: Callable[..., Call], make_client: Callable[..., Client]
) -> None:
    talk(seconds=59)
    make_client(phones=["+79000000001"])
    talk(phone="+79000000001")
    by = cast.see("olga")
    register_inquiry(NewInquiry(channel="form", phone="+79000000002"), by=by, at=MONDAY)
    talk(phone="+79000000002")
    Person.objects.filter(pk=cast.oleg.pk).update(extension="+79000000003")
    talk(phone="+79000000003")
    Call.objects.create(
        started_at=MONDAY, direction="out", phone="105", is_answered=True, talk_seconds=600
    )
    removed = talk(phone="+79000000004")
    Call.objects.filter(pk=removed.pk).update(removed_at=MONDAY)
    talk(phone="+79000000005")
    assert [one.address for one in seen(cast)] == ["+79000000005"]


def test_everybody_sees_the_own_talks_only(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    talk()
    talk(who="oleg", phone="+79000000001")
    addresses = {
        who: [one.address for one in seen(cast, who)] for who in ("olga", "oleg", "lev")
    }
    assert addresses == {"olga": [PHONE], "oleg": ["+79000000001"], "lev": [PHONE]}
    assert len(seen(cast)) == 2


def test_one_click_makes_an_answered_inquiry_of_that_moment_and_closes_the_slip(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    talk()
    watch.look_at_all(now=EVENING)
    one, by, later = seen(cast)[0], cast.see("vera"), EVENING + HOUR
    made = register_stranger(one, by=by)
    assert register_stranger(one, by=by).pk == made.pk
    row = Inquiry.objects.get()
    assert (row.channel, row.phone, row.state) == ("call", PHONE, "new")
    assert (row.arrived_at, row.assigned_at, row.manager_id) == (MONDAY, MONDAY, cast.olga.pk)
    assert (row.answered_at, row.answer_seconds) == (MONDAY + timedelta(seconds=12), 12)
    kinds = ["inquiry.answered", "inquiry.assigned", "inquiry.registered"]
    facts = Fact.objects.filter(case=row.case)
    assert sorted(facts.values_list("kind", flat=True)) == kinds
    assert watch.catch_up(now=later).closed == 1
    slip, fact = Slip.objects.get(rule="unregistered"), facts.get(kind="inquiry.registered")
    assert (slip.how, slip.closing["fact_id"]) == ("evidence", fact.pk)
    assert seen(cast, now=later) == []
    assert registered(viewer=cast.see("olga"), address=PHONE) == row.pk
    assert registered(viewer=cast.see("oleg"), address=PHONE) is None


def test_what_a_leaver_talked_about_goes_to_whoever_writes_it_down(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    talk()
    Person.objects.filter(pk=cast.olga.pk).update(is_active=False)
    made = register_stranger(seen(cast)[0], by=cast.see("lev"))
    assert (made.manager_id, made.answer_seconds) == (cast.lev.pk, 12)


def test_a_card_with_the_number_closes_the_slip_too(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    talk()
    watch.look_at_all(now=EVENING)
    add_client(NewClient(name="Новый", phones=[PHONE]), by=cast.see("olga"), at=EVENING)
    assert watch.catch_up(now=EVENING + HOUR).closed == 1
    assert Slip.objects.get(rule="unregistered").closing["kind"] == "client.added"


def test_no_customer_is_remembered_for_the_number_and_can_be_taken_back(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    talk()
    watch.look_at_all(now=EVENING)
    one, by, later = seen(cast)[0], cast.see("olga"), EVENING + HOUR
    with pytest.raises(NotCustomerReasonError):
        dismiss_stranger(one, reason="lazy", by=by, at=later)
    with pytest.raises(PermissionError):
        dismiss_stranger(one, reason="spam", by=cast.see("audit"), at=later)
    assert not Fact.objects.filter(case=one.case, kind="stranger.dismissed").exists()
    for _ in range(2):
        mark = dismiss_stranger(one, reason="supplier", by=by, at=later)
    assert Fact.objects.filter(kind="stranger.dismissed").count() == 1
    watch.catch_up(now=later)
    assert (slips(), Slip.objects.get(rule="unregistered").closing["kind"]) == (
        [],
        "stranger.dismissed",
    )
    talk(at=MONDAY + timedelta(days=1))
    assert seen(cast, now=EVENING + timedelta(days=1)) == []
    rows = not_customers(viewer=cast.see("vera"))
    assert [(row.address, row.reason, row.by) for row in rows] == [(PHONE, "supplier", "Olga")]
    assert not_customers(viewer=cast.see("oleg")) == []
    with pytest.raises(NotCustomer.DoesNotExist):
        return_stranger(mark_id=mark.pk, by=cast.see("oleg"), at=later)
    return_stranger(mark_id=mark.pk, by=by, at=later)
    return_stranger(mark_id=mark.pk, by=by, at=later)
    assert Fact.objects.filter(kind="stranger.returned").count() == 1
    assert watch.look_at_all(now=later + timedelta(days=1)).opened == 1


def test_a_slip_outlives_the_days_we_look_back(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    talk()
    watch.look_at_all(now=EVENING)
    late = MONDAY + timedelta(days=40)
    talk(at=MONDAY - timedelta(days=30), phone="+79000000001")
    assert watch.look_at_all(now=late) == watch.Seen(0, 0)
    assert [one.address for one in seen(cast, now=late)] == [PHONE]


def test_an_accepted_slip_rests_until_its_day(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    talk()
    watch.look_at_all(now=EVENING)
    accept_slip(
        slip_id=Slip.objects.get(rule="unregistered").pk, reason="other", known="Сверим",
        check_on=(EVENING + timedelta(days=2)).date(), by=cast.see("olga"), at=EVENING,
    )  # fmt: skip
    assert (watch.look_at_all(now=EVENING + HOUR).opened, seen(cast)) == (0, [])
    assert watch.look_at_all(now=EVENING + timedelta(days=3)).opened == 1


def test_other_changes_do_not_look_for_strangers(
    cast: SimpleNamespace, talk: Callable[..., Call]
) -> None:
    talk()
    by = cast.see("olga")
    register_inquiry(NewInquiry(channel="form", phone="+79000000002"), by=by, at=EVENING)
    assert watch.catch_up(now=EVENING + timedelta(minutes=1)) == watch.Seen(0, 0)
    assert watch.look_at_all(now=EVENING + timedelta(minutes=1)).opened == 1
