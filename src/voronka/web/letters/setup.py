"""What letters and messages go out through, and their templates: set by those who rule."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from voronka.foundation.errors import RefusalError
from voronka.letters import queries, senders, templates
from voronka.web import words
from voronka.web.letters.starters import starters
from voronka.web.letters.values import places
from voronka.web.pages import RULERS, open_to, viewer
from voronka.web.refusals import sentence
from voronka.web.shell import now, render

ACTS = ("set", "try", "on", "off", "remove")


@open_to(RULERS)
def letters_setup(request: HttpRequest) -> HttpResponse:
    """Show the ways out and the templates."""
    return _page(request)


@require_POST
@sensitive_post_parameters("password")
@open_to(RULERS)
def letter_way(request: HttpRequest, channel: str) -> HttpResponse:
    """Set a way out, try it, switch it on or off, or remove it."""
    by, at, what = viewer(request), now(), request.POST.get("what", "")
    if channel not in words.LETTER_CHANNELS or what not in ACTS:
        raise Http404
    if what in ("on", "off"):
        senders.switch(channel=channel, is_on=what == "on", by=by, at=at)
    elif what == "remove":
        senders.remove(channel=channel, by=by, at=at)
        messages.success(request, _("Убрано, пароль забыт; письма остались"))
    elif what == "try":
        _tried(request)
    else:
        try:
            _set(request, channel)
        except RefusalError as error:
            typed = {name: one for name, one in request.POST.items() if name != "password"}
            return _page(request, {channel: sentence(error)}, {channel: typed})
        if channel == "mail":
            _tried(request)
    return HttpResponseRedirect(reverse("letters-setup"), status=303)


@open_to(RULERS)
def letter_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Show a template to edit (0: a new one), write it, or retire it."""
    row = next((one for one in queries.templates() if one.id == template_id), None)
    if row is None and template_id:
        raise Http404
    problem, typed = "", cast(Any, row)
    if request.method == "POST":
        try:
            return _written(request, template_id)
        except RefusalError as error:
            problem, typed = sentence(error), request.POST
    context = {
        "row": row, "typed": typed, "problem": problem, "places": places(),
        "channel": request.GET.get("channel", "mail"),
    }  # fmt: skip
    status = 400 if problem else 200
    return render(request, "letters/template.html", context, here="settings", status=status)


@require_POST
@open_to(RULERS)
def letter_starters(request: HttpRequest) -> HttpResponse:
    """Write the templates to begin with, those whose names are free."""
    taken = {one.name for one in queries.templates()}
    for new in starters():
        if new.name not in taken:
            templates.save_template(new, by=viewer(request), at=now())
    messages.success(request, _("Шаблоны на месте, поправьте их под себя"))
    return HttpResponseRedirect(reverse("letters-setup") + "#templates", status=303)


def _written(request: HttpRequest, template_id: int) -> HttpResponse:
    form, by, at = request.POST, viewer(request), now()
    if form.get("what") == "retire":
        templates.retire_template(template_id=template_id, by=by, at=at)
        messages.success(request, _("Шаблон убран, письма по нему остались"))
    else:
        new = templates.NewTemplate(
            channel=form.get("channel", ""), name=form.get("name", ""),
            subject=form.get("subject", ""), text=form.get("text", ""),
        )  # fmt: skip
        templates.save_template(new, by=by, at=at, template_id=template_id or None)
        messages.success(request, _("Шаблон записан"))
    return HttpResponseRedirect(reverse("letters-setup") + "#templates", status=303)


def _set(request: HttpRequest, channel: str) -> None:
    form, by, at = request.POST, viewer(request), now()
    if channel == "message":
        senders.set_gateway(
            url=form.get("url", ""), secret=form.get("password", ""), by=by, at=at
        )
        messages.success(request, _("Шлюз записан"))
        return
    port = form.get("port", "")
    new = senders.NewSender(
        address=form.get("address", ""),
        password=form.get("password", ""),
        server=form.get("server", ""),
        port=int(port[:6]) if port.isdecimal() else 465,
        security=form.get("security", "tls"),
        login=form.get("login", ""),
    )
    senders.set_sender(new, by=by, at=at)


def _tried(request: HttpRequest) -> None:
    """Sign in at the server and tell how that went."""
    problem, said = senders.try_sender(by=viewer(request), at=now())
    if not problem:
        messages.success(request, _("Сервер принял пароль, письма будут уходить"))
        return
    text = str(words.LETTER_PROBLEMS[problem])
    messages.error(request, f"{text} {_('Сервер ответил: «%s».') % said}" if said else text)


def _page(
    request: HttpRequest,
    problems: dict[str, str] | None = None,
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "ways": {one.channel: one for one in queries.ways(viewer=viewer(request))},
        "rows": queries.templates(),
        "problems": problems or {},
        "typed_all": typed or {},
    }
    status = 400 if problems else 200
    return render(request, "letters/setup.html", context, here="settings", status=status)
