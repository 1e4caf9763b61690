"""Publishing a draft: stages and rules change at once, open deals go where the plan says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, F, Max, Q, Sum

from voronka.deals.dealing import about_deal
from voronka.deals.demands import DemandRow
from voronka.deals.drafts import demand_right
from voronka.deals.models import Deal, Demand, Funnel, Stage, Version
from voronka.deals.regulation_text import STAGE, Text, changes, text_of
from voronka.deals.replay import who_meets
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed
from voronka.journal import actions as journal
from voronka.journal.kinds import RegulationPublished, StageEntered
from voronka.journal.viewer import Viewer
from voronka.people.viewers import SYSTEM, viewer_of


class MapMissingError(RefusalError):
    """A stage goes, and nobody said where its deals go. details: stage."""

    code = "map_missing"


class NothingToPublishError(RefusalError):
    """The draft says what is in force already, or has no stage."""

    code = "nothing_to_publish"


@dataclass(frozen=True, slots=True)
class Way:
    """Where the open deals of a stage go: to a stage of the draft; `fact`: those of them that
    have it (kind, what, least) go to `with_fact` instead.
    """

    to: int
    fact: tuple[str, str, int] | None = None
    with_fact: int = 0


Plan = Mapping[int, Way]
"""By stage in force."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage in force on the eve of a version: its open deals and their sum, and whether it
    goes. `stays_as`: the draft's stage for it, 0 when it goes. `split`: how many have the fact.
    """

    stage_id: int
    name: str
    n: int
    amount_kopecks: int
    stays_as: int
    way: Way
    split: int = 0

    @property
    def goes(self) -> bool:
        """Whether the stage is no more in the draft."""
        return not self.stays_as


def preview(*, draft: Funnel, plan: Plan) -> list[Standing]:
    """Tell what a version does to the open deals, stage by stage; nothing is written."""
    live = Stage.objects.filter(funnel_id=draft.draft_of_id or 0)
    is_open = Q(deals__outcome="", deals__removed_at=None)
    rows = live.annotate(
        n=Count("deals", filter=is_open), amount=Sum("deals__amount_kopecks", filter=is_open)
    ).order_by("place", "pk")
    kept = Stage.objects.filter(funnel=draft, retired_at=None, origin__isnull=False)
    stays = dict(kept.values_list("origin_id", "pk"))
    known = set(Stage.objects.filter(funnel=draft).values_list("origin_id", flat=True))
    found = []
    for row in rows:
        # What a file brought since the draft was begun stays; a retired stage may hold deals.
        if (row.pk not in known and row.retired_at is None) or (row.retired_at and not row.n):
            continue
        way = plan.get(row.pk) or Way(stays.get(row.pk, 0))
        split = len(_with_fact(row.pk, _open_on(row.pk), way)) if way.fact and row.n else 0
        found.append(
            Standing(row.pk, row.name, row.n, row.amount or 0, stays.get(row.pk, 0), way, split)
        )
    return found


@transaction.atomic
def publish(
    *,
    funnel_id: int,
    plan: Plan,
    by: Viewer,
    at: datetime,
    note: str = "",
    if_due: bool = False,
) -> Version:
    """Put a draft in force. Open deals stay on stages that stay, or go where the plan says;
    time in a stage begins anew for those that go. `if_due`: only if its moment has come and
    nobody called it off.

    Raises: PermissionError, Funnel.DoesNotExist, NothingToPublishError, MapMissingError; none
        leaves a trace.
    Records: StageEntered for each deal that goes, RegulationPublished.
    """
    demand_right(by)
    live = Funnel.objects.select_for_update().get(pk=funnel_id, draft_of=None)
    draft = _draft(funnel_id)
    if if_due and (draft.publish_at is None or draft.publish_at > at):
        raise NothingToPublishError
    before = text_of(live)
    told = changes(_known_to(draft, before), text_of(draft))
    if not told and not any(_carries(one) for one in preview(draft=draft, plan=plan)):
        raise NothingToPublishError
    first_version(live, before, by, draft.drafted_at or at)
    new_ids = _put_stages(live, draft, at)
    moved = _carry(live, plan, new_ids, by, at)
    _retire(live, draft, at)
    live.moves = draft.moves
    live.save(update_fields=["moves"])
    draft.delete()
    last = live.versions.aggregate(top=Max("number"))["top"] or 0
    made = Version.objects.create(
        funnel=live, number=last + 1, at=at, by_id=by.by_id, note=note.strip()[:500],
        text=text_of(live), changes=told, moved=moved,
    )  # fmt: skip
    body = RegulationPublished(
        version_id=made.pk, number=made.number, changes=len(told), moved=moved,
        note=made.note,
    )  # fmt: skip
    journal.record(body, about=journal.About(case=f"funnel:{live.pk}"), by_id=by.by_id, at=at)
    changed()
    return made


@transaction.atomic
def publish_later(
    *, funnel_id: int, plan: Plan, by: Viewer, at: datetime, when: datetime, note: str = ""
) -> None:
    """Set a draft to come in force at a moment to come; another edit calls it off.

    Raises: PermissionError, Funnel.DoesNotExist, MapMissingError.
    """
    demand_right(by)
    draft = _draft(funnel_id)
    for one in preview(draft=draft, plan=plan):
        if one.goes and not one.way.to:
            raise MapMissingError(stage=one.name)
    draft.publish_at, draft.drafted_by_id = when, by.by_id
    ways = {str(pk): [way.to, way.fact, way.with_fact] for pk, way in plan.items()}
    draft.plan = {"ways": ways, "note": note}
    draft.save(update_fields=["publish_at", "drafted_by", "plan"])
    changed()


def plan_of(draft: Funnel) -> Plan:
    """Give the plan that was kept with a draft."""
    return {
        int(pk): Way(to, (fact[0], fact[1], fact[2]) if fact else None, with_fact)
        for pk, (to, fact, with_fact) in draft.plan.get("ways", {}).items()
    }


def publish_due(*, now: datetime) -> int:
    """Put in force the drafts whose moment has come, in the name of who set it; give how many.

    What cannot be published any more stays a draft without a date.
    """
    done = 0
    for draft in Funnel.objects.filter(publish_at__lte=now).select_related("drafted_by"):
        by = viewer_of(draft.drafted_by) if draft.drafted_by else SYSTEM
        try:
            publish(
                funnel_id=draft.draft_of_id or 0, plan=plan_of(draft), by=by, at=now,
                note=draft.plan.get("note", ""),
                if_due=True,
            )  # fmt: skip
            done += 1
        except (RefusalError, PermissionError):
            Funnel.objects.filter(pk=draft.pk).update(publish_at=None)
            changed()
    return done


def first_version(live: Funnel, text: dict[str, object], by: Viewer, at: datetime) -> None:
    """Keep what was in force before anything was published as version 1."""
    if not live.versions.exists():
        Version.objects.create(funnel=live, number=1, at=at, by_id=None, text=text)


def version(version_id: int) -> Version:
    """Give a version with its funnel and who published it. Raises: Version.DoesNotExist."""
    return Version.objects.select_related("funnel", "by").get(pk=version_id)


def difference(draft: Funnel) -> list[dict[str, object]]:
    """List what a draft changes in what is in force; five queries."""
    live = Funnel.objects.get(pk=draft.draft_of_id or 0)
    return changes(_known_to(draft, text_of(live)), text_of(draft))


def versions_of(funnel_id: int) -> list[Version]:
    """List a funnel's versions, the latest first; one query."""
    rows = Version.objects.filter(funnel_id=funnel_id).select_related("by")
    return list(rows.order_by("-number"))


def _known_to(draft: Funnel, before: Text) -> Text:
    """Leave out of a text the stages that came since the draft was begun: they stay."""
    known = set(Stage.objects.filter(funnel=draft).values_list("origin_id", flat=True))
    return before | {"stages": [one for one in before["stages"] if one["id"] in known]}


def _draft(funnel_id: int) -> Funnel:
    """Give and lock a funnel's draft; a second click finds it published already."""
    draft = Funnel.objects.select_for_update().filter(draft_of_id=funnel_id).first()
    if draft is None:
        raise NothingToPublishError
    return draft


def _carries(one: Standing) -> bool:
    return bool(one.n) and (one.way.to != one.stays_as or one.way.fact is not None)


def _put_stages(live: Funnel, draft: Funnel, at: datetime) -> dict[int, int]:
    """Write the draft's stages into the funnel; give the stage in force by the draft's."""
    new_ids = {}
    drafted = list(draft.stages.filter(retired_at=None).order_by("place", "pk"))
    if not drafted:
        raise NothingToPublishError
    known = {stage.origin_id for stage in draft.stages.all()}
    for place, stage in enumerate(drafted, start=1):
        origin = stage.origin
        if origin is None:
            stage.funnel, stage.place = live, place
            stage.save(update_fields=["funnel", "place"])
            new_ids[stage.pk] = stage.pk
            continue
        for name in STAGE:
            setattr(origin, name, getattr(stage, name))
        origin.place, origin.retired_at = place, None
        origin.save(update_fields=[*STAGE, "place", "retired_at"])
        _put_demands(origin, stage, at)
        new_ids[stage.pk] = origin.pk
    # A file may have brought a stage since the draft was begun: it stays, at the end.
    others = live.stages.filter(retired_at=None).exclude(pk__in=[*known, *new_ids.values()])
    for place, stage in enumerate(others.order_by("place", "pk"), start=len(drafted) + 1):
        Stage.objects.filter(pk=stage.pk).update(place=place)
    return new_ids


def _put_demands(origin: Stage, stage: Stage, at: datetime) -> None:
    """Bring a stage's demands up to the draft's; one that stays keeps its id and its count."""

    def key(one: Demand) -> tuple[str, str]:
        return one.kind, "" if one.kind == "indicator" else one.what

    there = {key(one): one for one in origin.demands.filter(retired_at=None)}
    for one in stage.demands.filter(retired_at=None):
        old = there.pop(key(one), None)
        if old is None:
            one.stage = origin
            one.what = str(origin.pk) if one.kind == "indicator" else one.what
            one.save(update_fields=["stage", "what"])
        else:
            old.least, old.level, old.since = one.least, one.level, one.since
            old.place = one.place
            old.save(update_fields=["least", "level", "since", "place"])
    gone = [one.pk for one in there.values()]
    Demand.objects.filter(pk__in=gone).update(retired_at=at)


def _carry(
    live: Funnel, plan: Plan, new_ids: Mapping[int, int], by: Viewer, at: datetime
) -> int:
    moved = 0
    stages = {stage.pk: stage for stage in live.stages.all()}
    # All are read before any goes: who comes to a stage must not go on with those there.
    standing = {pk: _open_on(pk, lock=True) for pk in plan if pk in stages}
    for stage_id, deals in standing.items():
        way = plan[stage_id]
        chosen = _with_fact(stage_id, deals, way)
        going: dict[int, list[Deal]] = {}
        for deal in deals:
            wanted = way.with_fact if deal.pk in chosen else way.to
            going.setdefault(new_ids.get(wanted, 0), []).append(deal)
        for target_id, some in going.items():
            if target_id not in stages:
                raise MapMissingError(stage=stages[stage_id].name)
            if target_id != stage_id:
                _move(some, stages[target_id], by, at)
                moved += len(some)
    return moved


def _move(deals: list[Deal], target: Stage, by: Viewer, at: datetime) -> None:
    facts = []
    for deal in deals:
        entered = StageEntered(
            attempt=deal.attempt, from_stage_id=deal.stage_id, to_stage_id=target.pk,
            stage_name=target.name,
            seconds_in_previous=max(0, int((at - deal.stage_since).total_seconds())),
        )  # fmt: skip
        deal.stage = target
        facts.append(journal.fact_of(entered, about=about_deal(deal), by_id=by.by_id, at=at))
    ids = [deal.pk for deal in deals]
    for start in range(0, len(ids), 500):
        rows = Deal.objects.filter(pk__in=ids[start : start + 500])
        rows.update(stage=target, stage_since=at, version=F("version") + 1)
    journal.record_many(facts)


def _retire(live: Funnel, draft: Funnel, at: datetime) -> None:
    leaving = draft.stages.filter(retired_at__isnull=False, origin__isnull=False)
    gone = live.stages.filter(pk__in=leaving.values("origin_id"), retired_at=None)
    for stage in gone:
        if Deal.objects.live().filter(stage=stage, outcome="").exists():
            raise MapMissingError(stage=stage.name)
        Stage.objects.filter(pk=stage.pk).update(retired_at=at)


def _open_on(stage_id: int, *, lock: bool = False) -> list[Deal]:
    rows = Deal.objects.live().filter(stage_id=stage_id, outcome="")
    if lock:
        rows = rows.select_for_update(of=("self",))
    return list(rows.select_related("stage", "client", "manager"))


def _with_fact(stage_id: int, deals: Iterable[Deal], way: Way) -> set[int]:
    if way.fact is None:
        return set()
    kind, what, least = way.fact
    row = DemandRow(0, stage_id, kind, what, least, "warn", date.min)
    return who_meets(list(deals), row)
