"""What no machine could read, shown to those who see everything; files that came along."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.inquiries import received_queries, taking_in
from voronka.inquiries.new_inquiry import NewInquiry
from voronka.web.pages import EVERYBODY, RULERS, open_to, viewer
from voronka.web.saving import to_save
from voronka.web.shell import now, render


@open_to(RULERS)
def unread(request: HttpRequest) -> HttpResponse:
    """List what was received and could not be read, with what was sent."""
    by = viewer(request)
    context = {
        "rows": received_queries.unread(viewer=by),
        "aside": received_queries.put_aside(viewer=by),
    }
    return render(request, "inquiries/unread.html", context, here="inquiries")


@require_POST
@open_to(RULERS)
def settle(request: HttpRequest, received_id: int) -> HttpResponse:
    """Write it down as an inquiry, say that it is none, or take a letter back."""
    form, by, at = request.POST, viewer(request), now()
    if form.get("what") == "take":
        taken = taking_in.take_anyway(received_id=received_id, by=by, at=at)
        messages.success(request, _("Обращение № %(n)s записано") % {"n": taken.number})
        return HttpResponseRedirect(reverse("inquiry", args=[taken.pk]), status=303)
    if form.get("what") == "drop":
        taking_in.drop_unread(received_id=received_id, by=by, at=at)
        messages.success(request, _("Убрано из разбора, присланное храним"))
        return HttpResponseRedirect(reverse("unread"), status=303)
    new = NewInquiry(
        channel="",
        name=form.get("name", ""),
        phone=form.get("phone", ""),
        mail=form.get("mail", ""),
        text=form.get("text", ""),
    )
    made = taking_in.write_unread(received_id=received_id, new=new, by=by, at=at)
    messages.success(request, _("Обращение № %(n)s записано") % {"n": made.number})
    return HttpResponseRedirect(reverse("inquiry", args=[made.pk]), status=303)


@open_to(EVERYBODY)
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """Give a file that came with an inquiry, to be saved: a browser never opens it here."""
    try:
        name, content = received_queries.file_content(viewer=viewer(request), file_id=file_id)
    except FileNotFoundError as error:
        raise Http404 from error
    return to_save(name, content)
