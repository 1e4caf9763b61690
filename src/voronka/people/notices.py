"""What a person is told at once. Actions write it down; open pages hear of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from voronka.foundation.waking import news_after_commit
from voronka.people.models import Notice, Person

KEPT = timedelta(days=30)
PASSING = timedelta(hours=1)
OF_CALLS = "call."
"""Kinds that begin so are told on open pages and stand in no list."""
SHOWN = 30


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice as pages show it."""

    id: int
    kind: str
    about: dict[str, Any]
    at: datetime
    is_seen: bool


def tell(*, person_id: int, kind: str, about: dict[str, Any], at: datetime) -> None:
    """Tell a person something; heard after the surrounding transaction commits."""
    Notice.objects.create(person_id=person_id, kind=kind, about=about, at=at)
    news_after_commit()


def tell_passing(
    *, person_id: int, kind: str, key: str, about: dict[str, Any], at: datetime
) -> bool:
    """Tell a person something that soon is past, once per `key` within an hour; it stands in
    no list. False when it was told already.
    """
    said = about | {"key": key}
    lately = Notice.objects.filter(person_id=person_id, kind=kind, at__gt=at - PASSING)
    if lately.filter(about__key=key).exists():
        return False
    Notice.objects.create(person_id=person_id, kind=kind, about=said, at=at, seen_at=at)
    return True


def notices(*, person_id: int) -> list[NoticeRow]:
    """List a person's latest notices, the newest first."""
    rows = Notice.objects.filter(person_id=person_id).exclude(kind__startswith=OF_CALLS)
    rows = rows.order_by("-pk")[:SHOWN]
    return [_row(one) for one in rows]


def notice(*, person_id: int, notice_id: int) -> NoticeRow:
    """Give one notice of that person. Raises: Notice.DoesNotExist."""
    return _row(Notice.objects.get(pk=notice_id, person_id=person_id))


def see_all(*, person_id: int, at: datetime) -> None:
    """Take all of a person's notices as seen."""
    Notice.objects.filter(person_id=person_id, seen_at=None).update(seen_at=at)


def unseen_count(*, person_id: int) -> int:
    """Count what a person has not seen yet."""
    return Notice.objects.filter(person_id=person_id, seen_at=None).count()


def last_id() -> int:
    """Give the newest notice's id; 0 when there is none."""
    return Notice.objects.aggregate(top=Max("pk"))["top"] or 0


def later_than(notice_id: int, person_ids: Iterable[int]) -> list[tuple[int, int, str]]:
    """List newer notices of these people: id, person, kind; two queries.

    Who is no longer with the firm gets none, and is named with the kind "gone".
    """
    wanted = list(person_ids)
    rows = Notice.objects.filter(pk__gt=notice_id, person_id__in=wanted).order_by("pk")
    found = list(rows.values_list("pk", "person_id", "kind"))
    here = set(
        Person.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True)
    )
    gone = [(0, person_id, "gone") for person_id in wanted if person_id not in here]
    return [row for row in found if row[1] in here] + gone


def forget_old_notices(*, now: datetime) -> int:
    """Delete what was told a month ago; the journal keeps what happened."""
    return Notice.objects.filter(at__lt=now - KEPT).delete()[0]


def _row(one: Notice) -> NoticeRow:
    return NoticeRow(one.pk, one.kind, one.about, one.at, one.seen_at is not None)
