"""The list of clients and a client's card: everything known in one place."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.clients import cards, queries, twins
from voronka.clients.custom_fields import fields_of
from voronka.deals.queries import deals_of_client
from voronka.journal.queries import client_timeline
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.clients.forms import changes_of, custom_of, new_client_of
from voronka.web.clients.shown import custom_lines
from voronka.web.pages import EVERYBODY, SELLING, open_to, settings_of, viewer
from voronka.web.shell import now, part, render
from voronka.web.timeline import days_of

TABS = {
    "call": ("call.",),
    "inquiry": ("inquiry.",),
    "deal": ("deal.",),
    "step": ("step.",),
    "letter": ("letter.", "inquiry.letter"),
    "card": ("client.", "note."),
}


@open_to(EVERYBODY)
def clients(request: HttpRequest) -> HttpResponse:
    """Show a page of 50 cards by name, three queries."""
    by, query = viewer(request), request.GET.get("q", "").strip()[:100]
    manager, thin = request.GET.get("manager", ""), bool(request.GET.get("thin"))
    threshold = settings_of(request)["completeness_threshold"]
    rows = queries.client_list(
        viewer=by,
        query=query,
        manager_id=int(manager) if manager.isdecimal() else None,
        below=threshold if thin else None,
        after=_after(request),
    )
    page = rows[: queries.PAGE]
    kept = {"q": query, "manager": manager, "thin": "1" if thin else ""}
    context = {
        "rows": page,
        "next": _next(kept, page[-1]) if len(rows) > queries.PAGE else "",
        "query": query,
        "manager": manager,
        "thin": thin,
        "threshold": threshold,
        "sellers": [one for one in directory() if one.sells],
        "n": queries.client_count(viewer=by),
    }
    return render(request, "clients/list.html", context, here="clients")


@open_to(EVERYBODY)
def client(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show a card with its people, deals, completeness, twins and all that happened."""
    by = viewer(request)
    card = queries.card(viewer=by, client_id=client_id)
    if card.id != client_id:
        return HttpResponseRedirect(reverse("client", args=[card.id]))
    tab = request.GET.get("tab", "")
    deals = deals_of_client(viewer=by, client_id=card.id)
    entries = client_timeline(
        client_ids=[card.id, *card.merged_ids],
        deal_ids=[deal.id for deal in deals],
        prefixes=TABS.get(tab, ()),
        limit=200 if tab else 31,
    )
    context = {
        "card": card,
        "deals": deals,
        "days": days_of(
            entries if tab else entries[:30],
            calendar_of(settings_of(request)),
            by.reach("call", "read"),
        ),
        "more": not tab and len(entries) > 30,
        "tab": tab,
        "custom": custom_lines(card.custom, fields_of("client")),
        "may_change": _may_change(request, card),
        "sellers": [one for one in directory() if one.sells],
        "threshold": settings_of(request)["completeness_threshold"],
        "now": now(),
    }
    return render(request, "clients/card.html", context, here="clients")


@open_to(EVERYBODY)
def likely_twins(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show the cards that are probably the same client; the card's page asks for it last."""
    by = viewer(request)
    card = queries.card(viewer=by, client_id=client_id)
    context = {
        "client_id": card.id,
        "twins": twins.twins_of_card(viewer=by, card=card),
        "may_change": _may_change(request, card),
    }
    return part(request, "clients/_likely_twins.html", context)


@open_to(SELLING)
def new(request: HttpRequest) -> HttpResponse:
    """Add a card; likely twins are shown while typing and once more before saving."""
    by = viewer(request)
    if request.method == "POST":
        wanted = new_client_of(request.POST)
        found = twins.twins(
            viewer=by,
            name=wanted.name,
            phones=wanted.phones,
            mails=wanted.mails,
            inn=wanted.fields.get("inn", ""),
        )
        if found and not request.POST.get("anyway"):
            return _form(request, None, dict(request.POST.items()), found)
        made = cards.add_client(wanted, by=by, at=now())
        messages.success(request, _("Карточка заведена"))
        return HttpResponseRedirect(reverse("client", args=[made.pk]), status=303)
    return _form(request, None, dict(request.GET.items()), [])


@open_to(SELLING)
def edit(request: HttpRequest, client_id: int) -> HttpResponse:
    """Change a card's fields; nobody's work is overwritten."""
    by = viewer(request)
    card = queries.card(viewer=by, client_id=client_id)
    if not _may_change(request, card):
        raise PermissionError("client")
    if request.method == "POST":
        version = request.POST.get("version", "")
        cards.change_client(
            client_id=card.id,
            fields=changes_of(request.POST),
            source=request.POST.get("source", ""),
            custom=custom_of(request.POST),
            version=int(version) if version.isdecimal() else None,
            by=by,
            at=now(),
        )
        messages.success(request, _("Записано"))
        return HttpResponseRedirect(reverse("client", args=[card.id]), status=303)
    values = card.fields | {"source": card.source, "version": str(card.version)}
    return _form(request, card, values, [])


@open_to(SELLING)
def twins_while_typing(request: HttpRequest) -> HttpResponse:
    """Show the likely twins of what is typed so far."""
    given = request.GET
    except_id = given.get("except", "")
    found = twins.twins(
        viewer=viewer(request),
        name=given.get("name", ""),
        phones=[given.get("phone", "")],
        mails=[given.get("mail", "")],
        inn=given.get("inn", ""),
        except_id=int(except_id) if except_id.isdecimal() else None,
    )
    return part(request, "clients/_twins.html", {"twins": found})


def _form(
    request: HttpRequest, card: queries.Card | None, values: dict[str, Any], found: Any
) -> HttpResponse:
    context = {
        "card": card,
        "v": values,
        "twins": found,
        "sources": queries.sources(),
        "custom_fields": fields_of("client"),
        "custom_values": card.custom if card else values,
        "sellers": [one for one in directory() if one.sells],
        "by_id": viewer(request).person_id,
    }
    return render(request, "clients/form.html", context, here="clients")


def _may_change(request: HttpRequest, card: queries.Card) -> bool:
    reach = viewer(request).reach("client", "change")
    return reach is None or card.manager_id in reach


def _next(kept: dict[str, str], last: queries.ClientRow) -> str:
    given = {key: value for key, value in kept.items() if value}
    return urlencode(given | {"after": last.name, "after_id": last.id})


def _after(request: HttpRequest) -> tuple[str, int] | None:
    pk = request.GET.get("after_id", "")
    return (request.GET.get("after", ""), int(pk)) if pk.isdecimal() else None
