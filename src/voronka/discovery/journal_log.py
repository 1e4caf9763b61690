"""The journal as an event log: a sale is an attempt at a deal, from its first stage on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from voronka.deals.models import Deal
from voronka.discovery.log import Log
from voronka.journal.models import Fact, FactQuerySet
from voronka.journal.viewer import Viewer

KINDS = ("deal.stage_entered", "deal.won", "deal.lost", "step.done", "call.ended")
WON, LOST = "deal:won", "deal:lost"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact as an event of a case; `outcome`: "won" or "lost" where it ends the case."""

    deal_id: int
    case: str
    activity: str
    at_ms: int
    person: str
    outcome: str


def read_journal(
    *, viewer: Viewer, since: datetime | None = None, funnel_id: int | None = None
) -> Log:
    """Read the deals of a funnel that the viewer may see, in one pass over the facts.

    Activities: the stage's name, "call:in" and "call:out" for talks, "step:meeting" and the
    like for what was done, "deal:won" and "deal:lost". A reopened deal is a case of its own.
    """
    # Pages do without the builder's columns, 16 MB of a process.
    from voronka.discovery.builder import LogBuilder  # noqa: PLC0415

    facts = Fact.objects.visible_to(viewer).filter(telling())
    if since is not None:
        facts = facts.filter(at__gte=since)
    if funnel_id is not None:
        facts = facts.filter(deal_id__in=Deal.objects.filter(funnel_id=funnel_id).values("pk"))
    builder = LogBuilder()
    for event in events_of(facts):
        builder.add(event.case, event.activity, event.at_ms, event.person)
        if event.outcome:
            builder.end(event.case, event.outcome)
    return builder.finish()


def telling() -> Q:
    """Say which facts are events of a deal."""
    is_missed_call = Q(kind="call.ended") & Q(measure=0)
    return Q(deal_id__isnull=False, kind__in=KINDS) & ~is_missed_call


def events_of(facts: FactQuerySet) -> Iterator[Event]:
    """Give the events of facts that count, deal by deal and in the order of time."""
    columns = ("deal_id", "kind", "at", "by_id", "body")
    attempts: dict[int, int] = {}
    rows = facts.counted().order_by("deal_id", "at", "pk").values_list(*columns)
    for deal_id, kind, at, by_id, body in rows.iterator(chunk_size=5000):
        attempt = attempts[deal_id] = body.get("attempt") or attempts.get(deal_id, 1)
        case = str(deal_id) if attempt == 1 else f"{deal_id}/{attempt}"
        activity = _activity(kind, body)
        outcome = activity.removeprefix("deal:") if activity in (WON, LOST) else ""
        at_ms = int(at.timestamp() * 1000)
        yield Event(deal_id, case, activity, at_ms, str(by_id or ""), outcome)


def _activity(kind: str, body: dict[str, str]) -> str:
    if kind == "deal.stage_entered":
        return body["stage_name"]
    if kind == "step.done":
        return f"step:{body['step_kind']}"
    if kind == "call.ended":
        return f"call:{body['direction']}"
    return kind.replace(".", ":")
