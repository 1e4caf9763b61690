"""Both clocks against a table worked out by hand, with the calendar of 2026 on the wall.

The department works in Moscow, Monday to Friday, 9:00 to 18:00, an hour less on the eve of a
feast. Moments are local. The seconds stand as sums of the spans that count.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from voronka.foundation.worktime import Hours, WorkCalendar, russian_calendar
from voronka.inquiries.clocks import Clocks, clocks_of
from voronka.inquiries.intake import (
    NewInquiry,
    answer_inquiry,
    assign_inquiry,
    register_inquiry,
)
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people.viewers import SYSTEM

MOSCOW = ZoneInfo("Europe/Moscow")
MIN, HOUR = 60, 3600
DAY: Hours = (540, 1080)


def person(
    *, zone: str = "Europe/Moscow", hours: Hours = DAY, saturday: Hours = None,
    lunch: Hours = None, off: tuple[int, ...] = (),
) -> WorkCalendar:  # fmt: skip
    """A person's own calendar: a shift, a lunch break, days off of March 2026."""
    days: dict[date, Hours] = {date(2026, 3, day): None for day in off}
    return WorkCalendar(zone, (hours,) * 5 + (saturday, None), days, lunch)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One inquiry: `given` to whom and when, what was tried, and the seconds by hand.

    `tried`: a human's answer, "call 9" (a talk of 9 s) or "robot"; the last one is `end` when
    the case ends answered, else somebody looks at a queue at `end`. `own` None: nobody has it.
    """

    arrived: str
    given: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    end: str
    is_waiting: bool = False
    calendar: WorkCalendar | None = None
    company: int
    own: int | None


CASES = {
    "within one day": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga",), end="03-02 10:12",
        company=12 * MIN, own=12 * MIN,
    ),
    "given four minutes later": Case(
        arrived="03-03 10:00", given=("03-03 10:04 olga",), end="03-03 10:18",
        company=18 * MIN, own=14 * MIN,
    ),
    # Nothing counts from 22:40 to the opening at 9:00.
    "came in the night": Case(
        arrived="03-02 22:40", given=("03-02 22:40 olga",), end="03-03 09:07",
        company=7 * MIN, own=7 * MIN,
    ),
    "answered at the very opening": Case(
        arrived="03-03 07:15", given=("03-03 08:00 olga",), end="03-03 09:00",
        company=0, own=0,
    ),
    "answered before the opening": Case(
        arrived="03-03 07:15", given=("03-03 07:15 olga",), end="03-03 08:30",
        company=0, own=0,
    ),
    # 17:50 to 18:00 and 9:00 to 9:20.
    "over a night": Case(
        arrived="03-02 17:50", given=("03-02 17:50 olga",), end="03-03 09:20",
        company=(10 + 20) * MIN, own=(10 + 20) * MIN,
    ),
    "over a weekend, given on Friday evening": Case(
        arrived="03-13 17:30", given=("03-13 17:45 olga",), end="03-16 09:15",
        company=(30 + 15) * MIN, own=(15 + 15) * MIN,
    ),
    "came on a Saturday": Case(
        arrived="03-14 12:00", given=("03-14 12:00 olga",), end="03-16 09:40",
        company=40 * MIN, own=40 * MIN,
    ),
    "answered on a Sunday": Case(
        arrived="03-13 17:30", given=("03-13 17:30 olga",), end="03-15 12:00",
        company=30 * MIN, own=30 * MIN,
    ),
    # 8 March is a Sunday, so Monday the 9th is off; Friday the 6th is a full day.
    "over the 8th of March": Case(
        arrived="03-06 17:50", given=("03-06 17:50 olga",), end="03-10 09:20",
        company=(10 + 20) * MIN, own=(10 + 20) * MIN,
    ),
    # Friday 9 January is off for Saturday the 3rd; work begins on Monday the 12th.
    "a day off moved to 9 January": Case(
        arrived="01-08 12:00", given=("01-08 12:00 olga",), end="01-12 09:10",
        company=10 * MIN, own=10 * MIN,
    ),
    # 31 December is off for 4 January, and the 30th is then no eve: a full day.
    "a day off moved to 31 December": Case(
        arrived="12-30 17:30", given=("12-30 17:30 olga",), end="12-31 15:00",
        company=30 * MIN, own=30 * MIN,
    ),
    # 30 April ends at 17:00; 1 May is a Friday.
    "over a short day and 1 May": Case(
        arrived="04-30 16:50", given=("04-30 16:50 olga",), end="05-04 09:10",
        company=(10 + 10) * MIN, own=(10 + 10) * MIN,
    ),
    # 3 November ended at 17:00, the 4th is a feast.
    "came after a short day's end": Case(
        arrived="11-03 17:30", given=("11-03 17:30 olga",), end="11-05 09:20",
        company=20 * MIN, own=20 * MIN,
    ),
    # Friday the 8th ends at 17:00; the 9th is a Saturday, so Monday the 11th is off.
    "over Victory Day": Case(
        arrived="05-08 16:30", given=("05-08 16:30 olga",), end="05-12 09:30",
        company=(30 + 30) * MIN, own=(30 + 30) * MIN,
    ),
    # Thursday 11 June ends at 17:00, Friday is a feast.
    "over Russia Day, given half an hour later": Case(
        arrived="06-11 16:00", given=("06-11 16:30 olga",), end="06-15 10:00",
        company=2 * HOUR, own=30 * MIN + HOUR,
    ),
    "over 23 February": Case(
        arrived="02-20 17:00", given=("02-20 17:00 olga",), end="02-24 09:00",
        company=HOUR, own=HOUR,
    ),
    # The second person's clock starts anew, the company's goes on.
    "given to another after an hour and a half": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga", "03-02 11:30 oleg"),
        end="03-02 11:45", company=105 * MIN, own=15 * MIN,
    ),
    "given to another on the next morning": Case(
        arrived="03-02 17:30", given=("03-02 17:30 olga", "03-03 09:30 oleg"),
        end="03-03 09:40", company=(30 + 40) * MIN, own=10 * MIN,
    ),
    # Only what passed since it came back counts for her.
    "given away and back": Case(
        arrived="03-02 10:00",
        given=("03-02 10:00 olga", "03-02 10:20 oleg", "03-02 10:50 olga"),
        end="03-02 11:00", company=HOUR, own=10 * MIN,
    ),
    "given to another in the night": Case(
        arrived="03-02 17:00", given=("03-02 17:00 olga", "03-02 23:00 oleg"),
        end="03-03 09:05", company=HOUR + 5 * MIN, own=5 * MIN,
    ),
    # Whoever answers what nobody has takes it at that moment.
    "answered before it was given": Case(
        arrived="03-02 10:00", end="03-02 10:25", company=25 * MIN, own=0,
    ),
    "a talk below ten seconds is no answer": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga",),
        tried=("03-02 10:05 call 9", "03-02 10:30 call 40"), end="03-02 10:30",
        company=30 * MIN, own=30 * MIN,
    ),
    "a talk of ten seconds is one": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga",), tried=("03-02 10:05 call 10",),
        end="03-02 10:05", company=5 * MIN, own=5 * MIN,
    ),
    "a machine's reply is none": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga",),
        tried=("03-02 10:01 robot", "03-02 11:00 human"), end="03-02 11:00",
        company=HOUR, own=HOUR,
    ),
    "only the first answer counts": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga",),
        tried=("03-02 10:10 human", "03-02 12:00 human"), end="03-02 10:10",
        company=10 * MIN, own=10 * MIN,
    ),
    # Eight hours of Monday and one of Tuesday, up to now.
    "waits since yesterday": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga",), end="03-03 10:00",
        is_waiting=True, company=9 * HOUR, own=9 * HOUR,
    ),
    "waits over a weekend and nobody has it": Case(
        arrived="03-13 17:00", end="03-16 09:30", is_waiting=True,
        company=90 * MIN, own=None,
    ),
    "waits in spite of a short talk and a machine": Case(
        arrived="03-02 16:00", given=("03-02 16:30 olga",),
        tried=("03-02 16:05 robot", "03-02 16:40 call 3"), end="03-02 17:00",
        is_waiting=True, company=HOUR, own=30 * MIN,
    ),
    "waits on a day off": Case(
        arrived="03-06 17:00", given=("03-06 17:00 olga",), end="03-09 15:00",
        is_waiting=True, company=HOUR, own=HOUR,
    ),
    # The clock was set back ten minutes: never below nothing.
    "answered before it came, by a clock set back": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga",), end="03-02 09:50",
        company=0, own=0,
    ),
    "answered before it was given, by a clock set back": Case(
        arrived="03-02 10:00", given=("03-02 10:10 olga",), end="03-02 10:05",
        company=5 * MIN, own=0,
    ),
    # An hour of Monday, none of Tuesday and Wednesday, half an hour of Thursday.
    "away for two days": Case(
        arrived="03-02 17:00", given=("03-02 17:00 olga",), end="03-05 09:30",
        calendar=person(off=(3, 4)), company=(1 + 9 + 9) * HOUR + 30 * MIN,
        own=HOUR + 30 * MIN,
    ),
    # She never had a working minute of it.
    "away, and still away": Case(
        arrived="03-03 10:00", given=("03-03 10:00 olga",), end="03-04 12:00",
        is_waiting=True, calendar=person(off=(3, 4)), company=(8 + 3) * HOUR, own=0,
    ),
    "given on from somebody away": Case(
        arrived="03-03 10:00", given=("03-03 10:00 olga", "03-03 15:00 oleg"),
        end="03-03 15:20", calendar=person(off=(10,)), company=5 * HOUR + 20 * MIN,
        own=20 * MIN,
    ),
    "a shift from noon": Case(
        arrived="03-02 10:00", given=("03-02 10:00 olga",), end="03-02 12:30",
        calendar=person(hours=(720, 1260)), company=150 * MIN, own=30 * MIN,
    ),
    # The department was closed, the person on duty was not.
    "an evening shift": Case(
        arrived="03-02 19:00", given=("03-02 19:00 olga",), end="03-02 19:30",
        calendar=person(hours=(720, 1260)), company=0, own=30 * MIN,
    ),
    "on duty on a Saturday": Case(
        arrived="03-14 11:00", given=("03-14 11:00 olga",), end="03-14 11:20",
        calendar=person(saturday=(600, 960)), company=0, own=20 * MIN,
    ),
    # 18:00 in Yekaterinburg is 16:00 in Moscow.
    "two hours to the east": Case(
        arrived="03-02 15:30", given=("03-02 15:30 olga",), end="03-02 17:00",
        calendar=person(zone="Asia/Yekaterinburg"), company=90 * MIN, own=30 * MIN,
    ),
    "over a person's lunch": Case(
        arrived="03-02 12:50", given=("03-02 12:50 olga",), end="03-02 14:10",
        calendar=person(lunch=(780, 840)), company=80 * MIN, own=20 * MIN,
    ),
}  # fmt: skip
BY_ACTIONS = [name for name, case in CASES.items() if case.calendar is None]


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text[:11]}", "%Y-%m-%d %H:%M").replace(tzinfo=MOSCOW)


@pytest.mark.parametrize("name", CASES)
def test_the_clocks_are_those_worked_out_by_hand(name: str) -> None:
    case = CASES[name]
    end = at(case.end)
    found = clocks_of(
        arrived_at=at(case.arrived),
        until=end,
        company=russian_calendar(),
        assigned_at=at(case.given[-1]) if case.given else None if case.is_waiting else end,
        person=case.calendar,
    )
    assert (found.company_seconds, found.person_seconds) == (case.company, case.own)
    assert found.assign_seconds + found.notify_seconds + found.react_seconds == case.company


@pytest.mark.parametrize("name", BY_ACTIONS)
def test_what_is_written_down_says_the_same(name: str, cast: SimpleNamespace) -> None:
    case = CASES[name]
    new = NewInquiry(channel="form", name="Иван", phone="89120001122")
    made = register_inquiry(new, by=SYSTEM, at=at(case.arrived))
    for one in case.given:
        to_id = getattr(cast, one[12:]).pk
        assign_inquiry(inquiry_id=made.pk, to_id=to_id, by=cast.see("vera"), at=at(one))
    last = case.given[-1][12:] if case.given else "oleg"
    tried = case.tried or (() if case.is_waiting else (f"{case.end} human",))
    for one in tried:
        what, _space, seconds = one[12:].partition(" ")
        answer_inquiry(
            inquiry_id=made.pk,
            by=cast.see(last),
            at=at(one),
            channel="call" if what == "call" else "mail",
            talk_seconds=int(seconds) if what == "call" else None,
            is_automatic=what == "robot",
        )
    made.refresh_from_db()
    facts = list(Fact.objects.filter(kind="inquiry.answered").values_list("body", flat=True))
    assert len(facts) == (0 if case.is_waiting else 1)
    if case.is_waiting:
        assert made in Inquiry.objects.waiting()
        found = clocks_of(
            arrived_at=made.arrived_at,
            until=at(case.end),
            company=russian_calendar(),
            assigned_at=made.assigned_at,
        )
        assert (found.company_seconds, found.person_seconds) == (case.company, case.own)
        return
    said = facts[0]
    assert (said["working_seconds"], said["person_seconds"]) == (case.company, case.own)
    parts = said["assign_seconds"] + said["notify_seconds"] + said["react_seconds"]
    assert parts == made.answer_seconds == case.company
    span = at(case.end) - at(case.arrived)
    assert said["calendar_seconds"] == max(0, int(span.total_seconds()))


def test_the_wait_is_parted_into_giving_noticing_and_answering() -> None:
    came = at("03-02 10:00")

    def minutes(given: int | None, seen: int | None, until: int) -> tuple[int, int, int]:
        one: Clocks = clocks_of(
            arrived_at=came,
            until=came + timedelta(minutes=until),
            company=russian_calendar(),
            assigned_at=None if given is None else came + timedelta(minutes=given),
            seen_at=None if seen is None else came + timedelta(minutes=seen),
        )
        parts = (one.assign_seconds, one.notify_seconds, one.react_seconds)
        return tuple(part // 60 for part in parts)  # type: ignore[return-value]

    assert minutes(4, 9, 20) == (4, 5, 11)
    # Nobody has it; it was given and not seen; it was seen by who had it before.
    assert minutes(None, None, 20) == (20, 0, 0)
    assert minutes(4, None, 20) == (4, 16, 0)
    assert minutes(12, 9, 20) == (12, 0, 8)
    # A clock set back: given or seen after the answer.
    assert minutes(25, 30, 20) == (20, 0, 0)
    assert minutes(4, 30, 20) == (4, 16, 0)
