"""The demonstration's regulation is alive: figures on every stage, soft demands, slips up."""

from datetime import UTC, datetime

import pytest

from voronka.config.seeding.demo import seed_demo
from voronka.control.models import Slip
from voronka.control.strangers import strangers
from voronka.deals.models import Deal, Demand, Stage
from voronka.deals.recorded_figures import recorded
from voronka.inquiries.strangers import not_customers
from voronka.journal.models import Fact
from voronka.people import settings
from voronka.people.viewers import SYSTEM


@pytest.mark.django_db
def test_stages_have_figures_and_demands_and_deals_have_values() -> None:
    seed_demo(now=datetime(2026, 11, 24, 12, tzinfo=UTC), scale=0.02)
    stages = list(Stage.objects.all())
    assert len(stages) == 10
    assert all(stage.indicator_name for stage in stages)
    assert {one.kind for one in Demand.objects.all()} == {"talk", "next_step", "indicator"}
    assert set(Demand.objects.values_list("level", flat=True)) == {"warn"}
    facts = Fact.objects.filter(kind="deal.indicator_recorded")
    late = facts.filter(body__is_late=True).count()
    assert 0.03 < late / facts.count() < 0.2
    last = {
        (one.deal_id or 0, one.body["stage_id"]): one.body for one in facts.order_by("at", "pk")
    }
    kept = {
        (deal.pk, stage): row
        for deal in Deal.objects.exclude(indicators=None)
        for stage, row in recorded(deal.indicators).items()
    }
    assert set(kept) == set(last)
    assert all(kept[key].value == body["value"] for key, body in last.items())
    assert all(kept[key].is_late == body["is_late"] for key, body in last.items())
    passed = Fact.objects.filter(kind="deal.demand_passed", body__demand_kind="indicator")
    assert all(one.body["reason"] for one in passed)
    up = Slip.objects.exclude(escalated_at=None)
    assert up.count() == Fact.objects.filter(kind="slip.escalated").count()


@pytest.mark.django_db
def test_some_talks_are_not_written_down_and_some_were_late() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    seed_demo(now=now, scale=0.02)
    known = settings.all_settings()
    found = strangers(viewer=SYSTEM, now=now, calendar=settings.calendar(known), settings=known)
    assert [one.due_at > now for one in found] == [True, True, False, False, False, False]
    slips = Slip.objects.filter(rule="unregistered")
    assert sorted(slips.filter(closed_at=None).values_list("subject", flat=True)) == sorted(
        one.case for one in found if one.due_at <= now
    )
    assert [mark.reason for mark in not_customers(viewer=SYSTEM)] == ["supplier"]
