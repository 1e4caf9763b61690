"""Slips open by themselves and close by evidence only."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.agenda.steps import finish_step, set_step
from voronka.clients.cards import change_client
from voronka.clients.models import Client
from voronka.control import accepting, queries, rules, watch
from voronka.control.models import Slip
from voronka.deals.models import Deal
from voronka.deals.stage_moves import lose_deal, win_deal
from voronka.inquiries.intake import NewInquiry, answer_inquiry, register_inquiry
from voronka.journal.models import Fact

HOUR = timedelta(hours=1)


def kinds() -> list[str]:
    return sorted(Slip.objects.filter(closed_at=None).values_list("rule", flat=True))


@pytest.fixture
def deal(make_deal: Callable[..., Deal], cast: SimpleNamespace) -> Deal:
    made = make_deal()
    Client.objects.update(completeness=100)
    return made


def test_a_deal_without_a_step_is_a_slip_at_once_and_a_step_closes_it(
    deal: Deal, cast: SimpleNamespace
) -> None:
    assert watch.catch_up(now=MONDAY).opened == 1
    slip = Slip.objects.get()
    assert (slip.rule, slip.manager_id, slip.money_kopecks) == (
        "no_step",
        cast.olga.pk,
        10_500_00,
    )
    by, later = cast.see("vera"), MONDAY + HOUR
    set_step(kind="call_back", title="", due_at=later + HOUR, deal_id=deal.pk, by=by, at=later)
    assert watch.catch_up(now=later).closed == 1
    slip.refresh_from_db()
    fact = Fact.objects.get(kind="step.set")
    assert (slip.how, slip.closing) == ("evidence", {"fact_id": fact.pk, "kind": "step.set"})
    closed = Fact.objects.get(kind="slip.closed")
    assert (closed.body["evidence_id"], closed.deal_id) == (fact.pk, deal.pk)
    assert watch.catch_up(now=later) == watch.Seen(0, 0)


def test_a_step_past_its_deadline_is_a_slip_until_done(
    deal: Deal, cast: SimpleNamespace
) -> None:
    by = cast.see("olga")
    step = set_step(
        kind="task", title="Смета", due_at=MONDAY + HOUR, deal_id=deal.pk, by=by, at=MONDAY
    )
    assert watch.look_at_all(now=MONDAY).opened == 0
    assert watch.look_at_all(now=MONDAY + 2 * HOUR).opened == 1
    assert kinds() == ["overdue"]
    finish_step(step_id=step.pk, outcome="готова", by=by, at=MONDAY + 3 * HOUR)
    watch.catch_up(now=MONDAY + 3 * HOUR)
    assert kinds() == ["no_step"]


def test_a_deal_stuck_beyond_the_norm_counts_working_time(
    deal: Deal, cast: SimpleNamespace
) -> None:
    by = cast.see("olga")
    far = MONDAY + timedelta(days=30)
    set_step(kind="task", title="Ждём", due_at=far, deal_id=deal.pk, by=by, at=MONDAY)
    assert watch.look_at_all(now=MONDAY + timedelta(hours=23)).opened == 0
    assert watch.look_at_all(now=MONDAY + timedelta(hours=25)).opened == 1
    assert Slip.objects.get(closed_at=None).evidence["norm"] == 9 * 3600


def test_an_inquiry_unanswered_past_its_norm_until_a_human_answers(
    cast: SimpleNamespace,
) -> None:
    by = cast.see("olga")
    new = NewInquiry(channel="form", name="Антон", phone="+7 900 000-39-20")
    inquiry = register_inquiry(new, by=by, at=MONDAY)
    assert watch.look_at_all(now=MONDAY + timedelta(minutes=29)).opened == 0
    assert watch.look_at_all(now=MONDAY + timedelta(minutes=31)).opened == 1
    at = MONDAY + timedelta(minutes=40)
    answer_inquiry(inquiry_id=inquiry.pk, by=by, at=at, talk_seconds=3)
    assert watch.catch_up(now=at).closed == 0
    answer_inquiry(inquiry_id=inquiry.pk, by=by, at=at, talk_seconds=30)
    assert watch.catch_up(now=at).closed == 1
    fact = Fact.objects.get(kind="inquiry.answered")
    assert fact.measure == 40 * 60


def test_a_thin_card_and_an_empty_reason(
    deal: Deal, cast: SimpleNamespace, reasons: SimpleNamespace
) -> None:
    by = cast.see("olga")
    change_client(client_id=deal.client_id, fields={"city": "Уфа"}, by=by, at=MONDAY)
    watch.catch_up(now=MONDAY)
    assert kinds() == ["no_step", "thin_card"]
    lose_deal(deal_id=deal.pk, reason_id=reasons.other.pk, by=by, at=MONDAY + HOUR)
    watch.catch_up(now=MONDAY + HOUR)
    assert kinds() == ["other_reason"]


def test_one_deal_counts_once_in_the_total(deal: Deal, cast: SimpleNamespace) -> None:
    by = cast.see("olga")
    set_step(kind="task", title="", due_at=MONDAY + HOUR, deal_id=deal.pk, by=by, at=MONDAY)
    watch.look_at_all(now=MONDAY + timedelta(days=3))
    assert kinds() == ["overdue", "stuck"]
    total = queries.risk_total(viewer=cast.see("vera"))
    assert total == queries.RiskTotal(12_000_00, 2, 1)
    assert queries.risk_total(viewer=cast.see("oleg")) == queries.RiskTotal(0, 0, 0)
    win_deal(deal_id=deal.pk, by=by, at=MONDAY + timedelta(days=3))
    watch.catch_up(now=MONDAY + timedelta(days=3))
    assert kinds() == []


def test_an_accepted_slip_rests_until_its_day_and_comes_back(
    deal: Deal, cast: SimpleNamespace
) -> None:
    watch.look_at_all(now=MONDAY)
    slip = Slip.objects.get()
    day = (MONDAY + timedelta(days=2)).date()
    with pytest.raises(Slip.DoesNotExist):
        accepting.accept_slip(
            slip_id=slip.pk,
            reason="other",
            known="x",
            check_on=day,
            by=cast.see("oleg"),
            at=MONDAY,
        )
    with pytest.raises(accepting.AcceptReasonMissingError):
        accepting.accept_slip(
            slip_id=slip.pk,
            reason="other",
            known=" ",
            check_on=day,
            by=cast.see("olga"),
            at=MONDAY,
        )
    accepting.accept_slip(
        slip_id=slip.pk,
        reason="client_asked_later",
        known="отпуск",
        check_on=day,
        by=cast.see("olga"),
        at=MONDAY,
    )
    assert watch.look_at_all(now=MONDAY + HOUR).opened == 0
    assert watch.look_at_all(now=MONDAY + timedelta(days=3)).opened == 2  # stuck by then, too


def test_the_measured_drop_takes_over_as_deals_gather() -> None:
    rule = rules.RULES["stuck"]
    assert rules.drop(rule, rules.Outcomes()) == rule.prior_drop
    many = rules.Outcomes(won_with=100, ended_with=1000, won_without=400, ended_without=1000)
    assert rules.drop(rule, many) == pytest.approx(0.7398, abs=0.001)
    harmless = rules.Outcomes(won_with=50, ended_with=100, won_without=40, ended_without=100)
    assert rules.drop(rule, harmless) == pytest.approx(0.0923, abs=0.001)
