"""Who rang in vain is to be called back; only a real talk ends that, whoever rang."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.agenda.steps import finish_step
from voronka.calls.call_backs import recount, settle
from voronka.calls.exchange_models import Exchange
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.models import Call, CallBack
from voronka.calls.putting import put_call
from voronka.calls.records import CallRecord, LegRecord
from voronka.clients.cards import NewClient, add_client
from voronka.deals.dealing import open_deal
from voronka.deals.models import Deal, Funnel
from voronka.inquiries.models import Inquiry, NotCustomer
from voronka.journal.models import Fact
from voronka.people.absences import put_absence
from voronka.people.models import Notice, Person
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
PHONE = "+79120001122"
Ring = Callable[..., Call | None]


@pytest.fixture
def ring(cast: SimpleNamespace) -> Ring:
    """Put a call that began so many minutes after Monday noon; 101 is Olga's, 102 Oleg's."""
    Person.objects.filter(pk=cast.olga.pk).update(extension="101")
    Person.objects.filter(pk=cast.oleg.pk).update(extension="102")
    new = NewExchange(kind="asterisk", name="Офис", options={"record": "sqlite:///x"})
    exchange = add_exchange(new, by=SYSTEM, at=MONDAY)
    refs = iter(range(1, 100))

    def put(minutes: float = 0, **more: Any) -> Call | None:
        return put_record(exchange, minutes, more, more.pop("ref", f"r{next(refs)}"))

    return put


def put_record(
    exchange: Exchange, minutes: float, more: dict[str, Any], ref: str
) -> Call | None:
    start: datetime = more.pop("at", MONDAY) + minutes * MINUTE
    talk, rang, way = more.pop("talk", 0), more.pop("rang", ("101",)), more.pop("way", "in")
    wait, begin = more.pop("wait", 20), start.timestamp()
    up, end = begin + wait, begin + wait + talk
    legs = tuple(
        LegRecord(
            ref=f"{ref}-{one}", extension=one, began_at=begin, ended_at=end,
            answered_at=up if talk and one == rang[0] else None,
            spans=((up, end),) if talk and one == rang[0] else (),
            outcome="talked" if talk and one == rang[0] else "missed",
        )
        for one in rang
    )  # fmt: skip
    record = CallRecord(
        direction=way, client=more.pop("phone", PHONE), line="74950000001", started_at=begin,
        ended_at=end, state="ended",
        outcome=more.pop("outcome", "answered" if talk else "missed"),
        answered_by=rang[0] if rang and (talk or way == "out") else "", rang=rang,
        answered_at=up if talk else None, talk_seconds=talk, wait_seconds=wait, legs=legs,
        is_closed=True, **more,
    )  # fmt: skip
    now = datetime.fromtimestamp(end, UTC)
    return put_call(exchange, ref, record, is_final=True, now=now).call


@pytest.fixture
def deal(cast: SimpleNamespace, funnel: Funnel) -> Deal:
    by, at = cast.see("olga"), MONDAY - timedelta(days=1)
    card = add_client(NewClient(name="Лютик", phones=(PHONE,)), by=by, at=at)
    return open_deal(client_id=card.pk, title="Окна", by=by, at=at)


def test_a_missed_call_is_a_step_with_its_deadline_at_once(
    cast: SimpleNamespace, ring: Ring, deal: Deal
) -> None:
    ring(rang=("101", "102"))
    row = CallBack.objects.get()
    hung_up = MONDAY + timedelta(seconds=20)
    assert (row.phone, row.times, row.first_missed_at) == (PHONE, 1, hung_up)
    assert (row.owner_id, row.deal_id, row.due_at) == (
        cast.olga.pk, deal.pk, hung_up + 15 * MINUTE,
    )  # fmt: skip
    step = Step.objects.get()
    assert (step.kind, step.person_id, step.deal_id, step.due_at) == (
        "call_back", cast.olga.pk, deal.pk, row.due_at,
    )  # fmt: skip
    assert step.pk == row.step_id
    deal.refresh_from_db()
    assert deal.next_step_at == row.due_at
    fact = Fact.objects.get(kind="call_back.due")
    assert (fact.owner_id, fact.deal_id, fact.at) == (cast.olga.pk, deal.pk, hung_up)
    notice = Notice.objects.get(kind="call_back")
    assert (notice.person_id, notice.about["who"]) == (cast.olga.pk, "Лютик")


@pytest.mark.parametrize(
    ("rings_at", "due"),
    [
        # Moscow, 9 to 18. Monday night, Friday 17:50, Saturday, and Friday before a long
        # weekend: Monday the 9th is off.
        (datetime(2026, 3, 2, 20, 0, tzinfo=UTC), datetime(2026, 3, 3, 6, 15, tzinfo=UTC)),
        (datetime(2026, 2, 27, 14, 50, tzinfo=UTC), datetime(2026, 3, 2, 6, 5, tzinfo=UTC)),
        (datetime(2026, 2, 28, 10, 0, tzinfo=UTC), datetime(2026, 3, 2, 6, 15, tzinfo=UTC)),
        (datetime(2026, 3, 6, 15, 0, tzinfo=UTC), datetime(2026, 3, 10, 6, 15, tzinfo=UTC)),
        (datetime(2026, 3, 3, 3, 0, tzinfo=UTC), datetime(2026, 3, 3, 6, 15, tzinfo=UTC)),
    ],
)
def test_what_is_missed_off_hours_is_due_soon_after_opening(
    ring: Ring, rings_at: datetime, due: datetime
) -> None:
    ring(at=rings_at - timedelta(seconds=20))
    assert CallBack.objects.get().due_at == due


def test_a_second_missed_call_adds_to_the_first_and_moves_no_deadline(
    ring: Ring, deal: Deal
) -> None:
    ring(0)
    ring(9, wait=30)
    row = CallBack.objects.get()
    assert row.times == 2
    assert row.last_missed_at == MONDAY + 9 * MINUTE + timedelta(seconds=30)
    assert row.due_at == MONDAY + 15 * MINUTE + timedelta(seconds=20)
    assert (Step.objects.count(), Fact.objects.filter(kind="call_back.due").count()) == (1, 1)
    assert Notice.objects.filter(kind="call_back").count() == 1


@pytest.mark.parametrize(
    ("talk", "how"),
    [
        ({"way": "out", "rang": ("101",)}, "we"),
        ({"way": "out", "rang": ("102",)}, "other"),
        ({"way": "in", "rang": ("101",)}, "they"),
        ({"way": "in", "rang": ("102",)}, "they"),
    ],
)
def test_a_real_talk_with_the_number_closes_it_whoever_rings(
    cast: SimpleNamespace, ring: Ring, deal: Deal, talk: dict[str, Any], how: str
) -> None:
    ring(0)
    made = ring(10, talk=10, wait=5, **talk)
    row = CallBack.objects.get()
    assert (row.how, row.closed_by) == (how, made)
    assert row.closed_at == MONDAY + 10 * MINUTE + timedelta(seconds=5)
    assert row.wait_seconds == 10 * 60 - 15
    assert Step.objects.get().done_at == row.closed_at
    fact = Fact.objects.get(kind="call_back.closed")
    assert (fact.measure, fact.owner_id, fact.body["how"], fact.body["is_late"]) == (
        585, cast.olga.pk, how, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        {"way": "out", "talk": 9},
        {"way": "in", "talk": 9},
        {"way": "out", "outcome": "no_answer"},
        {"way": "out", "outcome": "busy"},
        {"way": "out", "talk": 60, "phone": "+79120001123"},
    ],
)
def test_a_short_talk_an_attempt_and_another_number_close_nothing(
    ring: Ring, deal: Deal, call: dict[str, Any]
) -> None:
    ring(0)
    ring(5, **call)
    row = CallBack.objects.get(phone=PHONE)
    assert (row.closed_at, row.times) == (None, 1)
    assert Step.objects.get().done_at is None


def test_ticking_the_step_off_closes_no_call_back(
    cast: SimpleNamespace, ring: Ring, deal: Deal
) -> None:
    ring(0)
    step = Step.objects.get()
    finish_step(step_id=step.pk, outcome="Звонил", by=cast.see("olga"), at=MONDAY + MINUTE)
    assert CallBack.objects.open().count() == 1
    ring(20, way="out", talk=30)
    assert CallBack.objects.get().how == "we"
    step.refresh_from_db()
    assert (step.outcome, step.done_at) == ("Звонил", MONDAY + MINUTE)


def test_after_a_talk_the_next_missed_call_is_a_new_one(ring: Ring, deal: Deal) -> None:
    ring(0)
    ring(5, way="out", talk=60)
    ring(30)
    rows = list(CallBack.objects.order_by("pk").values_list("how", "times"))
    assert rows == [("we", 1), ("", 1)]


def test_who_talks_already_or_just_before_is_not_closed_by_that_talk(
    ring: Ring, deal: Deal
) -> None:
    ring(-5, way="in", talk=600)
    ring(0)
    assert CallBack.objects.get().closed_at is None


@pytest.mark.parametrize(
    ("call", "is_due"),
    [
        ({"wait": 4}, False),
        ({"wait": 5}, True),
        ({"wait": 1, "outcome": "busy"}, True),
        ({"wait": 1, "outcome": "lost"}, True),
        ({"wait": 40, "rang": ()}, False),
        ({"wait": 40, "rang": (), "outcome": "lost"}, True),
        ({"way": "out", "outcome": "no_answer"}, False),
        ({"client": "anonymous", "phone": ""}, False),
        ({"phone": "+79990000001"}, False),
        ({"phone": "+79990000002"}, False),
    ],
)
def test_what_is_missed_and_what_is_not(
    cast: SimpleNamespace, ring: Ring, call: dict[str, Any], is_due: bool
) -> None:
    """A given-up call, the voice menu alone, our own calls, a hidden number, a colleague's
    mobile and a supplier are not.
    """
    call.pop("client", None)
    Person.objects.filter(pk=cast.oleg.pk).update(extension="89990000001")
    NotCustomer.objects.create(
        channel="call", address="+79990000002", reason="supplier", at=MONDAY
    )
    ring(0, **call)
    assert CallBack.objects.exists() is is_due


def test_the_voice_menu_counts_where_the_firm_says_so(
    cast: SimpleNamespace, ring: Ring
) -> None:
    change_setting(name="call_back_in_menu", value=True, by=SYSTEM, at=MONDAY)
    ring(0, rang=(), wait=40)
    assert CallBack.objects.get().times == 1
    assert Fact.objects.get(kind="call.ended").body["is_menu_only"] is True


def test_a_stranger_s_call_back_stands_with_the_inquiry_and_goes_to_who_was_rung_alone(
    cast: SimpleNamespace, ring: Ring
) -> None:
    ring(0, rang=("102",))
    row, inquiry = CallBack.objects.get(), Inquiry.objects.get()
    assert (row.inquiry_id, row.owner_id, row.step_id) == (inquiry.pk, cast.oleg.pk, None)
    ring(60 * 24, rang=("101", "102"), phone="+79120001133")
    # Nobody is responsible and two were rung: the head.
    assert CallBack.objects.get(phone="+79120001133").owner_id == cast.vera.pk


def test_who_is_away_gives_way_to_who_stands_in_and_a_leaver_to_the_next(
    cast: SimpleNamespace, ring: Ring, deal: Deal
) -> None:
    # It rings on Friday night: whoever is away from Monday will not ring back.
    friday = datetime(2026, 2, 27, 16, 0, tzinfo=UTC)
    put_absence(
        person_id=cast.olga.pk, kind="vacation", first_on=date(2026, 3, 2),
        last_on=date(2026, 3, 10), stands_in_id=cast.oleg.pk, by=cast.see("vera"), at=friday,
    )  # fmt: skip
    Deal.objects.update(created_at=friday - timedelta(days=9))
    ring(at=friday)
    assert CallBack.objects.get().owner_id == cast.oleg.pk
    Person.objects.filter(pk=cast.oleg.pk).update(is_active=False)
    ring(at=friday, phone="+79120001144", rang=("102",))
    assert CallBack.objects.get(phone="+79120001144").owner_id == cast.vera.pk


def test_told_again_nothing_changes_and_a_late_talk_withdraws_it(
    ring: Ring, deal: Deal
) -> None:
    ring(0, ref="a")
    n = Fact.objects.count()
    ring(0, ref="a")
    assert (CallBack.objects.count(), Fact.objects.count()) == (1, n)
    ring(0, ref="a", talk=60)
    row = CallBack.objects.get()
    assert (row.how, Step.objects.get().cancelled_at is None) == ("withdrawn", False)
    fact = Fact.objects.get(kind="call_back.closed")
    assert (fact.body["how"], fact.measure) == ("withdrawn", 0)
    ring(0, ref="a", talk=0)
    assert CallBack.objects.get().closed_at is None
    assert Step.objects.open().count() == 1


def test_events_in_another_order_give_the_same(ring: Ring, deal: Deal) -> None:
    ring(10, way="out", talk=60)
    ring(4)
    ring(0)
    row = CallBack.objects.exclude(how="withdrawn").get()
    assert (row.times, row.how) == (2, "we")
    assert row.first_missed_at == MONDAY + timedelta(seconds=20)
    assert not Step.objects.open().exists()


def test_if_the_talk_is_taken_back_it_is_due_as_before(ring: Ring, deal: Deal) -> None:
    ring(0)
    talk = ring(10, way="out", talk=60)
    assert talk is not None
    Call.objects.filter(pk=talk.pk).update(removed_at=MONDAY + timedelta(hours=1))
    later = MONDAY + timedelta(hours=2)
    assert (settle(now=later), settle(now=later)) == (1, 0)
    row = CallBack.objects.get()
    assert (row.closed_at, row.how, row.due_at) == (
        None, "", MONDAY + 15 * MINUTE + timedelta(seconds=20),
    )  # fmt: skip
    assert Step.objects.open().get().due_at == row.due_at
    assert Fact.objects.filter(kind="call_back.reopened").count() == 1


def test_a_talk_that_came_with_a_file_closes_it(ring: Ring, deal: Deal) -> None:
    ring(0)
    Call.objects.create(
        started_at=MONDAY + 20 * MINUTE, direction="out", phone=PHONE, is_answered=True,
        talk_seconds=90, manager_id=deal.manager_id,
    )  # fmt: skip
    assert settle(now=MONDAY + timedelta(hours=1)) == 1
    assert CallBack.objects.get().how == "we"


def test_what_was_missed_long_ago_is_history(ring: Ring, deal: Deal) -> None:
    call = ring(0)
    assert call is not None
    CallBack.objects.all().delete()
    told = Fact.objects.count()
    recount(PHONE, around=call.started_at, now=MONDAY + timedelta(days=8))
    row = CallBack.objects.get()
    assert (row.is_past, row.step, row.closed_at) == (True, None, None)
    assert not CallBack.objects.open().exists()
    assert Fact.objects.count() == told
