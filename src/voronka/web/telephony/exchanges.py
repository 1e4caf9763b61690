"""Exchanges on the administrator's pages: joined, looked at, compared with, taken away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from voronka.calls import exchange_queries as queries
from voronka.calls import exchanges as acts
from voronka.calls.providers import KINDS
from voronka.calls.reconciling import reconcile
from voronka.foundation.errors import RefusalError
from voronka.people.queries import people
from voronka.people.settings import calendar, change_setting
from voronka.web import exchange_words
from voronka.web.pages import ADMINISTRATORS, open_to, settings_of, viewer
from voronka.web.reading import BadFormError, posted_day
from voronka.web.refusals import sentence
from voronka.web.setup.views import ZONES
from voronka.web.shell import now, render
from voronka.web.telephony.exchange_forms import (
    fields_of,
    new_exchange,
    shown_again,
    table_of,
)

WATCHED = {"reconcile_percent": (0, 100), "silent_hours": (0, 99)}


@sensitive_post_parameters()
@open_to(ADMINISTRATORS)
def exchange_list(request: HttpRequest) -> HttpResponse:
    """Show what is joined, who has which extension; join one more."""
    kind = next((one for one in KINDS if one.kind == _asked(request)), KINDS[0])
    problem, typed = "", {}
    if request.method == "POST":
        try:
            new = new_exchange(request, kind)
            made = acts.add_exchange(new, by=viewer(request), at=now())
        except RefusalError as error:
            problem = sentence(error)
            typed = shown_again(request)
        else:
            messages.success(request, _("АТС «%(name)s» подключена") % {"name": made.name})
            return HttpResponseRedirect(reverse("exchange", args=[made.pk]), status=303)
    rows = queries.exchanges()
    context = {
        "rows": rows,
        "last": queries.last_compared(),
        "people": people(viewer=viewer(request), only_active=True),
        "kinds": KINDS,
        "kind": kind,
        "fields": fields_of(kind, typed),
        "typed": typed,
        "problem": problem,
        "known": settings_of(request),
        "zones": ZONES,
        "say": exchange_words,
    }
    status = 400 if problem else 200
    page = "telephony/exchanges.html"
    return render(request, page, context, here="settings", status=status)


@sensitive_post_parameters()
@open_to(ADMINISTRATORS)
def exchange(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Show one exchange and all that is known of it; change it, look at it, compare with it."""
    checked, problem = None, ""
    if request.method == "POST":
        what = request.POST.get("what", "")
        try:
            if what == "check":
                checked = queries.checked(exchange_id=exchange_id, by=viewer(request))
            else:
                return _done(request, what, exchange_id)
        except RefusalError as error:
            problem = sentence(error)
    row = queries.exchange(exchange_id)
    kind = next((one for one in KINDS if one.kind == row.kind), KINDS[0])
    context = {
        "row": row,
        "kind": kind,
        "fields": fields_of(kind, row.options | {"name": row.name}),
        "hook": request.build_absolute_uri(f"/telephony/{row.path_key}/")
        if row.has_door
        else "",
        "checked": checked,
        "problem": problem,
        "compared": queries.compared(exchange_id=exchange_id),
        "unread": queries.unread_events(exchange_id=exchange_id) if row.unread else [],
        "yesterday": calendar(settings_of(request)).day_of(now()) - timedelta(days=1),
        "zones": ZONES,
        "say": exchange_words,
    }
    status = 400 if problem else 200
    page = "telephony/exchange.html"
    return render(request, page, context, here="settings", status=status)


@require_POST
@open_to(ADMINISTRATORS)
def watch_put(request: HttpRequest) -> HttpResponse:
    """Set when missing calls and silence are told of."""
    by, at = viewer(request), now()
    for name, (least, most) in WATCHED.items():
        text = request.POST.get(name, "")
        if text.isdecimal():
            value = max(least, min(most, int(text[:6])))
            change_setting(name=name, value=value, by=by, at=at)
    messages.success(request, _("Записано"))
    return HttpResponseRedirect(reverse("exchanges"), status=303)


def _done(request: HttpRequest, what: str, exchange_id: int) -> HttpResponse:
    if what not in _ACTS:
        raise Http404
    _ACTS[what](request, exchange_id)
    there = (
        reverse("exchanges") if what == "remove" else reverse("exchange", args=[exchange_id])
    )
    return HttpResponseRedirect(there, status=303)


def _asked(request: HttpRequest) -> str:
    return request.POST.get("kind") or request.GET.get("kind", "")


def _change(request: HttpRequest, exchange_id: int) -> None:
    row = queries.exchange(exchange_id)
    kind = next((one for one in KINDS if one.kind == row.kind), None)
    if kind is None:
        raise BadFormError(name="kind")
    new = new_exchange(request, kind, known=row.options)
    by, at = viewer(request), now()
    acts.change_exchange(exchange_id=exchange_id, new=new, by=by, at=at)
    messages.success(request, _("Записано"))


def _switch(request: HttpRequest, exchange_id: int) -> None:
    is_on = request.POST["what"] == "on"
    by, at = viewer(request), now()
    acts.switch_exchange(exchange_id=exchange_id, is_on=is_on, by=by, at=at)
    messages.success(request, _("АТС включена") if is_on else _("АТС выключена"))


def _remove(request: HttpRequest, exchange_id: int) -> None:
    acts.remove_exchange(exchange_id=exchange_id, by=viewer(request), at=now())
    messages.success(request, _("АТС убрана, пароль забыт, звонки остались"))


def _endpoints(request: HttpRequest, exchange_id: int) -> None:
    by, at = viewer(request), now()
    table = table_of(request)
    acts.put_endpoints(exchange_id=exchange_id, table=table, by=by, at=at)
    messages.success(request, _("Линии записаны, новые звонки читаем по ним"))


def _read_again(request: HttpRequest, exchange_id: int) -> None:
    n = acts.read_again(exchange_id=exchange_id, by=viewer(request), at=now())
    said = ngettext("%(num)s событие читаем снова", "%(num)s событий читаем снова", n)
    messages.success(request, said % {"num": n})


def _compare(request: HttpRequest, exchange_id: int) -> None:
    since, until = posted_day(request, "since"), posted_day(request, "until")
    if since is None:
        raise BadFormError(name="since")
    made = reconcile(
        exchange_id=exchange_id,
        since=since,
        until=until or since,
        by=viewer(request),
        at=now(),
    )
    one = queries.compared(exchange_id=exchange_id, most=1)[0]
    said = exchange_words.compared_words(one)
    (messages.error if made.is_alarm else messages.success)(request, said)


_ACTS: dict[str, Callable[[HttpRequest, int], Any]] = {
    "change": _change,
    "on": _switch,
    "off": _switch,
    "remove": _remove,
    "endpoints": _endpoints,
    "read": _read_again,
    "compare": _compare,
}
