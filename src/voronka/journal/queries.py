"""Reads of the journal for screens: timelines and the last word on a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Q

from voronka.journal.models import Batch, Fact
from voronka.journal.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    id: int
    at: datetime
    kind: str
    by_id: int | None
    deal_id: int | None
    stage_id: int | None
    body: dict[str, Any]


def client_timeline(
    *,
    client_ids: Sequence[int],
    deal_ids: Sequence[int] = (),
    before_id: tuple[datetime, int] | None = None,
    prefixes: Iterable[str] = (),
    limit: int = 30,
) -> list[Entry]:
    """List what happened with these cards and deals, newest first, one query.

    The caller has checked that the viewer may see the card. Reads of the card are not part
    of its story.
    """
    about = Q(client_id__in=client_ids)
    if deal_ids:
        about |= Q(deal_id__in=deal_ids)
    return _entries(Fact.objects.filter(about), before_id, prefixes, limit)


def deal_timeline(
    *,
    deal_id: int,
    before_id: tuple[datetime, int] | None = None,
    prefixes: Iterable[str] = (),
    limit: int = 30,
) -> list[Entry]:
    """List what happened in a deal, newest first, one query."""
    return _entries(Fact.objects.filter(deal_id=deal_id), before_id, prefixes, limit)


def case_timeline(*, case: str, limit: int = 100) -> list[Entry]:
    """List what happened in one case ("inquiry:7"), newest first, one query."""
    return _entries(Fact.objects.filter(case=case), None, (), limit)


def slip_timeline(*, case: str, slip_id: int) -> list[Entry]:
    """List the opening, passing up and closing of a slip, newest first, one query.

    And what was said of the number that it is about.
    """
    kinds = ("slip.opened", "slip.escalated", "slip.closed")
    own = Q(kind__in=kinds, body__slip_id=slip_id)
    facts = Fact.objects.filter(own | Q(kind__startswith="stranger."), case=case)
    return _entries(facts, None, (), 20)


def last_fact_id() -> int:
    """Give the newest fact's id; 0 when there is none."""
    return Fact.objects.aggregate(top=Max("pk"))["top"] or 0


def later_facts(fact_id: int, *, limit: int) -> list[tuple[int, str, int | None]]:
    """List newer facts as id, kind, whose; the oldest first, one query.

    Of all kinds: narrowed to some, SQLite would go through all facts of theirs.
    """
    rows = Fact.objects.filter(pk__gt=fact_id).order_by("pk")
    return list(rows.values_list("pk", "kind", "owner_id")[:limit])


def _entries(
    facts: Any, before: tuple[datetime, int] | None, prefixes: Iterable[str], limit: int
) -> list[Entry]:
    kinds = Q()
    for prefix in prefixes:
        kinds |= Q(kind__startswith=prefix)
    facts = facts.counted().filter(kinds).exclude(kind="client.opened")
    if before is not None:
        facts = facts.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    columns = ("pk", "at", "kind", "by_id", "deal_id", "stage_id", "body")
    return [Entry(*row) for row in facts.order_by("-at", "-pk").values_list(*columns)[:limit]]


def recent_facts(
    *, viewer: Viewer, prefixes: Iterable[str], since: datetime, limit: int = 50
) -> list[Entry]:
    """List the viewer's latest facts of some kinds, newest first."""
    return _entries(
        Fact.objects.visible_to(viewer).filter(at__gte=since), None, prefixes, limit
    )


def known_span() -> tuple[datetime, datetime] | None:
    """Give the moments of the first and the last inquiry, call or end of a deal; one query."""
    kinds = ("inquiry.registered", "deal.opened", "deal.won", "deal.lost", "call.ended")
    # One look into the index for each: asked together they walked 300,000 rows in 400 ms.
    counted = (
        "batch_id IS NULL OR batch_id NOT IN "
        "(SELECT id FROM journal_batch WHERE undone_at IS NOT NULL)"
    )
    looks = [
        f"(SELECT {end}(at) FROM journal_fact WHERE kind = %s AND ({counted}))"
        for end in ("min", "max")
        for _kind in kinds
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(looks)}", [*kinds, *kinds])
        known = [_aware(at) for at in cursor.fetchone() if at]
    return (min(known), max(known)) if known else None


def _aware(at: datetime | str) -> datetime:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def has_batch(kind: str) -> bool:
    """Say whether rows of such a batch ("demo", "import") stand in the base."""
    return Batch.objects.filter(kind=kind, undone_at=None).exists()
