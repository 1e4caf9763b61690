"""Passing a slip up: what stands open too long goes to the team's lead, then to the head.

An unanswered or unclassified inquiry and a missed call have used up their norm already: they go
to the lead as soon as the slip is there, and a set time later to the head. Others go up once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from voronka.control.models import Slip
from voronka.control.rules import ESCALATED, RAISED
from voronka.control.watch import about_slip
from voronka.foundation.worktime import WorkCalendar
from voronka.journal import actions as journal
from voronka.journal.kinds import SlipEscalated
from voronka.people import settings as people_settings
from voronka.people.chiefs import Chief, all_chiefs, chief_above, head_above


@transaction.atomic
def escalate(*, now: datetime) -> int:
    """Pass up every slip that stands open longer than the settings allow; give how many.

    Each step once per breach: a slip that closes and opens anew is a new one. Two at once pass
    each slip up once, and a clock that jumps back passes none. Where nobody is above, nothing
    is written and the next look tries again. Three queries, and two more per slip passed up.
    Records: SlipEscalated each.
    """
    known = people_settings.all_settings()
    if not known["escalation_hours"]:
        return 0
    calendar = people_settings.calendar(known)
    first = _due(known, calendar, now)
    again = _due_again(known, calendar, now)
    chiefs = all_chiefs() if first or again else []
    passed = sum(_pass_up(slip, chiefs, calendar, now) for slip in first)
    return passed + sum(_pass_on(slip, chiefs, calendar, now) for slip in again)


def _due(known: dict[str, Any], calendar: WorkCalendar, now: datetime) -> list[Slip]:
    limit = timedelta(hours=known["escalation_hours"])
    rows = Slip.objects.filter(closed_at=None, escalated_at=None, opened_at__lte=now)
    inquiries = rows.filter(rule__in=RAISED)
    others = [rule for rule in ESCALATED if rule not in RAISED]
    # Working time is never longer than the clock's: what is younger need not be reckoned.
    old = rows.filter(rule__in=others, opened_at__lte=now - limit)
    return [
        slip
        for slip in (inquiries | old).select_related("manager__team").order_by("pk")
        if slip.rule in RAISED or calendar.between(slip.opened_at, now) >= limit
    ]


def _due_again(known: dict[str, Any], calendar: WorkCalendar, now: datetime) -> list[Slip]:
    """List the inquiries' slips that a lead has had for the set time; 0 minutes: none."""
    limit = timedelta(minutes=known["escalation_head_minutes"])
    if not limit:
        return []
    rows = Slip.objects.filter(
        closed_at=None, raised_at=None, rule__in=RAISED, escalated_to__role="lead"
    )
    found = rows.filter(escalated_at__lte=now - limit).select_related("manager__team")
    return [
        slip
        for slip in found.order_by("pk")
        if slip.escalated_at and calendar.between(slip.escalated_at, now) >= limit
    ]


def _pass_up(
    slip: Slip, chiefs: Sequence[Chief], calendar: WorkCalendar, now: datetime
) -> bool:
    to_id = chief_above(slip.manager, chiefs)
    if to_id is None:
        return False
    still = Slip.objects.filter(pk=slip.pk, closed_at=None, escalated_at=None)
    if not still.update(escalated_at=now, escalated_to_id=to_id):
        return False
    _tell(slip, to_id, 1, calendar, now)
    return True


def _pass_on(
    slip: Slip, chiefs: Sequence[Chief], calendar: WorkCalendar, now: datetime
) -> bool:
    to_id = head_above(slip.manager, chiefs)
    if to_id is None:
        return False
    still = Slip.objects.filter(pk=slip.pk, closed_at=None, raised_at=None)
    if not still.update(raised_at=now, escalated_to_id=to_id):
        return False
    _tell(slip, to_id, 2, calendar, now)
    return True


def _tell(slip: Slip, to_id: int, step: int, calendar: WorkCalendar, now: datetime) -> None:
    body = SlipEscalated(
        slip_id=slip.pk,
        rule=slip.rule,
        version=slip.version,
        money_kopecks=slip.money_kopecks,
        to_id=to_id,
        stood_seconds=int(calendar.between(slip.opened_at, now).total_seconds()),
        step=step,
    )
    journal.record(body, about=about_slip(slip), by_id=None, at=now)
