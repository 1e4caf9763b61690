"""Calendars against a slow count by the minute, the clock's changes, and odd questions."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.foundation.worktime import WorkCalendar, russian_calendar

NINE_TO_SIX = (540, 1080)
WEEK = (NINE_TO_SIX,) * 5 + (None, None)
BERLIN = WorkCalendar("Europe/Berlin", WEEK, {date(2026, 3, 30): None}, lunch=(780, 840))
NIGHTLESS = WorkCalendar("Europe/Berlin", ((0, 1440),) * 7)
MINUTES = st.integers(0, 60 * 1440).map(
    lambda minutes: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
# Days and hours of a 40-hour week, as the yearly production calendars printed them.
NORMS = {
    2009: (249, 1987), 2010: (249, 1987), 2011: (248, 1981), 2012: (249, 1986),
    2013: (247, 1970), 2014: (247, 1970), 2015: (247, 1971), 2016: (247, 1974),
    2017: (247, 1973), 2018: (247, 1970), 2019: (247, 1970), 2020: (248, 1979),
    2021: (247, 1972), 2022: (247, 1973), 2023: (247, 1973), 2024: (248, 1979),
    2025: (247, 1972), 2026: (247, 1972),
}  # fmt: skip


@pytest.mark.parametrize(("year", "norm"), NORMS.items())
def test_a_year_holds_its_norm_of_days_and_hours(year: int, norm: tuple[int, int]) -> None:
    calendar = russian_calendar("Europe/Samara", "09:00", "17:00")
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    span = calendar.between(calendar.midnight(start), calendar.midnight(end))
    assert (calendar.working_days(start, end), span) == (norm[0], timedelta(hours=norm[1]))


def test_moved_days_are_worked_rested_and_shortened() -> None:
    full, short = (540, 1080), (540, 1020)
    days = {
        date(2009, 1, 11): full, date(2024, 4, 27): full, date(2024, 11, 2): short,
        date(2024, 12, 28): full, date(2025, 11, 1): short, date(2025, 11, 3): None,
        date(2027, 2, 20): short, date(2027, 2, 22): None, date(2024, 12, 31): None,
        date(2026, 12, 30): full, date(2026, 3, 6): full, date(2026, 3, 9): None,
        date(2025, 3, 7): short, date(2014, 3, 10): None, date(2090, 5, 9): None,
    }  # fmt: skip
    calendar = russian_calendar()
    assert {day: calendar.hours_on(day) for day in days} == days


def test_days_off_are_those_of_the_reference_package() -> None:
    reference = holidays.country_holidays("RU", years=range(2009, 2028))
    calendar, wrong = russian_calendar(), []
    for number in range(date(2009, 1, 1).toordinal(), date(2028, 1, 1).toordinal()):
        day = date.fromordinal(number)
        if (calendar.hours_on(day) is not None) != reference.is_working_day(day):
            wrong.append(day)
    # 8 March 2014 was a Saturday: its Monday, off by law, is what the package lacks.
    assert wrong == [date(2014, 3, 10)]


def test_years_without_a_decree_follow_the_law_alone() -> None:
    calendar = russian_calendar()
    days = {date(2028, 11, 6): None, date(2028, 1, 10): (540, 1080), date(2032, 5, 10): None}
    assert {day: calendar.hours_on(day) for day in days} == days
    assert calendar.working_days(date(2031, 1, 1), date(2031, 2, 1)) == 17


def _slow(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
    zone, count = ZoneInfo(calendar.zone), 0
    for step in range(int((end - start).total_seconds() // 60)):
        local = (start + timedelta(minutes=step)).astimezone(zone)
        hours = calendar.hours_on(local.date())
        minute = local.hour * 60 + local.minute
        at_lunch = calendar.lunch and calendar.lunch[0] <= minute < calendar.lunch[1]
        count += bool(hours and hours[0] <= minute < hours[1] and not at_lunch)
    return timedelta(minutes=count)


@given(MINUTES, st.integers(0, 5000), st.sampled_from([BERLIN, NIGHTLESS]))
def test_between_is_what_a_count_by_the_minute_gives(
    start: datetime, minutes: int, calendar: WorkCalendar
) -> None:
    end = start + timedelta(minutes=minutes)
    assert calendar.between(start, end) == _slow(calendar, start, end)
    assert calendar.is_working(start) == bool(
        _slow(calendar, start, start + timedelta(minutes=1))
    )


@given(MINUTES, st.integers(1, 10**11))
def test_a_deadline_is_the_first_moment_of_its_working_time(
    start: datetime, micros: int
) -> None:
    working = timedelta(microseconds=micros)
    due = BERLIN.add(start, working)
    assert BERLIN.between(start, due) == working
    assert BERLIN.between(start, due - timedelta(microseconds=1)) < working


@given(MINUTES)
def test_an_opening_is_the_first_working_moment(at: datetime) -> None:
    opening, closing = BERLIN.next_opening(at), BERLIN.closing(at)
    assert at <= opening < closing
    assert BERLIN.is_working(opening)
    assert not BERLIN.is_working(closing)
    assert not BERLIN.between(at, opening)
    assert BERLIN.day_of(opening) == BERLIN.day_of(closing)
    assert BERLIN.add(at, timedelta(0)) == opening


def test_the_clock_moved_in_the_night_moves_no_working_hour() -> None:
    friday, monday = (
        datetime(2026, 10, 23, 15, tzinfo=UTC),
        datetime(2026, 10, 26, 9, tzinfo=UTC),
    )
    assert BERLIN.between(friday, monday) == timedelta(hours=1 + 1)
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert NIGHTLESS.between(start, start + timedelta(days=1)) == timedelta(days=1)
    assert NIGHTLESS.midnight(date(2026, 3, 30)) - start == timedelta(hours=23)


def test_lunch_and_the_edges_of_the_day() -> None:
    noon = datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert BERLIN.add(noon, timedelta(hours=1)) == noon + timedelta(hours=1)
    assert BERLIN.add(noon, timedelta(hours=2)) == noon + timedelta(hours=3)
    assert BERLIN.next_opening(noon + timedelta(hours=1)) == noon + timedelta(hours=2)
    assert BERLIN.closing(noon + timedelta(hours=7)) == datetime(2026, 3, 3, 17, tzinfo=UTC)
    late = WorkCalendar("UTC", WEEK, lunch=(1020, 1140))
    assert late.closing(noon) == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert late.next_opening(datetime(2026, 3, 2, 17, tzinfo=UTC)).day == 3


@pytest.mark.parametrize("years", [(2026, 1995), (1995, 2026), (2050, 2011, 2080)])
def test_the_order_of_questions_changes_no_answer(years: tuple[int, ...]) -> None:
    calendar = WorkCalendar("Europe/Moscow", WEEK)
    for year in years:
        start = datetime(year, 6, 1, tzinfo=UTC)
        fresh = WorkCalendar("Europe/Moscow", WEEK)
        span = timedelta(days=40, hours=7)
        assert calendar.between(start, start + span) == fresh.between(start, start + span)


def test_moments_beyond_the_calendar_are_no_working_time() -> None:
    calendar = russian_calendar()
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
    assert calendar.between(first, datetime(1990, 1, 1, tzinfo=UTC)) == timedelta(0)
    assert calendar.between(datetime(2101, 1, 1, tzinfo=UTC), last) == timedelta(0)
    assert not calendar.is_working(last)
    assert calendar.working_days(date(2101, 1, 1), date(2102, 1, 1)) == 0
    for ask in (calendar.next_opening, calendar.closing):
        with pytest.raises(ValueError, match="ten years"):
            ask(last)


def test_a_calendar_without_work_refuses_a_deadline() -> None:
    idle = WorkCalendar("UTC", (None,) * 7)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert idle.between(at, at + timedelta(days=900)) == timedelta(0)
    assert not idle.is_working(at)
    for days in (0, 1):
        with pytest.raises(ValueError, match="ten years"):
            idle.add(at, timedelta(days=days))
    with pytest.raises(ValueError, match="negative"):
        BERLIN.add(at, timedelta(seconds=-1))


def test_hours_turned_round_and_unknown_zones_are_refused() -> None:
    for opens, closes in (
        ("18:00", "09:00"),
        ("09:00", "24:01"),
        ("09:99", "18:00"),
        ("x", "y"),
    ):
        with pytest.raises(ValueError):  # noqa: PT011  (four different messages)
            russian_calendar("UTC", opens, closes)
    with pytest.raises(ZoneInfoNotFoundError):
        russian_calendar("Europe/Nowhere")
    with pytest.raises(ValueError, match="seven days"):
        WorkCalendar("UTC", (NINE_TO_SIX,))


def test_working_days_are_half_open() -> None:
    monday, saturday = date(2026, 11, 16), date(2026, 11, 21)
    calendar = russian_calendar()
    assert calendar.working_days(monday, saturday) == 5
    assert calendar.working_days(monday, monday) == 0
    assert calendar.working_days(saturday, monday) == 0
