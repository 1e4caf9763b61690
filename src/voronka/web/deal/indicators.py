"""What the manager records on the stages of a deal: now, and what was left before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from voronka.deals import queries
from voronka.deals.indicators import record_indicator
from voronka.deals.recorded_figures import Recorded
from voronka.foundation.errors import RefusalError
from voronka.web.pages import SELLING, open_to, viewer
from voronka.web.reading import posted_id
from voronka.web.refusals import sentence
from voronka.web.shell import now, part


@dataclass(frozen=True, slots=True)
class Line:
    """A stage's figure on a deal; `is_here`: the deal stands there, nothing is late yet."""

    stage: queries.StageRow
    recorded: Recorded | None
    is_here: bool


def lines_of(card: queries.DealCard, stages: Sequence[queries.StageRow]) -> list[Line]:
    """List the figures of the stages passed and of the present one, in their order.

    A closed deal has passed all it came to. What was recorded in an earlier attempt stays.
    """
    here = next((one.place for one in stages if one.id == card.row.stage_id), 0)
    return [
        Line(
            stage,
            card.recorded.get(stage.id),
            stage.place == here and not card.row.outcome,
        )
        for stage in stages
        if stage.place <= here and (stage.indicator_kind or stage.id in card.recorded)
    ]


@require_POST
@open_to(SELLING)
def record(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Record a stage's figure; htmx gets the panel anew, with the refusal if there is one."""
    by, said = viewer(request), ""
    stage_id, text = posted_id(request, "stage"), request.POST.get("value", "")
    is_part = "HX-Request" in request.headers
    try:
        record_indicator(deal_id=deal_id, stage_id=stage_id, text=text, by=by, at=now())
    except RefusalError as error:
        if not is_part:
            raise
        said = sentence(error)
    if not is_part:
        return HttpResponseRedirect(reverse("deal", args=[deal_id]), status=303)
    card = queries.deal(viewer=by, deal_id=deal_id)
    lines = lines_of(card, queries.stages(card.funnel_id))
    context = {
        "indicators": lines,
        "row": card.row,
        "card": card,
        "may_change": True,
        "said": said,
        "typed": {stage_id: text} if said else {},
    }
    answer = part(request, "deal/_indicators.html", context)
    answer.headers["HX-Trigger"] = "indicator-recorded"
    return answer
