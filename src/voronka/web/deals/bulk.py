"""Editing many deals: choose, see each row's change, make it, take it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from voronka.agenda import bulk, bulk_undo
from voronka.deals import queries
from voronka.web.deals.views import clean
from voronka.web.pages import SELLING, open_to, viewer
from voronka.web.reading import posted_id, posted_moment
from voronka.web.shell import now, render


@open_to(SELLING)
def bulk_edit(request: HttpRequest) -> HttpResponse:
    """Show what would change in each chosen deal; a GET lists the edits made before."""
    by, at = viewer(request), now()
    context = {"edits": bulk_undo.edits(by=by, at=at), "now": at}
    if request.method == "POST":
        ids, wanted = _chosen(request), _wanted(request)
        planned = bulk.plan(deal_ids=ids, wanted=wanted, by=by, at=at)
        context |= {
            "planned": planned,
            "wanted": wanted,
            "n": sum(not one.why_not for one in planned),
            "left": len(ids) - len(planned),
            "posted": [
                (name, value)
                for name in ("act", "kind", "title", "due", "to", "to_stage")
                if (value := request.POST.get(name))
            ],
        }
    return render(request, "deals/bulk.html", context, here="board")


@require_POST
@open_to(SELLING)
def bulk_write(request: HttpRequest) -> HttpResponse:
    """Make the changes that were shown."""
    made = bulk.carry_out(
        deal_ids=_chosen(request), wanted=_wanted(request), by=viewer(request), at=now()
    )
    n = len(made.done)
    said = ngettext("Изменена %(n)s сделка", "Изменено сделок: %(n)s", n) % {"n": n}
    undo = reverse("deals-bulk-undo", args=[made.pk])
    messages.success(request, said, extra_tags=f"undo:{undo}")
    return HttpResponseRedirect(reverse("deals"), status=303)


@require_POST
@open_to(SELLING)
def bulk_take_back(request: HttpRequest, edit_id: int) -> HttpResponse:
    """Take an own edit back; what was changed since stays."""
    n, kept = bulk_undo.undo(edit_id=edit_id, by=viewer(request), at=now())
    said = _("Возвращено сделок: %(n)s.") % {"n": n}
    if kept:
        numbers = ", ".join(f"№ {number}" for number in sorted(kept)[:10])
        said += " " + _("Не тронуты, их успели изменить: %(numbers)s.") % {"numbers": numbers}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("deals"), status=303)


def _chosen(request: HttpRequest) -> list[int]:
    if request.POST.get("every"):
        return queries.filtered_ids(
            viewer=viewer(request), conditions=clean(request.POST), most=bulk.MOST
        )
    ids = request.POST.getlist("deal")
    return [int(pk) for pk in ids if pk.isdecimal() and len(pk) < 12]


def _wanted(request: HttpRequest) -> bulk.Wanted:
    act = request.POST.get("act", "")
    if act == "handover":
        return bulk.Wanted(act=act, to_id=posted_id(request, "to"))
    if act == "stage":
        return bulk.Wanted(act=act, stage_id=posted_id(request, "to_stage"))
    return bulk.Wanted(
        act=act,
        kind=request.POST.get("kind", ""),
        title=request.POST.get("title", ""),
        due_at=posted_moment(request, "due") if act == "step" else None,
    )
