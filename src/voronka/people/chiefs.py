"""Who stands above whom: leads by the tree of teams, then the head."""

from collections.abc import Sequence
from dataclasses import dataclass

from voronka.people.models import Person


@dataclass(frozen=True, slots=True)
class Chief:
    """An active lead or head, with the path of the team: "/1/4/"."""

    id: int
    is_head: bool
    path: str


def all_chiefs() -> list[Chief]:
    """List active leads and heads, one query; people of the examples come last."""
    rows = Person.objects.filter(role__in=("lead", "head"), is_active=True)
    found = rows.values_list("pk", "role", "team__path", "batch_id").order_by("pk")
    ranked = sorted(found, key=lambda row: row[3] is not None)
    return [Chief(pk, role == "head", path or "") for pk, role, path, _batch in ranked]


def chief_above(manager: Person | None, chiefs: Sequence[Chief]) -> int | None:
    """Give the lead of the manager's team, or of the nearest one above it, else the head.

    A lead's own go further up, never to another of the same rank in the team; a head's go to
    another head only.
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
    return head_above(manager, chiefs)


def head_above(manager: Person | None, chiefs: Sequence[Chief]) -> int | None:
    """Give the head, never the person in question; None: there is no other."""
    heads = [one.id for one in chiefs if one.is_head and (not manager or one.id != manager.pk)]
    return heads[0] if heads else None
