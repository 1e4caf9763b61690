"""Passing a slip up, once: what stands open too long goes to the team's lead or the head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from voronka.control.models import Slip
from voronka.control.rules import ESCALATED
from voronka.control.watch import about_slip
from voronka.foundation.worktime import WorkCalendar
from voronka.journal import actions as journal
from voronka.journal.kinds import SlipEscalated
from voronka.people import settings as people_settings
from voronka.people.models import Person


@dataclass(frozen=True, slots=True)
class Chief:
    """An active lead or head, with the path of the team: "/1/4/"."""

    id: int
    is_head: bool
    path: str


@transaction.atomic
def escalate(*, now: datetime) -> int:
    """Pass up every slip that stands open longer than the setting allows; give how many.

    Once per breach: a slip that closes and opens anew is a new one. Two at once pass each
    slip up once, and a clock that jumps back passes none. Where nobody is above, nothing is
    written and the next look tries again. Two queries, and two more per slip passed up.
    Records: SlipEscalated.
    """
    known = people_settings.all_settings()
    limit = timedelta(hours=known["escalation_hours"])
    if not limit:
        return 0
    # Working time is never longer than the clock's: what is younger need not be reckoned.
    rows = Slip.objects.filter(
        closed_at=None, escalated_at=None, rule__in=ESCALATED, opened_at__lte=now - limit
    )
    calendar = people_settings.calendar(known)
    due = [
        slip
        for slip in rows.select_related("manager__team").order_by("pk")
        if calendar.between(slip.opened_at, now) >= limit
    ]
    chiefs = _chiefs() if due else []
    return sum(_pass_up(slip, chiefs, calendar, now) for slip in due)


def chief_above(manager: Person | None, chiefs: Sequence[Chief]) -> int | None:
    """Give the lead of the manager's team, or of the nearest one above it, else the head.

    A lead's own slips go further up, never to another of the same rank in the team; a head's
    go to another head only.
    """
    own = manager.team.path if manager and manager.team else ""
    rank = manager.role if manager else ""
    leads = [
        one
        for one in chiefs
        if not one.is_head and one.path and own.startswith(one.path) and rank != "head"
        if rank != "lead" or one.path != own
    ]
    if leads:
        return max(leads, key=lambda one: len(one.path)).id
    heads = [one.id for one in chiefs if one.is_head and (not manager or one.id != manager.pk)]
    return heads[0] if heads else None


def _chiefs() -> list[Chief]:
    """List active leads and heads; people of the examples come last."""
    rows = Person.objects.filter(role__in=("lead", "head"), is_active=True)
    found = rows.values_list("pk", "role", "team__path", "batch_id").order_by("pk")
    ranked = sorted(found, key=lambda row: row[3] is not None)
    return [Chief(pk, role == "head", path or "") for pk, role, path, _batch in ranked]


def _pass_up(
    slip: Slip, chiefs: Sequence[Chief], calendar: WorkCalendar, now: datetime
) -> bool:
    to_id = chief_above(slip.manager, chiefs)
    if to_id is None:
        return False
    still = Slip.objects.filter(pk=slip.pk, closed_at=None, escalated_at=None)
    if not still.update(escalated_at=now, escalated_to_id=to_id):
        return False
    body = SlipEscalated(
        slip_id=slip.pk,
        rule=slip.rule,
        version=slip.version,
        money_kopecks=slip.money_kopecks,
        to_id=to_id,
        stood_seconds=int(calendar.between(slip.opened_at, now).total_seconds()),
    )
    journal.record(body, about=about_slip(slip), by_id=None, at=now)
    return True
