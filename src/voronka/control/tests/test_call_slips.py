"""A call-back past due and a talk without a next step are slips; evidence alone closes them."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.steps import finish_step, set_step
from voronka.calls.call_backs import settle
from voronka.calls.models import Call, CallBack
from voronka.calls.outcomes import note_call
from voronka.calls.recording import NewCall, record_call
from voronka.clients.cards import NewClient, add_client
from voronka.control.escalating import escalate
from voronka.control.models import Slip
from voronka.control.queries import light_slips, risk_of, risk_total
from voronka.control.watch import catch_up, look_at_all
from voronka.deals.dealing import open_deal
from voronka.deals.models import Deal, Funnel
from voronka.inquiries.intake import NewInquiry, classify_inquiry, register_inquiry
from voronka.journal.models import Fact
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
PHONE = "+79120001122"


@pytest.fixture
def deal(cast: SimpleNamespace, funnel: Funnel) -> Deal:
    by, at = cast.see("olga"), MONDAY - timedelta(days=1)
    card = add_client(NewClient(name="Лютик", phones=(PHONE,)), by=by, at=at)
    return open_deal(client_id=card.pk, title="Окна", by=by, at=at, amount_kopecks=1_000_000_00)


def ring(minutes: float, **more: Any) -> Call:
    wanted: dict[str, Any] = {
        "direction": "in", "phone": PHONE, "manager_id": None, "is_answered": False,
        "wait_seconds": 20,
    } | more  # fmt: skip
    return record_call(NewCall(started_at=MONDAY + minutes * MINUTE, **wanted), by=SYSTEM)


def talk(minutes: float, **more: Any) -> Call:
    return ring(minutes, **{"direction": "out", "is_answered": True, "talk_seconds": 60} | more)


def slip(rule: str) -> Slip:
    return Slip.objects.filter(rule=rule).latest("pk")


def test_past_due_it_is_a_slip_with_its_price_and_a_talk_closes_it(
    cast: SimpleNamespace, deal: Deal
) -> None:
    missed = ring(0)
    look_at_all(now=MONDAY + 15 * MINUTE)
    assert not Slip.objects.filter(rule="missed_call").exists()
    look_at_all(now=MONDAY + 16 * MINUTE)
    found = slip("missed_call")
    assert (found.subject, found.manager_id, found.deal_id) == (
        f"call:{missed.pk}", cast.olga.pk, deal.pk,
    )  # fmt: skip
    # A million by the stage's 300 per mille, of which this takes 40 percent.
    assert found.money_kopecks == 120_000_00
    assert found.since == MONDAY + 15 * MINUTE + timedelta(seconds=20)
    assert not Slip.objects.filter(rule="overdue").exists()
    made = talk(30, manager_id=cast.oleg.pk)
    catch_up(now=MONDAY + 32 * MINUTE)
    found.refresh_from_db()
    fact = Fact.objects.get(case=f"call:{made.pk}", kind="call.ended")
    assert (found.how, found.closing["fact_id"]) == ("evidence", fact.pk)


def test_no_tick_closes_the_slip_and_a_taken_back_talk_opens_it_again(
    cast: SimpleNamespace, deal: Deal
) -> None:
    ring(0)
    look_at_all(now=MONDAY + 20 * MINUTE)
    step = CallBack.objects.get().step_id or 0
    finish_step(step_id=step, outcome="Звонил", by=cast.see("olga"), at=MONDAY + 21 * MINUTE)
    catch_up(now=MONDAY + 22 * MINUTE)
    assert slip("missed_call").closed_at is None
    made = talk(30)
    catch_up(now=MONDAY + 31 * MINUTE)
    assert slip("missed_call").closed_at is not None
    Call.objects.filter(pk=made.pk).update(removed_at=MONDAY + 40 * MINUTE)
    settle(now=MONDAY + 41 * MINUTE)
    catch_up(now=MONDAY + 41 * MINUTE)
    assert slip("missed_call").closed_at is None
    assert Slip.objects.filter(rule="missed_call").count() == 2


def test_it_goes_up_to_the_lead_at_once_and_later_to_the_head(
    cast: SimpleNamespace, deal: Deal
) -> None:
    ring(0)
    for minutes, to in ((16, cast.lev), (45, cast.lev), (50, cast.vera)):
        look_at_all(now=MONDAY + minutes * MINUTE)
        escalate(now=MONDAY + minutes * MINUTE)
        assert slip("missed_call").escalated_to_id == to.pk


def test_a_stranger_s_missed_call_and_its_inquiry_are_one_loss(
    cast: SimpleNamespace, make_deal: Any
) -> None:
    won = make_deal(amount=300_000_00)
    Deal.objects.filter(pk=won.pk).update(outcome="won", closed_at=MONDAY, next_step_at=MONDAY)
    made = register_inquiry(
        NewInquiry(channel="call", phone=PHONE, manager_id=cast.olga.pk), by=SYSTEM, at=MONDAY
    )
    ring(0)
    look_at_all(now=MONDAY + 40 * MINUTE)
    rows = Slip.objects.filter(inquiry_id=made.pk).order_by("rule")
    prices = dict(rows.values_list("rule", "money_kopecks"))
    assert prices == {"missed_call": 36_000_00, "unanswered": 45_000_00}
    by = cast.see("vera")
    light = [one for one in light_slips(viewer=by) if one.inquiry_id]
    assert risk_of(light).money_kopecks == 45_000_00
    whole = risk_of(light_slips(viewer=by))
    assert risk_total(viewer=by) == whole


def test_a_talk_without_a_next_step_is_a_slip_until_one_is_set(
    cast: SimpleNamespace, deal: Deal
) -> None:
    made = talk(0, manager_id=cast.olga.pk)
    talk(5, manager_id=cast.olga.pk)
    over = MONDAY + timedelta(seconds=80)
    look_at_all(now=over + 14 * MINUTE)
    assert not Slip.objects.filter(rule="no_outcome").exists()
    look_at_all(now=over + 15 * MINUTE)
    found = slip("no_outcome")
    assert (found.subject, found.manager_id, found.deal_id, found.since) == (
        f"call:{made.pk}", cast.olga.pk, deal.pk, over + 15 * MINUTE,
    )  # fmt: skip
    assert found.money_kopecks == 60_000_00
    look_at_all(now=over + 30 * MINUTE)
    assert Slip.objects.filter(rule="no_outcome").count() == 1
    set_step(
        kind="quote", title="", due_at=MONDAY + timedelta(days=1), deal_id=deal.pk,
        by=cast.see("olga"), at=MONDAY + 40 * MINUTE,
    )  # fmt: skip
    catch_up(now=MONDAY + 41 * MINUTE)
    found.refresh_from_db()
    assert (found.how, found.closing["kind"]) == ("evidence", "step.set")


def test_off_hours_and_short_talks_and_those_of_files_ask_for_nothing(
    cast: SimpleNamespace, deal: Deal
) -> None:
    talk(0, manager_id=cast.olga.pk, talk_seconds=9)
    loaded = talk(1, manager_id=cast.olga.pk)
    Call.objects.filter(pk=loaded.pk).update(batch_id=5)
    # Ends at six in the evening in Moscow: the quarter of an hour runs from nine.
    talk(6 * 60 - 1, manager_id=cast.olga.pk, talk_seconds=40)
    look_at_all(now=MONDAY + timedelta(hours=15))
    assert not Slip.objects.filter(rule="no_outcome").exists()
    look_at_all(now=MONDAY + timedelta(hours=21, minutes=15))
    assert Slip.objects.filter(rule="no_outcome").count() == 1


def test_a_new_inquiry_is_asked_about_until_it_is_found_to_be_none(
    cast: SimpleNamespace,
) -> None:
    made = register_inquiry(
        NewInquiry(channel="form", phone=PHONE, manager_id=cast.olga.pk), by=SYSTEM, at=MONDAY
    )
    talk(5, manager_id=cast.olga.pk)
    look_at_all(now=MONDAY + 25 * MINUTE)
    found = slip("no_outcome")
    assert (found.inquiry_id, found.deal_id) == (made.pk, None)
    classify_inquiry(
        inquiry_id=made.pk, state="not_targeted", reason="ошиблись", by=cast.see("olga"),
        at=MONDAY + 26 * MINUTE,
    )  # fmt: skip
    catch_up(now=MONDAY + 27 * MINUTE)
    found.refresh_from_db()
    assert found.closing["kind"] == "inquiry.classified"


def test_words_alone_close_it_only_where_a_step_lies_ahead(
    cast: SimpleNamespace, deal: Deal
) -> None:
    by = cast.see("olga")
    made = talk(0, manager_id=cast.olga.pk)
    said: dict[str, Any] = {"outcome": "thinks", "step_kind": "", "due_at": None, "by": by}
    note_call(call_id=made.pk, summary="Думает", at=MONDAY + 5 * MINUTE, **said)
    look_at_all(now=MONDAY + 30 * MINUTE)
    assert slip("no_outcome").closed_at is None
    set_step(
        kind="meeting", title="", due_at=MONDAY + timedelta(days=2), deal_id=deal.pk, by=by,
        at=MONDAY + 31 * MINUTE,
    )  # fmt: skip
    look_at_all(now=MONDAY + 32 * MINUTE)
    later = talk(60, manager_id=cast.olga.pk)
    look_at_all(now=MONDAY + 90 * MINUTE)
    assert slip("no_outcome").subject == f"call:{later.pk}"
    note_call(call_id=later.pk, summary="Ждёт встречу", at=MONDAY + 91 * MINUTE, **said)
    catch_up(now=MONDAY + 92 * MINUTE)
    assert slip("no_outcome").closing["kind"] == "call.summed_up"
