"""What is worth hearing: a dozen talks of the last days, each with the reason why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When
from django.db.models.functions import Abs

from voronka.calls.models import Call
from voronka.calls.sums import Norms
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer

SPAN = timedelta(days=7)
LOST_WITHIN = timedelta(days=3)
NEW_FOR = timedelta(days=21)
SHORT_TALK = 40
TO_NOTE = timedelta(hours=1)
"""For so long after a talk nobody is asked what came of it."""
REASONS = ("lost", "short", "unnoted", "new", "longest", "random")
"""Why a talk is worth hearing, the weightiest first; a talk is listed under one of them."""
MOST = {"lost": 3, "short": 2, "unnoted": 2, "new": 2, "longest": 2, "random": 3}
SPARE = 6
_DRAW = 2_147_483_647


@dataclass(frozen=True, slots=True)
class ToHear:
    """One talk to hear. `lost_after_seconds`: from the talk to the refusal, for "lost"."""

    id: int
    why: str
    at: datetime
    direction: str
    talk_seconds: int
    manager_id: int | None
    phone: str
    client_id: int | None
    client: str
    stage: str
    deal_id: int | None
    amount_kopecks: int | None
    lost_after_seconds: float | None
    is_heard: bool


def worth_hearing(
    *, viewer: Viewer, now: datetime, calendar: WorkCalendar, norms: Norms
) -> list[ToHear]:
    """List talks of the last week within reach, those that nobody heard yet first.

    The same all day: the sample is drawn anew at midnight. Three queries.
    """
    reasons = _picked(viewer, now, calendar, norms)
    rows = Call.objects.visible_to(viewer).filter(pk__in=reasons)
    heard = _heard(reasons)
    found = [
        _row(values, reasons, values[0] in heard)
        for values in rows.values_list(
            "pk", "started_at", "direction", "talk_seconds", "manager_id", "phone",
            "client_id", "client__name", "stage__name", "deal_id", "deal__amount_kopecks",
            "deal__closed_at",
        )
    ]  # fmt: skip
    chosen = _limited(found)
    return sorted(chosen, key=lambda one: (one.is_heard, REASONS.index(one.why), -one.id))


def _picked(
    viewer: Viewer, now: datetime, calendar: WorkCalendar, norms: Norms
) -> dict[int, str]:
    """Ask all reasons in one query; give the weightiest reason of each call."""
    talks = Call.objects.visible_to(viewer).filter(
        started_at__gte=now - SPAN,
        started_at__lt=now,
        talk_seconds__gte=max(1, norms.talk),
        talk_seconds__gt=0,
    )
    day = calendar.day_of(now)
    point = Random(f"{day} {viewer.person_id}").randrange(_DRAW)
    # A sample without reading all: a fixed scramble of the ids, nearest to a point of the day.
    drawn = talks.annotate(far=Abs((F("pk") * 7_919 + point) % 10_007))
    lost = talks.filter(
        deal__outcome="lost",
        deal__closed_at__gte=F("started_at"),
        deal__closed_at__lte=F("started_at") + LOST_WITHIN,
    )
    young = Q(manager__hired_on__gt=day - NEW_FOR, manager__hired_on__isnull=False)
    wanted: dict[str, QuerySet[Call]] = {
        "lost": lost.order_by(_amount().desc(), "-pk"),
        "short": talks.filter(
            deal__outcome="", talk_seconds__lt=SHORT_TALK, deal__amount_kopecks__gt=0
        ).order_by("-deal__amount_kopecks", "-pk"),
        "unnoted": _unnoted(talks, now).order_by(_amount().desc(), "-pk"),
        "new": talks.filter(young).order_by("-talk_seconds", "-pk"),
        "longest": talks.order_by("-talk_seconds", "-pk"),
        "random": drawn.order_by("far", "pk"),
    }
    found: dict[int, str] = {}
    for why, pk in _ids(wanted):
        if pk not in found or REASONS.index(why) < REASONS.index(found[pk]):
            found[pk] = why
    return found


def _unnoted(talks: "QuerySet[Call]", now: datetime) -> "QuerySet[Call]":
    """Keep the last talk about each open deal, where nobody wrote down what came of it."""
    since = talks.filter(deal=OuterRef("deal"), started_at__gt=OuterRef("started_at"))
    rows = talks.filter(deal__outcome="", started_at__lt=now - TO_NOTE)
    return rows.filter(Q(note=None) | Q(note__outcome="")).exclude(Exists(since))


def _amount() -> Case:
    return Case(
        When(deal__amount_kopecks__isnull=False, then=F("deal__amount_kopecks")),
        default=0,
        output_field=IntegerField(),
    )


def _ids(wanted: Mapping[str, "QuerySet[Call]"]) -> list[tuple[str, int]]:
    parts, params = [], list[Any]()
    for why, rows in wanted.items():
        chosen = rows.values_list("id", flat=True)[: MOST[why] + SPARE]
        sql, own = chosen.query.sql_with_params()
        # The reason is one of REASONS, never what somebody typed.
        parts.append(f"SELECT '{why}' AS why, picked.id FROM ({sql}) AS picked")
        params += own
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return list(cursor.fetchall())


def _heard(ids: Mapping[int, str]) -> set[int]:
    cases = {f"call:{pk}": pk for pk in ids}
    heard = Fact.objects.filter(kind="call.listened", case__in=cases)
    return {cases[case] for case in heard.values_list("case", flat=True)}


def _row(values: tuple[Any, ...], reasons: Mapping[int, str], is_heard: bool) -> ToHear:
    pk, at, direction, talk, manager_id, phone, client_id, *rest = values
    client, stage, deal_id, amount, closed_at = rest
    why = reasons[pk]
    after = (closed_at - at).total_seconds() if closed_at and why == "lost" else None
    return ToHear(
        pk, why, at, direction, talk, manager_id, phone, client_id, client or "", stage or "",
        deal_id, amount, after, is_heard,
    )  # fmt: skip


def _limited(found: list[ToHear]) -> list[ToHear]:
    """Keep so many of each reason as wanted, those that nobody heard yet first.

    A deal is listed once, under its weightiest reason.
    """
    chosen: list[ToHear] = []
    deals: set[int | None] = set()
    for why in REASONS:
        rows = [one for one in found if one.why == why]
        rows.sort(key=lambda one: (one.is_heard, -_weight(one), -one.id))
        left = MOST[why]
        for one in rows:
            if left and (one.deal_id is None or one.deal_id not in deals):
                chosen.append(one)
                deals.add(one.deal_id)
                left -= 1
    return chosen


def _weight(one: ToHear) -> int:
    by_money = one.why in ("lost", "short", "unnoted")
    return one.amount_kopecks or 0 if by_money else one.talk_seconds
