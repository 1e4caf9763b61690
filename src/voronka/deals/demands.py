"""The regulation of a stage: what a deal must have, proven by facts, before it goes on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from voronka.deals.funnels import note_setting, stage_places
from voronka.deals.models import Deal, Demand, Stage
from voronka.deals.recorded_figures import is_recorded
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import recent
from voronka.foundation.text import is_junk
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer
from voronka.people import settings

KINDS = ("field", "talk", "done", "next_step", "indicator")
LEVELS = ("off", "warn", "require")
STEPS = ("call_back", "letter", "quote", "meeting", "presentation", "task")
DEAL_FIELDS = ("amount_kopecks", "expected_close_on", "source_id", "note", "lines")
CLIENT_FIELDS = ("inn", "phone", "mail", "contact", "decides", "city", "address", "industry")


class BadDemandError(RefusalError):
    """A demand has an unknown kind, level or field."""

    code = "bad_demand"


class DemandUnmetError(RefusalError):
    """Something that is required before the next stage is not there. details: demands."""

    code = "demand_unmet"


class ReasonWantedError(RefusalError):
    """Something soft is not met: a reason lets the deal pass. details: demands."""

    code = "reason_wanted"


@dataclass(frozen=True, slots=True)
class DemandRow:
    """A demand as it is in force."""

    id: int
    stage_id: int
    kind: str
    what: str
    least: int
    level: str
    since: date


@dataclass(frozen=True, slots=True)
class Checked:
    """A demand and whether a deal meets it now."""

    demand: DemandRow
    is_met: bool


def demands_of(stage_ids: Iterable[int]) -> list[DemandRow]:
    """List the demands of stages in their order, those switched off included."""
    known = _all_demands()
    return [row for pk in stage_ids for row in known.get(pk, [])]


def check(deal: Deal, demands: Sequence[DemandRow], *, day: date) -> list[Checked]:
    """Tell which demands in force a deal meets; no query without any, five at most."""
    return compare(deal, [row for row in demands if row.level != "off" and row.since <= day])


def compare(deal: Deal, demands: Sequence[DemandRow]) -> list[Checked]:
    """Tell which demands a deal meets, whether they are in force or not."""
    facts = _facts(deal) if any(row.kind in ("talk", "done") for row in demands) else []
    client = _client(deal) if any(_is_of_client(row) for row in demands) else {}
    return [Checked(row, _is_met(row, deal, facts, client)) for row in demands]


def demand_passage(
    deal: Deal,
    stage_ids: Sequence[int],
    *,
    reason: str,
    day: date,
    beside: Sequence[DemandRow] = (),
) -> list[DemandRow]:
    """Make sure that a deal may leave these stages forward; give the soft ones passed over.

    `beside`: what else asks for a reason. In trial mode everything is soft.

    Raises: DemandUnmetError, ReasonWantedError when a soft one is not met and no reason given.
    """
    unmet = [
        one.demand for one in check(deal, demands_of(stage_ids), day=day) if not one.is_met
    ]
    hard = [row for row in unmet if row.level == "require"]
    if hard and not settings.all_settings()["trial_mode"]:
        raise DemandUnmetError(demands=[(row.kind, row.what, row.least) for row in hard])
    unmet += beside
    if unmet and not reason.strip():
        raise ReasonWantedError(demands=[(row.kind, row.what, row.least) for row in unmet])
    return unmet


def unmet(deal: Deal, *, to_stage_id: int | None, day: date) -> list[DemandRow]:
    """List what a deal lacks to come to a stage of its funnel (None: to be won).

    Back, or to a stage of another funnel, nothing is demanded. No query without demands.
    """
    places = {pk: place for pk, _, place in stage_places(deal.funnel_id)}
    here = places.get(deal.stage_id)
    end = None if to_stage_id is None else places.get(to_stage_id)
    if here is None or (to_stage_id is not None and end is None):
        return []
    left = [
        pk for pk, place in places.items() if here <= place and (end is None or place < end)
    ]
    return [one.demand for one in check(deal, demands_of(left), day=day) if not one.is_met]


@transaction.atomic
def put_demand(
    *,
    stage_id: int,
    kind: str,
    what: str,
    least: int,
    level: str,
    since: date,
    by: Viewer,
    at: datetime,
) -> Demand:
    """Add a demand to a stage; the same one again changes its level and day.

    For the kind "indicator" `what` is the stage's id, whatever is given.
    Raises: PermissionError, BadDemandError, Stage.DoesNotExist. Records: SettingChanged.
    """
    _demand_right(by)
    if kind not in KINDS or level not in LEVELS or not _is_known(kind, what):
        raise BadDemandError(kind=kind, what=what)
    stage = Stage.objects.get(pk=stage_id, retired_at=None)
    if kind == "indicator":
        what = _indicator_of(stage)
    same = {"stage": stage, "kind": kind, "what": what, "retired_at": None}
    there = Demand.objects.filter(**same).first()
    before = f"{there.level}, {there.least}, {there.since}" if there else ""
    row = there or Demand(**same, place=Demand.objects.filter(stage=stage).count())
    row.level, row.least, row.since = level, max(0, least), since
    row.save()
    after = f"{kind} {what}: {level}, {row.least}, {since}"
    note_setting(f"demand:{row.pk}", before, after, by, at)
    return row


@transaction.atomic
def change_demand(*, demand_id: int, level: str, since: date, by: Viewer, at: datetime) -> None:
    """Switch a demand off, to warn or to require, from a day on.

    Raises: PermissionError, BadDemandError, Demand.DoesNotExist. Records: SettingChanged.
    """
    _demand_right(by)
    if level not in LEVELS:
        raise BadDemandError(level=level)
    row = Demand.objects.select_for_update().get(pk=demand_id, retired_at=None)
    before = f"{row.level}, {row.since}"
    if (row.level, row.since) != (level, since):
        row.level, row.since = level, since
        row.save(update_fields=["level", "since"])
        note_setting(f"demand:{row.pk}", before, f"{level}, {since}", by, at)


@transaction.atomic
def drop_demand(*, demand_id: int, by: Viewer, at: datetime) -> None:
    """Take a demand away; what was passed over before stays told. Raises: PermissionError."""
    _demand_right(by)
    if Demand.objects.filter(pk=demand_id, retired_at=None).update(retired_at=at):
        note_setting(f"demand:{demand_id}", "on", "", by, at)


def one_demand(demand_id: int) -> DemandRow | None:
    """Give a demand by its id, those of drafts included; nothing is asked."""
    rows = (row for some in _all_demands().values() for row in some)
    return next((row for row in rows if row.id == demand_id), None)


@recent()
def _all_demands() -> dict[int, list[DemandRow]]:
    columns = ("pk", "stage_id", "kind", "what", "least", "level", "since")
    found: dict[int, list[DemandRow]] = {}
    rows = Demand.objects.filter(retired_at=None).order_by("place", "pk")
    for row in rows.values_list(*columns):
        found.setdefault(row[1], []).append(DemandRow(*row))
    return found


def _indicator_of(stage: Stage) -> str:
    if not stage.indicator_kind:
        raise BadDemandError(kind="indicator", what=stage.name)
    return str(stage.pk)


def _is_known(kind: str, what: str) -> bool:
    if kind == "field":
        custom = what.startswith("f") and what[1:].isdecimal()
        return what in DEAL_FIELDS or what in CLIENT_FIELDS or custom
    return what in STEPS if kind == "done" else not what


def _is_of_client(row: DemandRow) -> bool:
    return row.kind == "field" and row.what in CLIENT_FIELDS


def _facts(deal: Deal) -> list[tuple[str, int | None, dict[str, Any]]]:
    """The talks and the steps done in this attempt."""
    facts = Fact.objects.counted().filter(
        Q(kind="step.done") | Q(kind="call.ended", measure__gt=0),
        deal_id=deal.pk,
        at__gte=deal.attempt_since,
    )
    return list(facts.values_list("kind", "measure", "body"))


def _client(deal: Deal) -> dict[str, str]:
    client = deal.client
    contacts = list(client.contacts.all())
    return {
        "phone": next((one.e164 for one in client.phones.all()), ""),
        "mail": next((one.address for one in client.mails.all()), ""),
        "contact": next((one.name for one in contacts), ""),
        "decides": next((one.decides for one in contacts if one.decides), ""),
        **{name: getattr(client, name) for name in ("inn", "city", "address", "industry")},
    }


def _is_met(
    row: DemandRow,
    deal: Deal,
    facts: Sequence[tuple[str, int | None, dict[str, Any]]],
    client: dict[str, str],
) -> bool:
    if row.kind == "talk":
        return any(kind == "call.ended" and (n or 0) >= row.least for kind, n, _ in facts)
    if row.kind == "done":
        return any(k == "step.done" and body["step_kind"] == row.what for k, _, body in facts)
    if row.kind == "next_step":
        return deal.next_step_at is not None
    if row.kind == "indicator":
        return is_recorded(deal, row.stage_id)
    if row.what == "lines":
        return bool(deal.lines.all())
    if row.what in CLIENT_FIELDS:
        return bool(client[row.what]) and not is_junk(client[row.what])
    is_own = row.what in DEAL_FIELDS
    value = getattr(deal, row.what) if is_own else deal.custom.get(row.what)
    return value is not None and (not isinstance(value, str) or not is_junk(value))


def _demand_right(by: Viewer) -> None:
    if not by.may("settings", "change"):
        raise PermissionError("settings")
