"""Keeping a filter of the deal list under a name."""

from collections.abc import Mapping
from typing import Any

from voronka.deals.models import SavedView
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed

MOST = 30
CONDITIONS = ("state", "funnel", "stage", "manager", "q", "min_kopecks", "no_step", "sort")


class BadViewError(RefusalError):
    """A view needs a name, and nobody keeps more than thirty."""

    code = "bad_view"


def keep_view(
    *, owner_id: int, name: str, conditions: Mapping[str, Any], is_shared: bool
) -> SavedView:
    """Keep the conditions under a name; the same name of the same person is replaced.

    Raises: BadViewError.
    """
    name = name.strip()[:80]
    mine = SavedView.objects.filter(owner_id=owner_id)
    if not name or (mine.count() >= MOST and not mine.filter(name=name).exists()):
        raise BadViewError
    kept = {key: conditions[key] for key in CONDITIONS if conditions.get(key)}
    view, _ = SavedView.objects.update_or_create(
        owner_id=owner_id, name=name, defaults={"conditions": kept, "is_shared": is_shared}
    )
    changed()
    return view


def drop_view(*, owner_id: int, view_id: int) -> None:
    """Forget an own view; somebody else's stays."""
    SavedView.objects.filter(owner_id=owner_id, pk=view_id).delete()
    changed()
