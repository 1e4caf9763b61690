"""Everybody who may be given an inquiry, as the router sees them at a moment."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count

from voronka.deals.models import Deal
from voronka.foundation.recent import kept_for
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.models import Inquiry, Routing
from voronka.people import settings
from voronka.people.calendars import calendar_of_duty
from voronka.people.duties import FULL, DutyRow, duties, duty_of
from voronka.people.queries import Seller, directory
from voronka.routing.barring import Candidate
from voronka.routing.rules import Rule

LATEST = 2000
"""Decisions by which a usual day is told."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is the same for everybody: the moment and its day, loads, the usual cap."""

    at: datetime
    today: date
    taken: Counter[int]
    work: Counter[int]
    cap: int | None
    # Most people share one calendar: it is asked once.
    starts: dict[WorkCalendar, datetime | None] = field(default_factory=dict)


def candidates(
    rules: Sequence[Rule], at: datetime, *, owner_id: int | None = None
) -> list[Candidate]:
    """Give the people that the rules allow, the client's manager and who stands in for them.

    One query; two more when open work counts: by the way "least busy" or a person's limit.
    """
    known = settings.all_settings()
    firm = settings.calendar(known)
    today = firm.day_of(at)
    wanted = {pk for rule in rules for pk in rule.person_ids} | own_people(owner_id, today)
    moment = Moment(
        at,
        today,
        taken_since(firm.midnight(today)),
        open_work() if counts_work(rules, wanted) else Counter(),
        known["routing_cap"] or None,
    )
    everybody, usual = duties(), DutyRow()
    return [
        candidate(one, everybody.get(one.id, usual), moment)
        for one in directory()
        if one.id in wanted
    ]


def taken_since(midnight: datetime) -> Counter[int]:
    """Count whom how many inquiries were given since a moment; one query."""
    rows = Inquiry.objects.live().filter(assigned_at__gte=midnight).values_list("manager_id")
    return Counter(dict(rows.annotate(n=Count("pk")).order_by()))


def open_work() -> Counter[int]:
    """Count everybody's open inquiries and deals; two queries."""
    waiting = Inquiry.objects.waiting().exclude(manager_id=None).values_list("manager_id")
    deals = Deal.objects.live().filter(outcome="").values_list("manager_id")
    found: Counter[int] = Counter()
    for rows in (waiting, deals):
        found.update(dict(rows.annotate(n=Count("pk")).order_by()))
    return found


def given_by_rules(rules: Sequence[Rule], at: datetime) -> dict[tuple[int, int], int]:
    """Count what rules with a cap of their own gave to whom today; one query, or none."""
    capped = [one.id for one in rules if one.cap is not None]
    if not capped:
        return {}
    firm = settings.calendar(settings.all_settings())
    rows = Routing.objects.filter(rule_id__in=capped, at__gte=firm.midnight(firm.day_of(at)))
    found = rows.filter(person_id__isnull=False).values_list("rule_id", "person_id")
    return {(rule, pk): n for rule, pk, n in found.annotate(n=Count("pk")).order_by()}


def last_in_turn() -> int:
    """Give who got the latest inquiry that was given in turn or by load, 0: nobody yet."""
    rows = Routing.objects.filter(way__in=("turn", "least_busy")).order_by("-pk")
    return rows.values_list("person_id", flat=True).first() or 0


@kept_for(600)
def got_a_day() -> dict[int, float]:
    """Give how many routed inquiries each person gets on a usual day: the mean of the latest
    days when any came, without the day that goes on; one query.
    """
    rows = Routing.objects.filter(person_id__isnull=False).order_by("-pk")
    latest = list(rows.values_list("person_id", "at")[:LATEST])
    calendar = settings.calendar(settings.all_settings())
    got = [(pk, calendar.day_of(at)) for pk, at in latest if pk is not None]
    days = {day for _pk, day in got}
    if len(days) > 1:
        days.remove(max(days))
    counted = Counter(pk for pk, day in got if day in days)
    return {pk: n / len(days) for pk, n in counted.items()}


def own_people(owner_id: int | None, today: date) -> set[int]:
    """Give the client's manager, and who stands in for them on that day."""
    if owner_id is None:
        return set()
    away = duty_of(owner_id).away_on(today)
    return {owner_id, away.stands_in_id or owner_id} if away else {owner_id}


def counts_work(rules: Sequence[Rule], wanted: set[int]) -> bool:
    """Say whether it matters how much open work people have."""
    if any(one.way == "least_busy" for one in rules):
        return True
    return any(one.most_open is not None for pk, one in duties().items() if pk in wanted)


def candidate(one: Seller, duty: DutyRow, moment: Moment) -> Candidate:
    """Give a person as the router sees them."""
    away = duty.away_on(moment.today)
    return Candidate(
        one.id,
        is_active=one.is_active,
        is_absent=away is not None,
        taken=moment.taken[one.id],
        cap=moment.cap if duty.cap is None else duty.cap,
        weight=duty.weight_percent / FULL,
        is_paused=duty.paused_at is not None,
        starts_at=None if away else _start(calendar_of_duty(duty), moment),
        open_work=moment.work[one.id],
        most_open=duty.most_open,
        skills={name.casefold(): level for name, level in duty.skills.items()},
        stands_in_id=away.stands_in_id if away else None,
    )


def _start(calendar: WorkCalendar, moment: Moment) -> datetime | None:
    """Give when the shift begins, None when it goes on."""
    if calendar not in moment.starts:
        opens = calendar.next_opening(moment.at)
        moment.starts[calendar] = None if opens <= moment.at else opens
    return moment.starts[calendar]
