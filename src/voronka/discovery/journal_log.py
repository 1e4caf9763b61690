"""The journal as an event log: a sale is an attempt at a deal, from its first stage on."""

from datetime import datetime

from django.db.models import Q

from voronka.deals.models import Deal
from voronka.discovery.log import Log, LogBuilder
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer

KINDS = ("deal.stage_entered", "deal.won", "deal.lost", "step.done", "call.ended")
WON, LOST = "deal:won", "deal:lost"


def read_journal(
    *, viewer: Viewer, since: datetime | None = None, funnel_id: int | None = None
) -> Log:
    """Read the deals of a funnel that the viewer may see, in one pass over the facts.

    Activities: the stage's name, "call:in" and "call:out" for talks, "step:meeting" and the
    like for what was done, "deal:won" and "deal:lost". A reopened deal is a case of its own.
    """
    facts = Fact.objects.visible_to(viewer).counted()
    facts = facts.filter(deal_id__isnull=False, kind__in=KINDS)
    facts = facts.exclude(Q(kind="call.ended") & Q(measure=0))
    if since is not None:
        facts = facts.filter(at__gte=since)
    if funnel_id is not None:
        facts = facts.filter(deal_id__in=Deal.objects.filter(funnel_id=funnel_id).values("pk"))
    columns = ("deal_id", "kind", "at", "by_id", "body")
    builder = LogBuilder()
    add = builder.adder()
    attempts: dict[int, int] = {}
    rows = facts.order_by("deal_id", "at", "pk").values_list(*columns)
    for deal_id, kind, at, by_id, body in rows.iterator(chunk_size=5000):
        attempt = attempts[deal_id] = body.get("attempt") or attempts.get(deal_id, 1)
        case = str(deal_id) if attempt == 1 else f"{deal_id}/{attempt}"
        activity = _activity(kind, body)
        add(case, activity, int(at.timestamp() * 1000), str(by_id or ""))
        if activity in (WON, LOST):
            builder.end(case, activity.removeprefix("deal:"))
    return builder.finish()


def _activity(kind: str, body: dict[str, str]) -> str:
    if kind == "deal.stage_entered":
        return body["stage_name"]
    if kind == "step.done":
        return f"step:{body['step_kind']}"
    if kind == "call.ended":
        return f"call:{body['direction']}"
    return kind.replace(".", ":")
