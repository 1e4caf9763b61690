"""Reads about talks for screens: one with what came of it, and those still to note."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from voronka.agenda.models import Step
from voronka.calls.models import Call
from voronka.inquiries.models import Inquiry
from voronka.journal.viewer import Viewer


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A talk with whom it was, and what is written about it."""

    id: int
    started_at: datetime
    direction: str
    phone: str
    talk_seconds: int
    manager_id: int | None
    client_id: int | None
    client: str
    deal_id: int | None
    deal_number: int | None
    outcome: str
    summary: str
    step_kind: str
    step_due_at: datetime | None


COLUMNS = (
    "pk", "started_at", "direction", "phone", "talk_seconds", "manager_id", "client_id",
    "client__name", "deal_id", "deal__number", "note__outcome", "note__summary",
    "note__step__kind", "note__step__due_at",
)  # fmt: skip
READ = 100
_TEXTS = {7, 10, 11, 12}


def talk(*, viewer: Viewer, call_id: int) -> TalkRow:
    """Give one talk. Raises: Call.DoesNotExist, also for a call that was none."""
    rows = Call.objects.visible_to(viewer).filter(talk_seconds__gt=0)
    return _row(rows.values_list(*COLUMNS).get(pk=call_id))


def talks_to_note(
    *, person_id: int, since: datetime, least_seconds: int, limit: int = 8
) -> list[TalkRow]:
    """List a person's talks since a moment after which no step was set, the latest first.

    With a client in an open deal, or whose inquiry is in work; of several talks about the same
    the latest stands for all. One query.
    """
    rows = Call.objects.filter(
        manager_id=person_id, started_at__gte=since, talk_seconds__gte=least_seconds,
        removed_at=None, state="ended",
    )  # fmt: skip
    found = without_next(rows).order_by("-started_at", "-pk").values_list(*COLUMNS)
    listed: dict[object, TalkRow] = {}
    for values in found[:READ]:
        row = _row(values)
        listed.setdefault((row.deal_id, row.client_id or row.phone), row)
    return list(listed.values())[:limit]


def without_next(rows: "QuerySet[Call]") -> "QuerySet[Call]":
    """Keep the talks that a next step is to follow, and none does.

    With a client in an open deal, or about an inquiry that still is in work. A step counts
    that a person set after the talk began, with that deal or that client; so does one that
    stood before where somebody wrote down what came of the talk.
    """
    inquiries = Inquiry.objects.live().filter(
        phone=OuterRef("phone"), state__in=("new", "targeted"), deal=None
    )
    same = Q(deal_id=OuterRef("deal_id")) | Q(client_id=OuterRef("client_id"))
    steps = Step.objects.filter(same, removed_at=None)
    after = steps.filter(created_at__gte=OuterRef("started_at"), cancelled_at=None)
    ahead = steps.open().filter(due_at__gte=OuterRef("started_at"))
    asked = rows.filter(Q(deal__outcome="") | Q(deal=None) & Exists(inquiries))
    asked = asked.exclude(Exists(after.filter(created_by__isnull=False)))
    return asked.exclude(Q(note__isnull=False) & Exists(ahead))


def _row(values: tuple[object, ...]) -> TalkRow:
    cells = ("" if cell is None and n in _TEXTS else cell for n, cell in enumerate(values))
    return TalkRow(*cells)  # type: ignore[arg-type]
