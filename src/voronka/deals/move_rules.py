"""Who may move deals how: a table of moves by role, and who may put a deal on a stage."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from voronka.deals.demands import DemandRow
from voronka.deals.funnels import note_setting, stage_places
from voronka.deals.models import Deal, Funnel, Stage
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import recent
from voronka.journal.viewer import Viewer
from voronka.people import settings

MOVES = ("forward", "skip", "back", "win", "lose", "reopen", "hand_over")
WITH_REASON = ("forward", "skip", "back", "win")
"""Moves that can be let through with a reason; a refusal has one always."""
ENTER = "enter"
ROLES = ("manager", "lead", "head")
LEVELS = ("yes", "reason", "no")
Levels = Mapping[str, str]


class MoveForbiddenError(RefusalError):
    """The regulation does not let this role move a deal so. details: move, stage."""

    code = "move_forbidden"


class BadMoveRuleError(RefusalError):
    """There is no such move, role or level."""

    code = "bad_move_rule"


def move_kind(deal: Deal, place: int) -> str:
    """Name a move to a place of the deal's funnel: forward, skip or back."""
    if place < deal.stage.place:
        return "back"
    between = [
        pk
        for pk, _name, other in stage_places(deal.funnel_id)
        if deal.stage.place < other < place
    ]
    return "skip" if between else "forward"


def demand_move(
    deal: Deal, move: str, *, by: Viewer, to: Stage | None = None
) -> list[DemandRow]:
    """Make sure that `by` may move a deal so, and on to a stage; give what asks for a reason.

    The head of sales and who administers are one column; what the system does is let through.
    In trial mode "no" only asks for a reason.

    Raises: MoveForbiddenError.
    """
    levels, entries = rules_of(deal.funnel_id)
    asked = [(move, levels.get(move, {}), "")]
    if to is not None:
        asked.append((ENTER, entries.get(to.pk, {}), to.name))
    found = []
    for name, by_role, stage in asked:
        level = _level(by_role, by)
        if level == "no" and settings.all_settings()["trial_mode"]:
            level = "reason" if name in (*WITH_REASON, ENTER) else "yes"
        if level == "no":
            raise MoveForbiddenError(move=name, stage=stage)
        if level == "reason":
            found.append(DemandRow(0, deal.stage_id, "move", name, 0, "warn", date.min))
    return found


def may_move(deal: Deal, move: str, *, by: Viewer, to: Stage | None = None) -> str:
    """Tell how a move stands: yes, reason or no."""
    try:
        return "reason" if demand_move(deal, move, by=by, to=to) else "yes"
    except MoveForbiddenError:
        return "no"


@transaction.atomic
def put_move_rule(
    *, funnel_id: int, move: str, role: str, level: str, by: Viewer, at: datetime
) -> None:
    """Say how a role may make a move in a funnel (of a draft, too).

    Raises: PermissionError, BadMoveRuleError, Funnel.DoesNotExist. Records: SettingChanged.
    """
    _check(move in MOVES and (level != "reason" or move in WITH_REASON), role, level, by)
    funnel = Funnel.objects.select_for_update().get(pk=funnel_id)
    rules: dict[str, Any] = dict(funnel.moves)
    before = rules.get(move, {}).get(role, "yes")
    if before != level:
        rules[move] = rules.get(move, {}) | {role: level}
        funnel.moves = rules
        funnel.save(update_fields=["moves"])
        note_setting(f"funnel:{funnel_id}:{move}:{role}", before, level, by, at)


@transaction.atomic
def put_entry_rule(*, stage_id: int, role: str, level: str, by: Viewer, at: datetime) -> None:
    """Say how a role may put a deal on a stage.

    Raises: PermissionError, BadMoveRuleError, Stage.DoesNotExist. Records: SettingChanged.
    """
    _check(True, role, level, by)
    stage = Stage.objects.select_for_update().get(pk=stage_id, retired_at=None)
    before = stage.entry.get(role, "yes")
    if before != level:
        stage.entry = stage.entry | {role: level}
        stage.save(update_fields=["entry"])
        note_setting(f"stage:{stage_id}:enter:{role}", before, level, by, at)


def rules_of(funnel_id: int) -> tuple[dict[str, Levels], dict[int, Levels]]:
    """Give who may move how, by move, and who may put a deal on a stage, by stage."""
    return _rules().get(funnel_id, ({}, {}))


@recent()
def _rules() -> dict[int, tuple[dict[str, Levels], dict[int, Levels]]]:
    """By funnel: who may move how, and who may put a deal on a stage."""
    found: dict[int, tuple[dict[str, Levels], dict[int, Levels]]] = {
        pk: (moves, {}) for pk, moves in Funnel.objects.values_list("pk", "moves")
    }
    for pk, funnel_id, entry in Stage.objects.exclude(entry={}).values_list(
        "pk", "funnel_id", "entry"
    ):
        found.setdefault(funnel_id, ({}, {}))[1][pk] = entry
    return found


def _level(by_role: Levels, by: Viewer) -> str:
    role = "head" if by.role == "administrator" else by.role
    return by_role.get(role, "yes") if role in ROLES else "yes"


def _check(is_known: bool, role: str, level: str, by: Viewer) -> None:
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    if not is_known or role not in ROLES or level not in LEVELS:
        raise BadMoveRuleError(role=role, level=level)
