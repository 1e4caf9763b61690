"""Making two cards one, and taking it back within 30 days."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from voronka.clients import search_text
from voronka.clients.cards import about_client, changeable
from voronka.clients.models import Client, Merge, NotTwins
from voronka.foundation.errors import RefusalError
from voronka.journal import actions as journal
from voronka.journal.kinds import ClientsMerged, MergeUndone
from voronka.journal.viewer import Viewer

UNDO_DAYS = 30
CHOSEN = (
    "kind", "name", "legal_name", "inn", "kpp", "ogrn", "city", "address", "website",
    "industry", "note", "external_id", "source_id", "manager_id",
)  # fmt: skip
# Rows with these parents are only about the pair itself and stay where they are.
_STAY = ("clients.merge", "clients.nottwins", "clients.client")


class SameClientError(RefusalError):
    """A card cannot be merged into itself."""

    code = "same_client"


class UndoTooLateError(RefusalError):
    """The merge is older than 30 days, undone already, erased, or its card merged further."""

    code = "undo_too_late"


@transaction.atomic
def merge_clients(
    *, kept_id: int, other_id: int, choice: Mapping[str, str], by: Viewer, at: datetime
) -> Merge:
    """Merge `other` into `kept`: fields by choice ("kept"/"other"), all links move.

    A field without a choice keeps the kept card's value, or takes the other's where the
    kept one is empty. Phones and mails are put together without repeats.

    Raises: SameClientError, Client.DoesNotExist; nothing was changed.
    Records: ClientsMerged.
    """
    if kept_id == other_id:
        raise SameClientError
    kept, other = changeable(kept_id, by), changeable(other_id, by)
    before = {name: getattr(kept, name) for name in CHOSEN} | {"custom": dict(kept.custom)}
    _choose(kept, other, choice)
    moved = _move_links(other, kept)
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
    kept.version += 1
    kept.save()
    search_text.refresh(kept)
    after = {name: getattr(kept, name) for name in CHOSEN} | {"custom": dict(kept.custom)}
    merge = Merge.objects.create(
        kept=kept, other=other, by_id=by.by_id, at=at, before=before, after=after, moved=moved
    )
    body = ClientsMerged(merge_id=merge.pk, other_id=other.pk, other_name=other.name)
    journal.record(body, about=about_client(kept), by_id=by.by_id, at=at)
    return merge


@transaction.atomic
def undo_merge(*, merge_id: int, by: Viewer, at: datetime) -> Merge:
    """Bring both cards and their links back. Fields changed since the merge stay as they are.

    Raises: Merge.DoesNotExist, Client.DoesNotExist, UndoTooLateError; nothing was changed.
    Records: MergeUndone.
    """
    merge = Merge.objects.select_for_update().get(pk=merge_id)
    kept = changeable(merge.kept_id, by)
    is_late = at - merge.at > timedelta(days=UNDO_DAYS)
    if merge.undone_at or is_late or kept.erased_at:
        raise UndoTooLateError
    other = Client.objects.get(pk=merge.other_id)
    other.merged_into = None
    other.save(update_fields=["merged_into"])
    _return_links(merge, other, kept)
    stayed = _restore_fields(kept, merge)
    kept.version += 1
    kept.save()
    for card in (kept, other):
        search_text.refresh(card)
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    body = MergeUndone(merge_id=merge.pk, other_id=other.pk, kept_fields=stayed)
    journal.record(body, about=about_client(kept), by_id=by.by_id, at=at)
    return merge


@transaction.atomic
def say_not_twins(*, client_id: int, other_id: int, by: Viewer) -> None:
    """Remember that two cards are different clients; they are no longer offered."""
    first, second = sorted((client_id, other_id))
    changeable(client_id, by)
    NotTwins.objects.get_or_create(
        first_id=first, second_id=second, defaults={"by_id": by.by_id}
    )


def _choose(kept: Client, other: Client, choice: Mapping[str, str]) -> None:
    for name in CHOSEN:
        mine, theirs = getattr(kept, name), getattr(other, name)
        pick = choice.get(name) or ("kept" if mine not in ("", None) else "other")
        if pick == "other":
            setattr(kept, name, theirs)
    kept.custom = {**other.custom, **kept.custom}


def _move_links(other: Client, kept: Client) -> dict[str, Any]:
    """Point every row that hangs on `other`, in whatever room, to `kept`; say which moved."""
    moved: dict[str, Any] = {}
    for relation in Client._meta.related_objects:
        table: type[Model] = relation.related_model
        if table._meta.label_lower in _STAY:
            continue
        column = relation.field.attname
        rows = table._default_manager.filter(**{column: other.pk})
        if table._meta.label_lower in ("clients.phone", "clients.mail"):
            rows = rows.exclude(pk__in=_repeats(table, other, kept))
        ids = list(rows.values_list("pk", flat=True))
        table._default_manager.filter(pk__in=ids).update(**{column: kept.pk})
        if ids:
            moved.setdefault(table._meta.label_lower, {})[column] = ids
    return moved


def _repeats(table: type[Model], other: Client, kept: Client) -> list[int]:
    """Numbers that both cards have: the other card keeps its copy, for the way back."""
    names = (
        ("e164", "extension") if table._meta.label_lower == "clients.phone" else ("address",)
    )
    mine = set(table._default_manager.filter(client=kept).values_list(*names))
    theirs = table._default_manager.filter(client=other).values_list("pk", *names)
    return [row[0] for row in theirs if row[1:] in mine]


def _return_links(merge: Merge, other: Client, kept: Client) -> None:
    by_label = {
        relation.related_model._meta.label_lower: relation.related_model
        for relation in Client._meta.related_objects
    }
    for label, columns in merge.moved.items():
        table: type[Model] = by_label[label]
        for column, ids in columns.items():
            still_here = table._default_manager.filter(pk__in=ids, **{column: kept.pk})
            still_here.update(**{column: other.pk})


def _restore_fields(kept: Client, merge: Merge) -> list[str]:
    stayed = []
    for name in CHOSEN:
        if merge.before[name] == merge.after[name]:
            continue
        if getattr(kept, name) == merge.after[name]:
            setattr(kept, name, merge.before[name])
        else:
            stayed.append(name)
    if kept.custom == merge.after["custom"]:
        kept.custom = merge.before["custom"]
    return stayed
