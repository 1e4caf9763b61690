"""Working time against the Russian production calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.foundation.worktime import russian_calendar

MOSCOW = ZoneInfo("Europe/Moscow")
MOMENTS = st.integers(0, 3 * 365 * 86400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def test_friday_evening_to_monday_morning_is_one_hour() -> None:
    calendar = russian_calendar("Europe/Moscow", "09:00", "17:00")
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=MOSCOW)
    monday = datetime(2026, 11, 23, 9, 30, tzinfo=MOSCOW)
    assert calendar.between(friday, monday) == timedelta(hours=1)
    assert calendar.add(friday, timedelta(hours=1)) == monday


@pytest.mark.parametrize(
    ("year", "days", "hours"), [(2024, 248, 1979), (2025, 247, 1972), (2026, 247, 1972)]
)
def test_a_year_has_the_days_and_hours_of_the_production_calendar(
    year: int, days: int, hours: int
) -> None:
    calendar = russian_calendar("Europe/Moscow", "09:00", "17:00")
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    assert calendar.working_days(start, end) == days
    span = calendar.between(calendar.midnight(start), calendar.midnight(end))
    assert span == timedelta(hours=hours)


def test_a_working_saturday_and_a_moved_day_off() -> None:
    calendar = russian_calendar()
    assert calendar.hours_on(date(2024, 4, 27)) == (540, 1080)
    assert calendar.hours_on(date(2024, 4, 29)) is None
    assert calendar.hours_on(date(2024, 3, 7)) == (540, 1020)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    calendar = russian_calendar()
    parts = calendar.between(first, middle) + calendar.between(middle, last)
    assert abs(parts - calendar.between(first, last)) < timedelta(milliseconds=1)


@given(MOMENTS, st.integers(0, 200))
def test_a_deadline_lies_its_working_time_away(start: datetime, hours: int) -> None:
    calendar = russian_calendar()
    due = calendar.add(start, timedelta(hours=hours))
    assert abs(calendar.between(start, due) - timedelta(hours=hours)) < timedelta(
        milliseconds=1
    )
