"""The first human reply, waiting in working time, states, and the way to a deal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.deals.models import Deal, Funnel
from voronka.foundation.errors import RefusalError
from voronka.inquiries import queries
from voronka.inquiries.intake import (
    NewInquiry,
    answer_inquiry,
    assign_inquiry,
    classify_inquiry,
    deal_from_inquiry,
    register_inquiry,
)
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people.viewers import SYSTEM

# 17:50 in Moscow on the Friday before a long weekend: Monday 9 March is a day off.
FRIDAY = datetime(2026, 3, 6, 14, 50, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 10, 6, 20, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Arrive = Callable[..., Inquiry]


@pytest.fixture
def arrive(cast: SimpleNamespace) -> Arrive:
    def made(at: datetime = MONDAY, **more: Any) -> Inquiry:
        wanted = {"channel": "form", "name": "Иван", "phone": "89120001122"} | more
        return register_inquiry(NewInquiry(**wanted), by=SYSTEM, at=at)

    return made


def test_nights_and_days_off_are_not_waited(cast: SimpleNamespace, arrive: Arrive) -> None:
    one, by = arrive(FRIDAY, manager_id=cast.olga.pk), cast.see("olga")
    assign_inquiry(inquiry_id=one.pk, to_id=cast.lev.pk, by=by, at=TUESDAY - 5 * MINUTE)
    done = answer_inquiry(inquiry_id=one.pk, by=cast.see("lev"), at=TUESDAY, channel="call")
    # Ten minutes on Friday and twenty on Tuesday; lev had it for five of them.
    assert (done.answer_seconds, done.answered_at) == (30 * 60, TUESDAY)
    fact = Fact.objects.get(kind="inquiry.answered")
    assert fact.measure == fact.body["working_seconds"] == 30 * 60
    assert fact.body["person_seconds"] == 5 * 60
    assert fact.body["calendar_seconds"] == (TUESDAY - FRIDAY).total_seconds()
    assert (fact.body["channel"], fact.owner_id) == ("call", cast.lev.pk)


def test_only_the_first_reply_counts(cast: SimpleNamespace, arrive: Arrive) -> None:
    one, by = arrive(manager_id=cast.olga.pk), cast.see("olga")
    for n in (1, 2):
        answer_inquiry(inquiry_id=one.pk, by=by, at=MONDAY + n * HOUR)
    one.refresh_from_db()
    assert (one.answered_at, one.answer_seconds) == (MONDAY + HOUR, 3600)
    assert Fact.objects.filter(kind="inquiry.answered").count() == 1


def test_a_call_below_the_norm_is_no_reply(cast: SimpleNamespace, arrive: Arrive) -> None:
    one, by = arrive(manager_id=cast.olga.pk), cast.see("olga")
    answers = [
        answer_inquiry(inquiry_id=one.pk, by=by, at=MONDAY + MINUTE, talk_seconds=seconds)
        for seconds in (0, 9, 10)
    ]
    assert [bool(answer.answered_at) for answer in answers] == [False, False, True]
    assert Fact.objects.filter(kind="inquiry.answered").count() == 1


def test_whoever_answers_what_nobody_has_takes_it(
    cast: SimpleNamespace, arrive: Arrive
) -> None:
    one = arrive()
    answer_inquiry(inquiry_id=one.pk, by=cast.see("oleg"), at=MONDAY + MINUTE)
    one.refresh_from_db()
    assert (one.manager_id, one.assigned_at) == (cast.oleg.pk, MONDAY + MINUTE)
    with pytest.raises(Inquiry.DoesNotExist):
        answer_inquiry(inquiry_id=one.pk, by=cast.see("olga"), at=MONDAY + HOUR)


def test_who_sees_and_who_changes(cast: SimpleNamespace, arrive: Arrive) -> None:
    arrive(manager_id=cast.olga.pk)
    free = arrive()
    counts = {
        who: queries.waiting_count(viewer=cast.see(who))
        for who in ("vera", "lev", "olga", "oleg", "audit")
    }
    assert counts == {"vera": 2, "lev": 2, "olga": 2, "oleg": 1, "audit": 2}
    by, pk = cast.see("audit"), free.pk
    acts: list[Callable[[], Any]] = [
        lambda: answer_inquiry(inquiry_id=pk, by=by, at=MONDAY),
        lambda: assign_inquiry(inquiry_id=pk, to_id=cast.olga.pk, by=by, at=MONDAY),
        lambda: classify_inquiry(inquiry_id=pk, state="spam", reason="а", by=by, at=MONDAY),
    ]
    for act in acts:
        with pytest.raises(Inquiry.DoesNotExist):
            act()


def test_whoever_turned_to_us_waits_until_answered_or_dropped(
    cast: SimpleNamespace, arrive: Arrive
) -> None:
    by = cast.see("vera")
    answered, spam, targeted, past = arrive(), arrive(), arrive(), arrive()
    answer_inquiry(inquiry_id=answered.pk, by=by, at=MONDAY)
    for one, state in ((spam, "spam"), (targeted, "targeted")):
        classify_inquiry(inquiry_id=one.pk, state=state, reason="так", by=by, at=MONDAY)
    Inquiry.objects.filter(pk=past.pk).update(is_reply_known=False)
    waiting = queries.queue(viewer=by, state="waiting")
    assert [row.id for row in waiting] == [targeted.pk]
    assert [row.is_waiting for row in queries.queue(viewer=by)] == [False, True, False, False]


def test_a_state_needs_a_reason_unless_targeted(cast: SimpleNamespace, arrive: Arrive) -> None:
    one, by = arrive(), cast.see("vera")
    facts = Fact.objects.count()

    def classify(state: str, reason: str = "") -> Inquiry:
        return classify_inquiry(inquiry_id=one.pk, state=state, reason=reason, by=by, at=MONDAY)

    wanted = {
        "spam": "state_reason_missing", "duplicate": "state_reason_missing",
        "not_targeted": "state_reason_missing", "new": "bad_inquiry", "other": "bad_inquiry",
    }  # fmt: skip
    for state, code in wanted.items():
        with pytest.raises(RefusalError) as caught:
            classify(state, " ")
        assert caught.value.code == code
    assert Fact.objects.count() == facts
    classify("targeted")
    classify("targeted")
    classify("not_targeted", "ищет работу")
    said = Fact.objects.filter(kind="inquiry.classified").order_by("pk")
    assert [(f.body["was"], f.body["state"], f.body["reason"]) for f in said] == [
        ("new", "targeted", ""), ("targeted", "not_targeted", "ищет работу"),
    ]  # fmt: skip


def test_a_targeted_inquiry_becomes_one_deal_with_a_card(
    cast: SimpleNamespace, funnel: Funnel, arrive: Arrive
) -> None:
    one, by = arrive(manager_id=cast.olga.pk, source="Сайт"), cast.see("olga")
    deals = [
        deal_from_inquiry(inquiry_id=one.pk, title="Стулья", by=by, at=MONDAY) for _ in range(2)
    ]
    one.refresh_from_db()
    assert deals[0].pk == deals[1].pk == one.deal_id == Deal.objects.get().pk
    assert (one.state, deals[0].manager_id, str(deals[0].source and deals[0].source.name)) == (
        "targeted", cast.olga.pk, "Сайт",
    )  # fmt: skip
    client = deals[0].client
    phones = list(client.phones.values_list("e164", flat=True))
    assert (client.name, client.kind, phones) == ("Иван", "person", ["+79120001122"])
    assert (
        register_inquiry(
            NewInquiry(channel="call", phone="+79120001122"), by=SYSTEM, at=MONDAY
        ).deal_id
        == one.deal_id
    )
