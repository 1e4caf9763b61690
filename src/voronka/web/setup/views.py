"""Settings of the department, and the first setup by trade."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.clients.custom_fields import define_field, fields_of, retire_field
from voronka.deals import funnels, queries
from voronka.deals.starters import STARTERS, start_with
from voronka.foundation.money import parse_rubles
from voronka.importing.purging import purge_examples
from voronka.inquiries.telegram.queries import bots
from voronka.journal.queries import has_batch
from voronka.journal.viewer import Viewer
from voronka.people.outside import outside_is_closed
from voronka.people.settings import change_setting
from voronka.web.pages import RULERS, open_to, settings_of, viewer
from voronka.web.shell import now, render

DAY = 9 * 3600
ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk",
    "Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok",
    "Asia/Magadan", "Asia/Kamchatka", "Europe/Minsk", "Asia/Almaty", "Asia/Tashkent",
    "Asia/Bishkek", "Asia/Tbilisi", "Asia/Yerevan", "Asia/Baku", "UTC",
)  # fmt: skip
NUMBERS = {
    "accept_hops": (0, 20),
    "accept_minutes": (0, 600),
    "answer_norm_minutes": (1, 6000),
    "call_back_minutes": (0, 6000),
    "classify_norm_minutes": (1, 6000),
    "completeness_threshold": (0, 100),
    "escalation_head_minutes": (0, 6000),
    "escalation_hours": (0, 999),
    "intake_per_minute": (1, 100_000),
    "outcome_minutes": (0, 6000),
    "api_per_minute": (1, 1_000_000),
    "routing_cap": (0, 999),
    "short_call_seconds": (0, 120),
    "quick_call_seconds": (1, 600),
    "talk_seconds": (0, 600),
    "unregistered_seconds": (1, 3600),
}
TEXTS = ("company_name", "zone", "opens", "closes")
MAY_BE_EMPTY = ("default_extension",)


@open_to(RULERS)
def settings(request: HttpRequest) -> HttpResponse:
    """Show everything that can be set, and change the plain settings."""
    by, at = viewer(request), now()
    if request.method == "POST":
        for name, value in _plain(request).items():
            change_setting(name=name, value=value, by=by, at=at)
        messages.success(request, _("Записано"))
        return HttpResponseRedirect(reverse("settings"), status=303)
    known = settings_of(request)
    key = known["intake_key"]
    context = {
        "known": known,
        "zones": ZONES,
        "numbers": NUMBERS,
        "funnels": [(pk, name, queries.stages(pk)) for pk, name in queries.funnels()],
        "reasons": queries.refusal_reasons(),
        "products": queries.products(),
        "fields": [(scope, fields_of(scope)) for scope in ("client", "deal")],
        "embed": request.build_absolute_uri(reverse("from-site-embed", args=[key]))
        if key
        else "",
        "intake": request.build_absolute_uri(reverse("from-site", args=[key])) if key else "",
        "day": DAY,
        "bots": bots() if by.role == "administrator" else None,
        "is_closed": outside_is_closed(),
        "has_examples": has_batch("demo"),
    }
    return render(request, "setup/settings.html", context, here="settings")


@require_POST
@open_to(RULERS)
def put(request: HttpRequest, what: str) -> HttpResponse:
    """Add, change or retire a reason, product, field or funnel; make the form's key."""
    act = _ACTS.get(what)
    if act is None:
        raise Http404
    act(request, viewer(request), now())
    messages.success(request, _("Записано"))
    return HttpResponseRedirect(reverse("settings") + f"#{what}", status=303)


@open_to(RULERS)
def setup(request: HttpRequest) -> HttpResponse:
    """Ask what the firm sells and make the first funnel."""
    by, at, known = viewer(request), now(), settings_of(request)
    if request.method == "POST":
        trade = request.POST.get("trade", "other")
        for name in TEXTS:
            if request.POST.get(name, "").strip():
                value = request.POST[name].strip()
                change_setting(name=name, value=value, by=by, at=at)
        start_with(trade if trade in STARTERS else "other", by=by, at=at)
        return HttpResponseRedirect(reverse("import"), status=303)
    context = {
        "known": known,
        "zones": ZONES,
        "trades": [(code, len(one.stages)) for code, one in STARTERS.items()],
        "has_funnel": bool(queries.funnels()),
    }
    return render(request, "setup/setup.html", context, here="settings")


def _plain(request: HttpRequest) -> dict[str, Any]:
    form = request.POST
    found: dict[str, Any] = {name: form[name].strip() for name in TEXTS if form.get(name)}
    found |= {name: form[name].strip()[:20] for name in MAY_BE_EMPTY if name in form}
    for name, (least, most) in NUMBERS.items():
        if form.get(name, "").isdecimal():
            found[name] = max(least, min(most, int(form[name][:9])))
    if "month_plan" in form:
        found["month_plan_kopecks"] = parse_rubles(form["month_plan"] or "0")
        found["trial_mode"] = bool(form.get("trial_mode"))
        found["routing_on"] = bool(form.get("routing_on"))
        found["call_back_in_menu"] = bool(form.get("call_back_in_menu"))
    if "call_outcomes" in form:
        lines = (line.strip()[:60] for line in form["call_outcomes"].splitlines())
        found["call_outcomes"] = "\n".join(line for line in lines if line)[:2000]
    return found


def _pk(request: HttpRequest, name: str = "id") -> int | None:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() else None


def _funnel(request: HttpRequest, by: Viewer, at: datetime) -> None:
    name = request.POST.get("name", "")
    funnels.put_funnel(funnel_id=_pk(request), name=name, by=by, at=at)


def _reason(request: HttpRequest, by: Viewer, at: datetime) -> None:
    form, pk = request.POST, _pk(request)
    if pk:
        funnels.retire_reason(reason_id=pk, by=by, at=at)
        return
    funnels.put_reason(
        name=form.get("name", ""),
        group=form.get("group", ""),
        is_other=bool(form.get("is_other")),
        by=by,
        at=at,
    )


def _product(request: HttpRequest, by: Viewer, at: datetime) -> None:
    pk = _pk(request)
    if pk:
        funnels.retire_product(product_id=pk, by=by, at=at)
        return
    price = parse_rubles(request.POST.get("price") or "0")
    name = request.POST.get("name", "")
    funnels.put_product(name=name, price_kopecks=price, by=by, at=at)


def _field(request: HttpRequest, by: Viewer, at: datetime) -> None:
    form, pk = request.POST, _pk(request)
    if pk:
        retire_field(field_id=pk, by=by, at=at)
        return
    options = [line.strip() for line in form.get("options", "").split(",") if line.strip()]
    define_field(
        scope=form.get("scope", ""),
        name=form.get("name", ""),
        kind=form.get("kind", ""),
        options=options,
        is_filter=bool(form.get("is_filter")),
        by=by,
        at=at,
    )


def _intake(request: HttpRequest, by: Viewer, at: datetime) -> None:
    key = "" if request.POST.get("drop") else secrets.token_urlsafe(18)
    change_setting(name="intake_key", value=key, by=by, at=at)


def _examples(request: HttpRequest, by: Viewer, at: datetime) -> None:
    purge_examples(by=by)


_ACTS: dict[str, Callable[[HttpRequest, Viewer, datetime], None]] = {
    "funnel": _funnel,
    "reason": _reason,
    "product": _product,
    "field": _field,
    "intake": _intake,
    "examples": _examples,
}
