"""Writing back into the chat of an inquiry."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from voronka.inquiries import queries
from voronka.inquiries.telegram.queries import chat_of
from voronka.inquiries.telegram.replies import write_reply
from voronka.web.pages import SELLING, open_to, viewer
from voronka.web.shell import now

READS_RUSSIAN = ("", "ru", "be", "uk", "kk", "ky", "uz", "hy", "az", "ka", "tg")


@require_POST
@open_to(SELLING)
def reply(request: HttpRequest, inquiry_id: int) -> HttpResponse:
    """Queue an answer into the chat, or a request for the number."""
    by = viewer(request)
    queries.inquiry(viewer=by, inquiry_id=inquiry_id)
    chat = chat_of(inquiry_id=inquiry_id)
    if chat is None:
        raise Http404
    text, button = request.POST.get("text", ""), ""
    if request.POST.get("what") == "phone":
        is_russian = chat.language.split("-")[0] in READS_RUSSIAN
        with override("ru" if is_russian else "en"):
            text = _("Оставьте номер, мы перезвоним. Кнопка внизу отправит его.")
            button = _("Отправить мой номер")
    write_reply(inquiry_id=inquiry_id, text=text, button=button, by=by, at=now())
    messages.success(request, _("Отправляем в Telegram"))
    return HttpResponseRedirect(reverse("inquiry", args=[inquiry_id]) + "#telegram", status=303)
