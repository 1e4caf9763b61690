"""What a client agreed to and took back: the panel on the card, and the page of it."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.clients import queries
from voronka.inquiries.consent_queries import consents_of, lets_letters, withdrawals_of
from voronka.inquiries.consents import BadConsentError, add_consent
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.privacy.withdrawing import ERASE_DAYS, NewWithdrawal, withdraw
from voronka.web import formats
from voronka.web.pages import EVERYBODY, SELLING, open_to, settings_of, viewer
from voronka.web.reading import posted_day, posted_id
from voronka.web.shell import now, part, render


@open_to(EVERYBODY)
def consents(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show on the card what is agreed to and what was taken back; the card asks for it last."""
    card = queries.card(viewer=viewer(request), client_id=client_id)
    return part(request, "clients/_consents.html", _context(request, card))


@open_to(EVERYBODY)
def personal(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show consents and withdrawals in full, with the forms; eight queries."""
    card = queries.card(viewer=viewer(request), client_id=client_id)
    at = now()
    context = _context(request, card) | {
        "names": {one.id: one.name for one in directory()},
        "today": calendar_of(settings_of(request)).day_of(at),
        "days": ERASE_DAYS,
        "rules": viewer(request).may("personal", "change"),
    }
    return render(request, "clients/personal.html", context, here="clients")


@require_POST
@open_to(SELLING)
def consent_add(request: HttpRequest, client_id: int) -> HttpResponse:
    """Write down a consent by voice, on paper or from a file."""
    form = request.POST
    add_consent(
        client_id=client_id,
        purpose=form.get("purpose", ""),
        how=form.get("how", ""),
        given_at=formats.read_local(f"{_day(request).isoformat()}T00:00"),
        evidence=form.get("evidence", ""),
        contact_id=_contact(request),
        by=viewer(request),
        at=now(),
    )
    messages.success(request, _("Согласие записано"))
    return _to(client_id)


@require_POST
@open_to(SELLING)
def withdrawal(request: HttpRequest, client_id: int) -> HttpResponse:
    """Note that the client took consents back."""
    form = request.POST
    new = NewWithdrawal(
        client_id=client_id,
        contact_id=_contact(request),
        purposes=form.getlist("purpose"),
        how=form.get("how", ""),
        on=_day(request),
        task=_("Стереть персональные данные"),
        drops_steps=form.get("steps") == "drop",
        drop_reason=_("Отозвал согласие"),
    )
    withdraw(new, by=viewer(request), at=now())
    messages.success(request, _("Отзыв записан"))
    return _to(client_id)


def _context(request: HttpRequest, card: queries.Card) -> dict[str, object]:
    ids = [card.id, *card.merged_ids]
    agreed, back = consents_of(ids), withdrawals_of(ids)
    reach = viewer(request).reach("client", "change")
    return {
        "card": card,
        "consents": agreed,
        "withdrawals": back,
        "lets_letters": lets_letters(agreed, back),
        "erase_by": min(
            (one.erase_by for one in back if one.erase_by and not one.erased_at), default=None
        ),
        "may_change": reach is None or card.manager_id in reach,
    }


def _contact(request: HttpRequest) -> int | None:
    return posted_id(request, "contact") if request.POST.get("contact") else None


def _day(request: HttpRequest) -> date:
    day = posted_day(request, "on")
    if day is None or day.year < 1990:
        raise BadConsentError(purpose="")
    return day


def _to(client_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("client-personal", args=[client_id]), status=303)
