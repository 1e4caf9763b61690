"""The board: deals by stage, moved by drag, by keyboard or by a form."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.agenda.queries import next_steps
from voronka.deals import queries, regulation, stage_moves
from voronka.deals.demands import ReasonWantedError
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.board.cards import AgedCard, age
from voronka.web.pages import EVERYBODY, SELLING, open_to, settings_of, viewer
from voronka.web.reading import posted_id
from voronka.web.shell import now, part, render


@open_to(EVERYBODY)
def board(request: HttpRequest) -> HttpResponse:
    """Show a funnel's open deals, five queries however many there are."""
    funnels = queries.funnels()
    if not funnels:
        return render(request, "board/none.html", {}, here="board")
    funnel_id = _number(request, "funnel") or funnels[0][0]
    manager_id, only = _number(request, "manager"), request.GET.get("only", "")
    columns = queries.board(
        viewer=viewer(request), funnel_id=funnel_id, manager_id=manager_id, only=only
    )
    context = {
        "columns": _columns(request, columns),
        "stages": [column.stage for column in columns],
        "funnels": funnels,
        "funnel_id": funnel_id,
        "manager_id": manager_id,
        "only": only,
        "n": sum(column.n for column in columns),
        "amount": sum(column.amount_kopecks for column in columns),
        "weighted": sum(column.weighted_kopecks for column in columns),
        "sellers": [one for one in directory() if one.sells],
        "may_move": viewer(request).may("deal", "change"),
    }
    return render(request, "board/board.html", context, here="board")


@open_to(EVERYBODY)
def column_page(request: HttpRequest, stage_id: int) -> HttpResponse:
    """Give the next 50 cards of a stage."""
    amount, _sep, pk = request.GET.get("after", "").partition(":")
    cards = queries.column_page(
        viewer=viewer(request),
        stage_id=stage_id,
        after=(int(amount), int(pk)) if pk.isdecimal() else (10**18, 0),
        manager_id=_number(request, "manager"),
        only=request.GET.get("only", ""),
    )
    context = {
        "cards": _aged(request, cards[: queries.PAGE]),
        "stage_id": stage_id,
        "has_more": len(cards) > queries.PAGE,
        "manager_id": _number(request, "manager"),
        "only": request.GET.get("only", ""),
        "may_move": viewer(request).may("deal", "change"),
        "stages": queries.stages_beside(stage_id),
    }
    return part(request, "board/_cards.html", context)


@require_POST
@open_to(SELLING)
def move(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Put a deal on another stage; the toast offers the way back."""
    by, version = viewer(request), request.POST.get("version", "")
    to = posted_id(request, "stage")
    try:
        moved = stage_moves.move_deal(
            deal_id=deal_id,
            to_stage_id=to,
            by=by,
            at=now(),
            version=int(version) if version.isdecimal() else None,
            reason=request.POST.get("reason", ""),
        )
    except ReasonWantedError:
        asked = urlencode({"stage": to, "back": _back(request)})
        where = f"{reverse('deal-move-reason', args=[deal_id])}?{asked}"
        return HttpResponseRedirect(where, status=303)
    if moved.came_from is not None:
        text = _("№ %(n)s перенесена в «%(stage)s»") % {
            "n": moved.number,
            "stage": moved.stage.name,
        }
        undo = reverse("deal-move-undo", args=[deal_id, moved.came_from, moved.version])
        messages.success(request, text, extra_tags=f"undo:{undo}")
    return HttpResponseRedirect(_back(request), status=303)


@open_to(SELLING)
def move_reason(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask why a deal may pass what its stage softly demands."""
    card = queries.deal(viewer=viewer(request), deal_id=deal_id)
    stages = {stage.id: stage for stage in queries.stages(card.funnel_id)}
    target = stages.get(_number(request, "stage") or 0)
    by, to_id = viewer(request), target.id if target else None
    checked = regulation.move_reasons(viewer=by, deal_id=deal_id, to_stage_id=to_id)
    checked += regulation.checked(
        viewer=by, deal_id=deal_id, to_place=target.place if target else None, at=now()
    )
    context = {
        "row": card.row,
        "target": target,
        "checked": checked,
        "back": request.GET.get("back", ""),
    }
    return render(request, "deal/reason.html", context, here="board")


@require_POST
@open_to(SELLING)
def move_undo(request: HttpRequest, deal_id: int, stage_id: int, version: int) -> HttpResponse:
    """Take a move back, unless somebody moved the deal since."""
    stage_moves.move_deal(
        deal_id=deal_id,
        to_stage_id=stage_id,
        by=viewer(request),
        at=now(),
        version=version,
        is_undo=True,
    )
    return HttpResponseRedirect(_back(request), status=303)


def _columns(
    request: HttpRequest, columns: list[queries.Column]
) -> list[tuple[queries.Column, list[AgedCard]]]:
    """Age the cards of all columns with one look at their next steps."""
    aged = iter(_aged(request, [card for column in columns for card in column.cards]))
    return [(column, [next(aged) for _card in column.cards]) for column in columns]


def _aged(request: HttpRequest, cards: list[queries.DealRow]) -> list[AgedCard]:
    steps = next_steps([card.id for card in cards])
    calendar, at = calendar_of(settings_of(request)), now()
    threshold = settings_of(request)["completeness_threshold"]
    return [age(card, steps.get(card.id), calendar, at, threshold) for card in cards]


def _back(request: HttpRequest) -> str:
    wanted: Any = request.POST.get("back", "")
    return (
        wanted if wanted.startswith("/") and not wanted.startswith("//") else reverse("board")
    )


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() else None
