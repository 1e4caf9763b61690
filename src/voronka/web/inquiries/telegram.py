"""Writing back into the chat of an inquiry."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from voronka.inquiries import queries
from voronka.inquiries.telegram.queries import chat_of
from voronka.inquiries.telegram.replies import send_again, write_reply
from voronka.web.pages import SELLING, open_to, viewer
from voronka.web.reading import posted_id
from voronka.web.shell import now

READS_RUSSIAN = ("", "ru", "be", "uk", "kk", "ky", "uz", "hy", "az", "ka", "tg")


@require_POST
@open_to(SELLING)
def reply(request: HttpRequest, inquiry_id: int) -> HttpResponse:
    """Queue an answer into the chat, a request for the number, or what failed once more."""
    by = viewer(request)
    queries.inquiry(viewer=by, inquiry_id=inquiry_id)
    chat = chat_of(inquiry_id=inquiry_id)
    if chat is None:
        raise Http404
    what, text, button = request.POST.get("what", ""), request.POST.get("text", ""), ""
    if what == "phone":
        text, button = _request_for_number(chat.language)
    if what == "again":
        reply_id = posted_id(request, "reply")
        send_again(reply_id=reply_id, inquiry_id=inquiry_id, by=by, at=now())
    else:
        write_reply(inquiry_id=inquiry_id, text=text, button=button, by=by, at=now())
    messages.success(request, _("Отправляем в Telegram"))
    return HttpResponseRedirect(reverse("inquiry", args=[inquiry_id]) + "#telegram", status=303)


def _request_for_number(language: str) -> tuple[str, str]:
    """Give the text and the button's, in the client's own language."""
    is_russian = language.split("-")[0] in READS_RUSSIAN
    with override("ru" if is_russian else "en"):
        text = _("Оставьте номер, мы перезвоним. Кнопка внизу отправит его.")
        return text, _("Отправить мой номер")
