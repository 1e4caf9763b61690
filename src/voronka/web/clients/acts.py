"""What people do on a card: contacts, notes, handing over, merging and its undo."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.agenda.steps import set_step
from voronka.clients import cards, merging, people_at_client, queries
from voronka.people.queries import directory
from voronka.web.pages import SELLING, open_to, viewer
from voronka.web.reading import posted_id, posted_moment
from voronka.web.shell import now, render

CHOICES = (
    "name", "legal_name", "inn", "kpp", "ogrn", "city", "address", "website", "industry",
    "source_id", "manager_id", "note",
)  # fmt: skip


@require_POST
@open_to(SELLING)
def contact(request: HttpRequest, client_id: int) -> HttpResponse:
    """Add a person or a number, or change a person."""
    form, pk = request.POST, request.POST.get("contact", "")
    people_at_client.put_contact(
        client_id=client_id,
        contact_id=int(pk) if pk.isdecimal() else None,
        name=form.get("name", ""),
        post=form.get("post", ""),
        decides=form.get("decides", ""),
        phones=[form["phone"]] if form.get("phone", "").strip() else [],
        mails=[form["mail"]] if form.get("mail", "").strip() else [],
        by=viewer(request),
        at=now(),
    )
    messages.success(request, _("Записано"))
    return _to(client_id)


@require_POST
@open_to(SELLING)
def drop(request: HttpRequest, client_id: int) -> HttpResponse:
    """Take a number or a person off the card."""
    people_at_client.drop_number(
        client_id=client_id,
        table=request.POST.get("table", ""),
        row_id=posted_id(request, "row"),
        by=viewer(request),
        at=now(),
    )
    return _to(client_id)


@require_POST
@open_to(SELLING)
def note(request: HttpRequest, client_id: int) -> HttpResponse:
    """Write a note into the timeline."""
    text = request.POST.get("text", "")
    cards.write_note(client_id=client_id, text=text, by=viewer(request), at=now())
    return _to(client_id)


@require_POST
@open_to(SELLING)
def step(request: HttpRequest, client_id: int) -> HttpResponse:
    """Plan a step with a client that has no deal yet."""
    set_step(
        kind=request.POST.get("kind", ""),
        title=request.POST.get("title", ""),
        due_at=posted_moment(request, "due"),
        client_id=client_id,
        by=viewer(request),
        at=now(),
    )
    messages.success(request, _("Шаг поставлен"))
    return _to(client_id)


@require_POST
@open_to(SELLING)
def handover(request: HttpRequest, client_id: int) -> HttpResponse:
    """Give a client to another manager."""
    to_id = posted_id(request, "to")
    cards.hand_over_client(client_id=client_id, to_id=to_id, by=viewer(request), at=now())
    messages.success(request, _("Клиент передан"))
    return HttpResponseRedirect(reverse("clients"), status=303)


@open_to(SELLING)
def merge(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    """Choose field by field what stays, then merge."""
    by = viewer(request)
    if request.method == "POST":
        choice = {k[2:]: str(v) for k, v in request.POST.items() if k.startswith("c-")}
        made = merging.merge_clients(
            kept_id=client_id, other_id=other_id, choice=choice, by=by, at=now()
        )
        undo = reverse("merge-undo", args=[made.pk])
        messages.success(request, _("Карточки слиты"), extra_tags=f"undo:{undo}")
        return _to(client_id)
    kept, other = (queries.card(viewer=by, client_id=pk) for pk in (client_id, other_id))
    names = {one.id: one.name for one in directory()}
    lines = []
    for name in CHOICES:
        mine, theirs = _value(kept, name, names), _value(other, name, names)
        if (mine or theirs) and mine != theirs:
            lines.append((name.removesuffix("_id"), name, mine, theirs))
    context = {"kept": kept, "other": other, "lines": lines}
    return render(request, "clients/merge.html", context, here="clients")


@require_POST
@open_to(SELLING)
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge apart again, within 30 days."""
    undone = merging.undo_merge(merge_id=merge_id, by=viewer(request), at=now())
    messages.success(request, _("Слияние отменено: обе карточки снова на месте"))
    return _to(undone.other_id)


@require_POST
@open_to(SELLING)
def not_twins(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    """Say that two alike cards are different clients."""
    merging.say_not_twins(client_id=client_id, other_id=other_id, by=viewer(request))
    messages.success(request, _("Больше не будем предлагать"))
    return _to(client_id)


def _value(card: queries.Card, name: str, names: dict[int, str]) -> str:
    if name == "source_id":
        return card.source
    if name == "manager_id":
        return names.get(card.manager_id or 0, "")
    return card.fields.get(name, "")


def _to(client_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("client", args=[client_id]), status=303)
