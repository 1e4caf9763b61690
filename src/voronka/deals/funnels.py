"""Funnels, stages, reasons and products: what the head of sales sets up."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from voronka.deals.models import Deal, Funnel, Product, RefusalReason, Stage
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed, recent
from voronka.journal import actions as journal
from voronka.journal.kinds import SettingChanged
from voronka.journal.viewer import Viewer

FIRST_CHANCE = 250


class BadSetupError(RefusalError):
    """A name is missing, or it is taken in the same list."""

    code = "bad_setup"


class StageInUseError(RefusalError):
    """Open deals stand on the stage, or it is the funnel's last. details: n of open deals."""

    code = "stage_in_use"


@transaction.atomic
def put_funnel(*, funnel_id: int | None, name: str, by: Viewer, at: datetime) -> Funnel:
    """Add a funnel or rename one. Raises: PermissionError, BadSetupError."""
    name = _named(name, by)
    funnel = Funnel.objects.get(pk=funnel_id) if funnel_id else Funnel(place=_next(Funnel))
    before, funnel.name = funnel.name, name
    funnel.save()
    note_setting(f"funnel:{funnel.pk}", before, name, by, at)
    return funnel


@transaction.atomic
def put_stage(
    *,
    funnel_id: int,
    stage_id: int | None,
    name: str,
    norm_seconds: int | None,
    by: Viewer,
    at: datetime,
    place: int | None = None,
) -> Stage:
    """Add a stage at the funnel's end, or rename one, move it, change its norm.

    `norm_seconds`: working time, None for no norm. Raises: PermissionError, BadSetupError.
    """
    name = _named(name, by)
    live = Stage.objects.select_for_update().filter(funnel_id=funnel_id, retired_at=None)
    if live.filter(name=name).exclude(pk=stage_id or 0).exists():
        raise BadSetupError(name=name)
    if stage_id:
        stage = live.get(pk=stage_id)
    else:
        last = Stage.objects.filter(funnel_id=funnel_id).aggregate(top=Max("place"))["top"] or 0
        stage = Stage(funnel_id=funnel_id, place=last + 1, win_permille=FIRST_CHANCE)
    before = f"{stage.name}, {stage.norm_seconds}"
    stage.name, stage.norm_seconds = name, norm_seconds
    stage.save()
    if place is not None:
        _reorder(stage, place)
    note_setting(f"stage:{stage.pk}", before, f"{name}, {norm_seconds}", by, at)
    return stage


@transaction.atomic
def put_hint(*, stage_id: int, text: str, by: Viewer, at: datetime) -> None:
    """Write what to say and do on a stage, a line each; the same text does nothing.

    Raises: PermissionError, Stage.DoesNotExist. Records: SettingChanged.
    """
    _demand(by)
    stage = Stage.objects.select_for_update().get(pk=stage_id, retired_at=None)
    text = text.replace("\r\n", "\n").strip()[:4000]
    if stage.hint != text:
        before, stage.hint = stage.hint, text
        stage.save(update_fields=["hint"])
        note_setting(f"stage:{stage.pk}:hint", before, text, by, at)


@transaction.atomic
def retire_stage(*, stage_id: int, by: Viewer, at: datetime) -> None:
    """Take a stage out of use; its history stays. Raises: PermissionError, StageInUseError."""
    _demand(by)
    stage = Stage.objects.select_for_update().get(pk=stage_id)
    standing = Deal.objects.live().filter(stage=stage, outcome="").count()
    others = Stage.objects.filter(funnel_id=stage.funnel_id, retired_at=None)
    if standing or not others.exclude(pk=stage.pk).exists():
        raise StageInUseError(n=standing, name=stage.name)
    if stage.retired_at is None:
        stage.retired_at = at
        stage.save(update_fields=["retired_at"])
        note_setting(f"stage:{stage.pk}", stage.name, "", by, at)


@transaction.atomic
def put_reason(
    *, name: str, group: str, is_other: bool, by: Viewer, at: datetime
) -> RefusalReason:
    """Add a reason of refusal under a group, the group too when it is new.

    The same name in the same group comes back into use. Raises: PermissionError, BadSetupError.
    """
    name, group = _named(name, by), _named(group, by)
    place = _next(RefusalReason)
    parent, _ = RefusalReason.objects.get_or_create(
        name=group, group=None, defaults={"place": place}
    )
    reason, made = RefusalReason.objects.get_or_create(
        name=name, group=parent, defaults={"place": place + 1, "is_other": is_other}
    )
    if made or reason.retired_at is not None or parent.retired_at is not None:
        RefusalReason.objects.filter(pk__in=(reason.pk, parent.pk)).update(retired_at=None)
        note_setting(f"reason:{reason.pk}", "", f"{group} → {name}", by, at)
    return reason


@transaction.atomic
def retire_reason(*, reason_id: int, by: Viewer, at: datetime) -> None:
    """Take a reason out of use; refusals that name it stay. Raises: PermissionError."""
    _demand(by)
    if RefusalReason.objects.filter(pk=reason_id, retired_at=None).update(retired_at=at):
        name = RefusalReason.objects.get(pk=reason_id).name
        note_setting(f"reason:{reason_id}", name, "", by, at)


@transaction.atomic
def put_product(*, name: str, price_kopecks: int, by: Viewer, at: datetime) -> Product:
    """Add a product or change its price. Raises: PermissionError, BadSetupError."""
    name = _named(name, by)
    there = Product.objects.filter(name=name).first()
    before = str(there.price_kopecks) if there and there.is_active else ""
    product, _ = Product.objects.update_or_create(
        name=name, defaults={"price_kopecks": price_kopecks, "is_active": True}
    )
    if before != str(price_kopecks):
        note_setting(f"product:{product.pk}", before, str(price_kopecks), by, at)
    return product


@transaction.atomic
def retire_product(*, product_id: int, by: Viewer, at: datetime) -> None:
    """Take a product out of the lists; deals that hold it stay. Raises: PermissionError."""
    _demand(by)
    if Product.objects.filter(pk=product_id, is_active=True).update(is_active=False):
        note_setting(f"product:{product_id}", "active", "", by, at)


def stage_places(funnel_id: int) -> list[tuple[int, str, int]]:
    """List the live stages of a funnel in their order: id, name, place."""
    return _places().get(funnel_id, [])


def stages_between(funnel_id: int, start: int, end: int | None) -> dict[int, str]:
    """Give the live stages from a place up to, but not with, another: name by id."""
    return {
        pk: name
        for pk, name, place in _places().get(funnel_id, [])
        if start <= place and (end is None or place < end)
    }


@recent()
def _places() -> dict[int, list[tuple[int, str, int]]]:
    found: dict[int, list[tuple[int, str, int]]] = {}
    rows = Stage.objects.filter(retired_at=None).order_by("place", "pk")
    for funnel_id, pk, name, place in rows.values_list("funnel_id", "pk", "name", "place"):
        found.setdefault(funnel_id, []).append((pk, name, place))
    return found


def note_setting(case: str, before: str, after: str, by: Viewer, at: datetime) -> None:
    """Write a change of the setup into the journal; lists are read anew at once."""
    changed()
    body = SettingChanged(name=case, before=before, after=after)
    journal.record(body, about=journal.About(case=case), by_id=by.by_id, at=at)


def _reorder(stage: Stage, place: int) -> None:
    others = list(
        Stage.objects.filter(funnel_id=stage.funnel_id, retired_at=None)
        .exclude(pk=stage.pk)
        .order_by("place", "pk")
    )
    others.insert(max(0, min(place - 1, len(others))), stage)
    for n, one in enumerate(others, start=1):
        Stage.objects.filter(pk=one.pk).update(place=n)


def _named(name: str, by: Viewer) -> str:
    _demand(by)
    if not name.strip():
        raise BadSetupError(name=name)
    return name.strip()[:120]


def _demand(by: Viewer) -> None:
    if not by.may("settings", "change"):
        raise PermissionError("settings")


def _next(table: type[Funnel] | type[RefusalReason]) -> int:
    return (table._default_manager.aggregate(top=Max("place"))["top"] or 0) + 1
