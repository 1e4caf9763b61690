"""The firm's bots: connected, tested, switched and taken away by the administrator."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.inquiries.telegram import bots
from voronka.people.settings import change_setting
from voronka.web.pages import ADMINISTRATORS, open_to, viewer
from voronka.web.reading import posted_id
from voronka.web.shell import now


@require_POST
@open_to(ADMINISTRATORS)
def telegram_put(request: HttpRequest, what: str) -> HttpResponse:
    """Connect, test, switch or take away a bot; set what it says by itself."""
    form, by, at = request.POST, viewer(request), now()
    said = _("Записано")
    if what == "connect":
        made = bots.connect_bot(token=form.get("token", ""), by=by, at=at)
        said = _("Бот @%(name)s подключён, сообщения пойдут в обращения") % {"name": made.name}
    elif what == "test":
        made = bots.check_bot(bot_pk=posted_id(request, "id"), by=by, at=at)
        said = _("Telegram отвечает: токен бота @%(name)s верный") % {"name": made.name}
    elif what in ("on", "off"):
        pk = posted_id(request, "id")
        bots.switch_bot(bot_pk=pk, is_on=what == "on", by=by, at=at)
    elif what == "remove":
        bots.remove_bot(bot_pk=posted_id(request, "id"), by=by, at=at)
    elif what == "words":
        text = form.get("auto", "").strip()[:1000]
        change_setting(name="telegram_auto_reply", value=text, by=by, at=at)
        days = form.get("days", "")
        if days.isdecimal():
            value = min(365, int(days[:6]))
            change_setting(name="telegram_new_after_days", value=value, by=by, at=at)
    else:
        raise Http404
    messages.success(request, said)
    return HttpResponseRedirect(reverse("settings") + "#telegram", status=303)
