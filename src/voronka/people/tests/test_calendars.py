"""A person's own clock: nights, weekends, moved days, short days, absences; by hand."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.foundation.worktime import Hours
from voronka.people import settings
from voronka.people.absences import put_absence
from voronka.people.calendars import calendar_of_person
from voronka.people.duty_changes import set_duty

pytestmark = pytest.mark.django_db
MOSCOW = timedelta(hours=3)
OFF: Hours = None
EVENING = [*[(14 * 60, 20 * 60)] * 4, OFF, (10 * 60, 16 * 60), OFF]


def at(text: str) -> datetime:
    """A moment by Moscow's clock: "03-02 09:00" of 2026."""
    moment = datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return moment - MOSCOW


def worked(person_id: int, since: str, until: str) -> float:
    """Hours of a person's working time."""
    spent = calendar_of_person(person_id).between(at(since), at(until))
    return spent.total_seconds() / 3600


@pytest.fixture
def olga(cast: SimpleNamespace) -> int:
    """Works evenings Monday to Thursday and Saturdays; away from the 16th to the 18th."""
    set_duty(
        person_id=cast.olga.pk, week=EVENING, cap=None, weight_percent=100, most_open=None,
        by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    put_absence(
        person_id=cast.olga.pk, kind="sick", first_on=date(2026, 3, 16),
        last_on=date(2026, 3, 18), stands_in_id=None, by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    return int(cast.olga.pk)


def test_without_anything_of_their_own_people_share_the_firms_calendar(
    cast: SimpleNamespace,
) -> None:
    firm = settings.calendar(settings.all_settings())
    assert calendar_of_person(cast.oleg.pk) is firm
    assert calendar_of_person(None) is firm


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("03-02 09:00", "03-02 18:00", 4),      # a Monday: 14 to 18
        ("03-02 13:59", "03-02 14:01", 1 / 60),
        ("03-02 20:00", "03-03 14:00", 0),      # the night, and the morning after
        ("03-02 19:00", "03-03 15:00", 2),
        ("03-06 00:00", "03-07 00:00", 0),      # a Friday off
        ("03-07 00:00", "03-08 00:00", 6),      # a Saturday that is a working day for her
        ("03-05 19:00", "03-07 11:00", 2),      # over the Friday off
        ("03-08 00:00", "03-10 00:00", 0),      # a Sunday, and the 9th of March: moved feast
        ("03-09 14:00", "03-10 15:00", 1),
        ("03-16 00:00", "03-19 00:00", 0),      # sick
        ("03-15 00:00", "03-19 15:00", 1),
        ("04-30 00:00", "05-01 00:00", 5),      # a day before a feast: an hour shorter
        ("05-09 00:00", "05-10 00:00", 0),      # a feast on a Saturday
        ("12-31 00:00", "12-31 23:00", 0),      # off by the decree
    ],
)  # fmt: skip
def test_own_hours_are_counted_by_hand(olga: int, since: str, until: str, hours: float) -> None:
    assert worked(olga, since, until) == pytest.approx(hours)


def test_an_absence_alone_leaves_the_firms_hours(cast: SimpleNamespace) -> None:
    put_absence(
        person_id=cast.oleg.pk, kind="vacation", first_on=date(2026, 3, 3),
        last_on=date(2026, 3, 4), stands_in_id=None, by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    assert worked(cast.oleg.pk, "03-02 09:00", "03-06 18:00") == 9 * 3
    assert worked(cast.oleg.pk, "04-30 00:00", "05-01 00:00") == 8
    # A Friday's evening to Monday: the usual hour of the conventions.
    assert worked(cast.oleg.pk, "03-13 17:00", "03-16 09:00") == 1


def test_a_worked_saturday_has_the_hours_of_the_persons_usual_day(
    cast: SimpleNamespace,
) -> None:
    week: list[Hours] = [(600, 900)] * 5 + [None, None]
    set_duty(
        person_id=cast.oleg.pk, week=week, cap=None, weight_percent=100, most_open=None,
        by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    # The first of November 2025 was worked instead of the third, an hour shorter.
    day = datetime(2025, 11, 1, tzinfo=UTC)
    calendar = calendar_of_person(cast.oleg.pk)
    assert calendar.hours_on(day.date()) == (600, 900)
    assert calendar.hours_on(date(2025, 11, 3)) is None


def test_the_next_working_moment_skips_an_absence(olga: int) -> None:
    calendar = calendar_of_person(olga)
    assert calendar.next_opening(at("03-14 17:00")) == at("03-19 14:00")
    assert calendar.next_opening(at("03-19 15:00")) == at("03-19 15:00")
    assert not calendar.is_working(at("03-17 15:00"))


def test_a_change_of_hours_or_days_is_seen_at_once(cast: SimpleNamespace, olga: int) -> None:
    assert worked(olga, "03-02 09:00", "03-02 18:00") == 4
    set_duty(
        person_id=olga, week=[], cap=None, weight_percent=100, most_open=None,
        by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    assert worked(olga, "03-02 09:00", "03-02 18:00") == 9
    assert worked(olga, "03-16 00:00", "03-19 00:00") == 0
