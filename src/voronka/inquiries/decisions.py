"""Decisions as they are kept beside the inquiry, and what people changed of them later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from voronka.inquiries.models import Inquiry, Routing
from voronka.inquiries.rule_list import rule_list
from voronka.journal.kinds import InquiryOverridden
from voronka.journal.viewer import Viewer
from voronka.people import settings
from voronka.people.duties import duty_of
from voronka.routing.barring import Candidate
from voronka.routing.choosing import Decision
from voronka.routing.rules import Asked

COUNTED = timedelta(days=90)


def keep_decision(
    inquiry: Inquiry,
    asked: Asked,
    made: Decision,
    people: Sequence[Candidate],
    *,
    at: datetime,
    person_id: int | None,
) -> None:
    """Keep why an inquiry went to whom. `person_id`: who got it in the end, the last rule's
    fallback when the decision found nobody.
    """
    Routing.objects.create(
        inquiry=inquiry,
        at=at,
        how=made.how if made.person_id or person_id is None else "fallback",
        person_id=person_id,
        case_of=dict(asked.case),
        scored=scored_told(made, people),
        barred=barred_told(made, people, at),
        rule_id=made.rule_id,
        rule=made.rule,
        version=rule_list().version,
        way=made.way,
        passed=list(made.passed),
        starts_at=made.starts_at,
    )


def override(
    inquiry: Inquiry, *, to_id: int, reason: str, by: Viewer, at: datetime
) -> InquiryOverridden | None:
    """Note that somebody gives a routed inquiry to another one; give what to record, None
    when nothing was decided, the chosen one hands it over, or it goes back to the chosen one.
    """
    row = Routing.objects.filter(inquiry=inquiry).order_by("-pk").first()
    if row is None or row.person_id in (None, to_id, by.by_id) or by.by_id is None:
        return None
    if row.overridden_at is None:
        Routing.objects.filter(pk=row.pk).update(overridden_at=at)
    return InquiryOverridden(
        number=inquiry.number,
        rule_id=row.rule_id,
        rule=row.rule,
        chosen_id=row.person_id or 0,
        from_id=inquiry.manager_id,
        to_id=to_id,
        reason=reason.strip()[:200],
    )


def rule_counts(*, now: datetime) -> dict[int, tuple[int, int]]:
    """Give how many inquiries each rule gave to somebody in 90 days, and how many of these
    somebody then gave to another one; one query.
    """
    rows = Routing.objects.filter(at__gte=now - COUNTED, how__in=("rule", "competence"))
    found = rows.values_list("rule_id").order_by()
    changed = Count("pk", filter=Q(overridden_at__isnull=False))
    return {pk: (n, m) for pk, n, m in found.annotate(n=Count("pk"), m=changed)}


def barred_told(made: Decision, people: Sequence[Candidate], at: datetime) -> list[list[Any]]:
    """Give who was barred, why, and until when: an ISO day or moment, "" for not known."""
    calendar = settings.calendar(settings.all_settings())
    by_id = {one.person_id: one for one in people}
    told = []
    for pk, why in made.barred:
        until, start = "", by_id[pk].starts_at if pk in by_id else None
        if why == "absent" and (away := duty_of(pk).away_on(calendar.day_of(at))):
            until = away.last_on.isoformat()
        elif why == "off_shift" and start:
            until = start.isoformat()
        told.append([pk, why, until])
    return told


def scored_told(made: Decision, people: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Give those who could, the best first, with the terms of each and what each has on."""
    by_id = {one.person_id: one for one in people}
    return [
        {
            "person": one.person_id, "score": one.score, "terms": one.terms,
            "chance": one.chance, "low": one.low, "high": one.high, "n": one.n,
            "unit": one.unit,
            "taken": by_id[one.person_id].taken, "open": by_id[one.person_id].open_work,
            "cap": by_id[one.person_id].cap, "weight": by_id[one.person_id].weight,
        }
        for one in made.scored
    ]  # fmt: skip
