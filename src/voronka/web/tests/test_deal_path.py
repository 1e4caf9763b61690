"""What a deal's card reads from its facts: time on each stage and the slips that stand."""

from datetime import UTC, datetime
from typing import Any

from voronka.foundation.worktime import russian_calendar
from voronka.journal.queries import Entry
from voronka.web.deal.path import passed_seconds, standing_slips
from voronka.web.measures import about_rub, against_norm

HOUR, DAY = 3600, 9 * 3600


def _entry(hour: int, kind: str, stage_id: int | None = None, **body: Any) -> Entry:
    at = datetime(2026, 11, 24, hour, tzinfo=UTC)
    return Entry(hour, at, kind, None, 7, stage_id, body)


def test_a_left_stage_has_its_working_time_and_the_present_one_none() -> None:
    entered = [_entry(11, "deal.stage_entered", 3), _entry(9, "deal.stage_entered", 2)]
    entries = [*entered, _entry(8, "deal.stage_entered", 1)]
    assert passed_seconds(entries, russian_calendar()) == {2: 2 * HOUR, 1: HOUR}


def test_a_stage_entered_twice_sums_both_stays() -> None:
    stages = [(12, 2), (11, 1), (10, 2), (8, 1)]
    entries = [_entry(hour, "deal.stage_entered", stage) for hour, stage in stages]
    assert passed_seconds(entries, russian_calendar()) == {1: 3 * HOUR, 2: HOUR}


def test_only_slips_not_closed_since_stand_and_the_dearest_is_first() -> None:
    entries = [
        _entry(12, "slip.closed", slip_id=1, rule="no_step", money_kopecks=900),
        _entry(11, "slip.opened", slip_id=3, rule="stuck", money_kopecks=500),
        _entry(10, "slip.opened", slip_id=2, rule="thin_card", money_kopecks=100),
        _entry(9, "slip.opened", slip_id=1, rule="no_step", money_kopecks=900),
    ]
    assert [slip.id for slip in standing_slips(entries)] == [3, 2]


def test_a_slip_passed_up_still_stands_and_says_to_whom() -> None:
    entries = [
        _entry(12, "slip.escalated", slip_id=3, rule="stuck", money_kopecks=500, to_id=8),
        _entry(11, "slip.opened", slip_id=3, rule="stuck", money_kopecks=500),
        _entry(10, "slip.opened", slip_id=2, rule="thin_card", money_kopecks=100),
    ]
    found = [(slip.id, slip.escalated_to_id) for slip in standing_slips(entries)]
    assert found == [(3, 8), (2, None)]


def test_an_age_beside_its_norm_says_the_unit_once() -> None:
    assert against_norm(10 * DAY, 5 * DAY) == "10 раб. дн., норма 5"
    assert against_norm(2 * HOUR, 5 * DAY) == "2\u00a0ч, норма 5 раб. дн."


def test_an_estimate_is_written_without_kopecks() -> None:
    assert "1\u2009131\u2009000\u00a0₽" in about_rub(1_130_653_80)
    assert "4\u2009210\u00a0₽" in about_rub(4_210_45)
