"""Habits, waiting money and wanted demands of a small department counted by hand."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.steps import finish_step, set_step
from voronka.clients.cards import change_client
from voronka.clients.people_at_client import put_contact
from voronka.deals.dealing import change_deal, hand_over_deal
from voronka.deals.models import Deal, Funnel, Stage
from voronka.deals.stage_moves import (
    clarify_refusal,
    lose_deal,
    move_deal,
    reopen_deal,
    win_deal,
)
from voronka.discovery.journal_insight import told_by_journal
from voronka.journal.models import Batch
from voronka.people import settings
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MakeDeal = Callable[..., Deal]
Walk = Callable[..., Deal]


@pytest.fixture
def walk(cast: SimpleNamespace, make_deal: MakeDeal) -> Walk:
    """A deal led through these places, an hour each, then won, lost or left open."""

    def go(*places: int, who: str = "olga", won: bool = True, **more: Any) -> Deal:
        deal, at = make_deal(who, **more), MONDAY
        for place in places:
            at += HOUR
            stage = Stage.objects.get(place=place)
            move_deal(deal_id=deal.pk, to_stage_id=stage.pk, by=cast.see(who), at=at)
        if won:
            win_deal(deal_id=deal.pk, by=cast.see(who), at=at + HOUR)
        return deal

    return go


def told(funnel: Funnel, at: datetime = MONDAY + 30 * DAY) -> dict[str, Any]:
    calendar = settings.calendar(settings.all_settings())
    return told_by_journal(viewer=SYSTEM, funnel_id=funnel.pk, calendar=calendar, at=at)


def test_each_one_s_skips_and_returns_with_the_deals(
    cast: SimpleNamespace, funnel: Funnel, walk: Walk
) -> None:
    skipped = [walk(3).pk for _ in range(6)]
    for _ in range(6):
        walk(2, 3)
    for _ in range(25):
        walk(2, 3, who="oleg")
    back = walk(2, 3, 2, 3, who="oleg")
    habits = told(funnel)["habits"]
    oleg, olga = habits["people"]
    assert (oleg["person"], oleg["n"], oleg["skips"], oleg["backs"], oleg["loops"]) == (
        str(cast.oleg.pk), 26, 0, 1, 1,
    )  # fmt: skip
    assert oleg["deals"] == {"backs": [back.pk], "loops": [back.pk]}
    assert (olga["n"], olga["skips"], olga["flags"]) == (12, 6, ["skips"])
    assert olga["deals"]["skips"] == sorted(skipped, reverse=True)
    assert habits["all"]["skips"]["n"] == 6


def test_a_deal_reopened_where_it_stood_skips_nothing_and_its_win_is_undone(
    cast: SimpleNamespace, funnel: Funnel, walk: Walk
) -> None:
    by = cast.see("olga")
    for _ in range(40):
        deal = walk(2, 3)
        reopen_deal(deal_id=deal.pk, by=by, at=MONDAY + DAY)
    found = told(funnel)
    assert found["habits"]["cases"] == 80
    assert found["habits"]["all"]["skips"]["n"] == 0
    assert found["wants"] == []


def test_a_deal_is_led_by_who_owned_it_in_most_of_what_happened(
    cast: SimpleNamespace, funnel: Funnel, walk: Walk
) -> None:
    deal = walk(won=False)
    hand_over_deal(deal_id=deal.pk, to_id=cast.oleg.pk, by=cast.see("vera"), at=MONDAY + HOUR)
    for n, place in enumerate((2, 3, 2), start=2):
        stage, at = Stage.objects.get(place=place), MONDAY + n * HOUR
        move_deal(deal_id=deal.pk, to_stage_id=stage.pk, by=cast.see("oleg"), at=at)
    (line,) = told(funnel)["habits"]["people"]
    assert (line["person"], line["backs"], line["is_few"]) == (str(cast.oleg.pk), 1, True)


def test_stages_stand_by_the_money_that_waits_beyond_the_norm(
    cast: SimpleNamespace, funnel: Funnel, walk: Walk, reasons: SimpleNamespace
) -> None:
    for _ in range(31):
        walk(2, 3)
    first, second, third = Stage.objects.order_by("place")
    dear = walk(2, won=False, amount=900_000_00)
    walk(won=False, amount=100_000_00)
    lost = walk(2, won=False, amount=70_000_00)
    by = cast.see("olga")
    lose_deal(deal_id=lost.pk, reason_id=reasons.other.pk, by=by, at=MONDAY + DAY)
    again = {"reason_id": reasons.dear.pk, "detail": "", "by": by, "at": MONDAY + DAY}
    clarify_refusal(deal_id=lost.pk, **again)
    # Monday noon to Thursday noon in Moscow: 27 working hours, 26 since the move.
    lines = told(funnel, at=MONDAY + 3 * DAY)["bottlenecks"]
    assert [one["stage_id"] for one in lines] == [second.pk, first.pk, third.pk]
    two, one, _ = lines
    assert (two["standing"], two["over"], two["deals"]) == (1, 1, [dear.pk])
    assert (two["over_hours"], two["norm_hours"], two["median_hours"]) == (8, 18, 1)
    assert two["kopeck_hours"] == 8 * 900_000_00
    assert (two["money_kopecks"], two["weighted_kopecks"]) == (900_000_00, 270_000_00)
    assert (one["kopeck_hours"], one["over_hours"]) == (18 * 100_000_00, 18)
    assert (two["lost"], two["lost_kopecks"]) == (1, 70_000_00)
    assert two["reasons"] == [{"group": "Цена", "reason": "Дорого", "n": 1}]


def test_without_norm_and_under_thirty_nothing_is_called_late(
    funnel: Funnel, walk: Walk
) -> None:
    Stage.objects.update(norm_seconds=None)
    for _ in range(29):
        walk(2, 3)
    walk(won=False)
    lines = told(funnel)["bottlenecks"]
    assert {(one["n"], one["p80_hours"], one["over"]) for one in lines} == {(29, None, 0)}


def prepare(cast: SimpleNamespace, deal: Deal, n: int) -> None:
    """Fill a closing day, meet somebody on the first stage; a note and who decides later."""
    by, stages = cast.see("olga"), list(Stage.objects.order_by("place"))
    fields = {"expected_close_on": date(2026, 4, 1) + n * DAY}
    change_deal(deal_id=deal.pk, fields=fields, by=by, at=MONDAY + HOUR / 4)
    due = {"due_at": MONDAY + HOUR, "by": by, "at": MONDAY + HOUR / 4}
    step = set_step(kind="meeting", title="Показ", deal_id=deal.pk, **due)
    finish_step(step_id=step.pk, outcome="", by=by, at=MONDAY + HOUR / 2)
    person: dict[str, Any] = {
        "client_id": deal.client_id, "name": f"Лицо {n}", "post": "", "phones": [],
        "mails": [], "by": by,
    }  # fmt: skip
    put_contact(contact_id=None, decides="", at=MONDAY + HOUR / 2, **person)
    move_deal(deal_id=deal.pk, to_stage_id=stages[1].pk, by=by, at=MONDAY + HOUR)
    contact = deal.client.contacts.get()
    put_contact(contact_id=contact.pk, decides="yes", at=MONDAY + 2 * HOUR, **person)
    change_deal(deal_id=deal.pk, fields={"note": f"Заметка {n}"}, by=by, at=MONDAY + 2 * HOUR)
    move_deal(deal_id=deal.pk, to_stage_id=stages[2].pk, by=by, at=MONDAY + 3 * HOUR)
    win_deal(deal_id=deal.pk, by=by, at=MONDAY + 4 * HOUR)
    late = {"by": by, "at": MONDAY + DAY}
    change_client(client_id=deal.client_id, fields={"city": f"Город {n}"}, **late)
    put_contact(
        **person | {"name": f"Второй {n}", "mails": [f"p{n}@firm.example"]},
        contact_id=None, decides="no", at=MONDAY + DAY,
    )  # fmt: skip


def wanted(found: dict[str, Any]) -> list[tuple[int, str, str, bool]]:
    place = dict(Stage.objects.values_list("pk", "place"))
    return [
        (place[one["stage_id"]], one["kind"], one["what"], one["is_sure"])
        for one in found["wants"]
    ]


def test_what_won_deals_had_before_they_left_a_stage_is_wanted_there(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    for n in range(40):
        prepare(cast, make_deal(), n)
    for _ in range(5):
        lost = {"reason_id": reasons.dear.pk, "by": cast.see("olga"), "at": MONDAY + DAY}
        lose_deal(deal_id=make_deal().pk, **lost)
    found = told(funnel)
    # All sums are alike and say nothing; the city and the mail came after the win.
    assert wanted(found) == [
        (1, "field", "expected_close_on", True),
        (1, "field", "contact", True),
        (1, "done", "meeting", True),
        (2, "field", "note", True),
        (2, "field", "decides", True),
    ]
    first = found["wants"][0]
    assert (first["won"], first["won_n"], first["low"]) == (40, 40, 0.9124)
    assert (first["lost"], first["lost_n"], first["tells"]) == (0, 5, True)


def test_thirty_four_won_deals_are_too_few_to_want_anything(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal
) -> None:
    for n in range(34):
        prepare(cast, make_deal(), n)
    assert told(funnel)["wants"] == []


def test_what_came_with_a_file_is_only_suggested(
    cast: SimpleNamespace, funnel: Funnel, walk: Walk
) -> None:
    for n in range(40):
        walk(2, 3, amount=100_000_00 + n)
    assert wanted(told(funnel)) == [(1, "field", "amount_kopecks", True)]
    batch = Batch.objects.create(kind="import", title="файл", at=MONDAY + 10 * DAY)
    Deal.objects.update(batch_id=batch.pk)
    assert wanted(told(funnel)) == [(1, "field", "amount_kopecks", False)]


def test_deals_that_passed_a_stage_by_stand_beside_those_that_did_not(
    cast: SimpleNamespace, funnel: Funnel, walk: Walk, reasons: SimpleNamespace
) -> None:
    by = cast.see("olga")
    for _ in range(30):
        walk(2, 3)
    for n in range(12):
        deal = walk(3, won=n < 2)
        if n >= 2:
            lost = {"reason_id": reasons.dear.pk, "by": by, "at": MONDAY + 2 * DAY}
            lose_deal(deal_id=deal.pk, **lost)
    (line,) = told(funnel)["detours"]
    assert (line["kind"], line["stage"], line["n"]) == ("skip", ["Расчёт"], 12)
    assert (line["won"], line["closed"], line["days"]) == (2, 12, 2.0)
    assert (line["others_won"], line["others_closed"], line["others_days"]) == (30, 30, 0.1)
    assert line["is_sure"]
