"""The mailboxes whose letters become inquiries: joined, tried, switched off, removed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from voronka.foundation.errors import RefusalError
from voronka.inquiries.mailing import boxes
from voronka.inquiries.mailing.box_queries import mailboxes as mailbox_rows
from voronka.web import words
from voronka.web.pages import RULERS, open_to, viewer
from voronka.web.refusals import sentence
from voronka.web.shell import now, render

DAYS = (0, 3, 7, 30)


@sensitive_post_parameters("password")
@open_to(RULERS)
def mailboxes(request: HttpRequest) -> HttpResponse:
    """Show the mailboxes and how they are doing; join one more."""
    problem, typed = "", {}
    if request.method == "POST":
        try:
            box = boxes.add_mailbox(_new(request), by=viewer(request), at=now())
        except RefusalError as error:
            problem = sentence(error)
            typed = {name: request.POST[name] for name in request.POST if name != "password"}
        else:
            return _tried(request, box.pk)
    rows = mailbox_rows(viewer=viewer(request))
    context = {"rows": rows, "days": DAYS, "problem": problem, "typed": typed, "now": now()}
    status = 400 if problem else 200
    return render(request, "inquiries/mailboxes.html", context, here="settings", status=status)


@require_POST
@sensitive_post_parameters("password")
@open_to(RULERS)
def mailbox(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Try a mailbox, switch it on or off, give it another password, or remove it."""
    by, at, what = viewer(request), now(), request.POST.get("what", "")
    if what in ("on", "off"):
        boxes.switch_mailbox(mailbox_id=mailbox_id, is_on=what == "on", by=by, at=at)
        messages.success(request, _("Ящик включён") if what == "on" else _("Ящик выключен"))
    elif what == "remove":
        boxes.remove_mailbox(mailbox_id=mailbox_id, by=by, at=at)
        messages.success(request, _("Ящик убран, пароль забыт, обращения остались"))
    elif what == "password":
        password = request.POST.get("password", "")
        boxes.set_password(mailbox_id=mailbox_id, password=password, by=by, at=at)
        return _tried(request, mailbox_id)
    else:
        return _tried(request, mailbox_id)
    return HttpResponseRedirect(reverse("mailboxes"), status=303)


def _tried(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Sign in at the server and tell how that went."""
    problem = boxes.try_mailbox(mailbox_id=mailbox_id, by=viewer(request))
    if problem:
        messages.error(request, str(words.MAIL_PROBLEMS[problem]))
    else:
        messages.success(request, _("Ящик открылся, письма будут приходить"))
    return HttpResponseRedirect(reverse("mailboxes"), status=303)


def _new(request: HttpRequest) -> boxes.NewMailbox:
    form = request.POST
    port, days = form.get("port", ""), form.get("days", "")
    return boxes.NewMailbox(
        address=form.get("address", ""),
        password=form.get("password", ""),
        server=form.get("server", ""),
        port=int(port[:6]) if port.isdecimal() else 993,
        security=form.get("security", "tls"),
        login=form.get("login", ""),
        folder=form.get("folder", ""),
        sent_folder=form.get("sent_folder", ""),
        days=int(days[:4]) if days.isdecimal() else 0,
        marks_read=bool(form.get("marks_read")),
    )
