"""Drafts: the next version of a regulation, edited in peace while this one is in force.

A draft is a funnel of its own that no deal enters. Its stages name the stages they will change
(`origin`), so that everything that edits a funnel edits a draft as well.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from voronka.deals.funnels import BadSetupError, note_setting
from voronka.deals.models import Demand, Funnel, Stage, Version
from voronka.deals.regulation_text import Text, text_of, write_stages
from voronka.foundation.recent import changed
from voronka.journal.viewer import Viewer

Draft = Funnel
"""A draft is kept as a funnel."""


def draft_of(funnel_id: int) -> Funnel | None:
    """Give the draft of a funnel's next version, if there is one; one query."""
    rows = Funnel.objects.filter(draft_of_id=funnel_id).select_related("drafted_by")
    return rows.first()


@transaction.atomic
def open_draft(*, funnel_id: int, by: Viewer, at: datetime) -> Funnel:
    """Give a funnel's draft, made of what is in force when there is none yet.

    Whoever opens it means to edit: a publishing that was set for later is called off.

    Raises: PermissionError, Funnel.DoesNotExist.
    """
    demand_right(by)
    live = Funnel.objects.select_for_update().get(pk=funnel_id, draft_of=None)
    there = Funnel.objects.filter(draft_of=live).first()
    if there is None:
        return _draft(live, text_of(live), by, at)
    there.drafted_at, there.drafted_by_id, there.publish_at = at, by.by_id, None
    there.save(update_fields=["drafted_at", "drafted_by", "publish_at"])
    changed()
    return there


@transaction.atomic
def drop_draft(*, funnel_id: int, by: Viewer, at: datetime) -> None:
    """Throw a draft away; what is in force stays. Raises: PermissionError,
    Funnel.DoesNotExist.
    """
    demand_right(by)
    Funnel.objects.select_for_update().get(pk=funnel_id, draft_of=None)
    if Funnel.objects.filter(draft_of_id=funnel_id).exists():
        Funnel.objects.get(draft_of_id=funnel_id).delete()
        note_setting(f"draft:{funnel_id}", "on", "", by, at)


@transaction.atomic
def draft_stages(
    *,
    funnel_id: int,
    stages: Sequence[tuple[int | None, str, int | None]],
    by: Viewer,
    at: datetime,
) -> Funnel:
    """Make a draft of these stages, in their order: (stage in force or None, name, norm).

    Norms are working seconds. Stages in force that are not named are to go; those that stay
    keep their demands. A draft that was there is thrown away.

    Raises: PermissionError, BadSetupError, Funnel.DoesNotExist; none leaves a trace.
    """
    demand_right(by)
    live = Funnel.objects.select_for_update().get(pk=funnel_id, draft_of=None)
    now_is = text_of(live)
    known = {one["id"]: one for one in now_is["stages"]}
    names = [name.strip()[:120] for _pk, name, _norm in stages]
    kept = [pk for pk, _name, _norm in stages if pk]
    if not all(names) or len(set(names)) < len(names) or len(set(kept)) < len(kept):
        raise BadSetupError(name=", ".join(names))
    blank: dict[str, Any] = {"id": None, "hint": "", "entry": {}, "demands": []}
    told = [
        known.get(pk, blank) | {"name": name, "norm_seconds": norm}
        for (pk, _name, norm), name in zip(stages, names, strict=True)
    ]
    drop_draft(funnel_id=funnel_id, by=by, at=at)
    return _draft(live, now_is | {"stages": told}, by, at)


@transaction.atomic
def draft_version(*, version_id: int, by: Viewer, at: datetime) -> Funnel:
    """Make a draft of an older version, to be looked at and published again.

    Raises: PermissionError, Version.DoesNotExist.
    """
    demand_right(by)
    old = Version.objects.select_related("funnel").get(pk=version_id)
    drop_draft(funnel_id=old.funnel_id, by=by, at=at)
    return _draft(old.funnel, old.text, by, at)


def stage_in_draft(draft: Funnel, stage_id: int) -> int:
    """Give the draft's own stage for one of it, or for one that is in force.

    Raises: Stage.DoesNotExist.
    """
    rows = Stage.objects.filter(funnel=draft, retired_at=None)
    own = rows.filter(pk=stage_id).first() or rows.filter(origin_id=stage_id).first()
    if own is None:
        raise Stage.DoesNotExist
    return own.pk


def demand_in_draft(draft: Funnel, demand_id: int) -> int:
    """Give the draft's own demand for one of it, or for one that is in force.

    Raises: Demand.DoesNotExist.
    """
    rows = Demand.objects.filter(stage__funnel=draft, retired_at=None)
    own = rows.filter(pk=demand_id).first()
    if own is None:
        live = Demand.objects.get(pk=demand_id)
        same = rows.filter(stage__origin_id=live.stage_id, kind=live.kind)
        if live.kind != "indicator":
            same = same.filter(what=live.what)
        own = same.first()
        if own is None:
            raise Demand.DoesNotExist
    return own.pk


def demand_right(by: Viewer) -> None:
    """Raises: PermissionError unless `by` may change the settings."""
    if not by.may("settings", "change"):
        raise PermissionError("settings")


def _draft(live: Funnel, text: Text, by: Viewer, at: datetime) -> Funnel:
    draft = Funnel.objects.create(
        name=live.name, place=live.place, is_active=False, draft_of=live,
        moves=text["moves"], drafted_at=at, drafted_by_id=by.by_id,
    )  # fmt: skip
    write_stages(draft, text)
    note_setting(f"draft:{live.pk}", "", "on", by, at)
    return draft
