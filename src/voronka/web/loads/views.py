"""Moving a client base in: the file, its columns, the dry run, the writing, the way back."""

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from voronka.foundation.job_backend import enqueue_once
from voronka.importing import loads
from voronka.importing.jobs import try_in_background, write_in_background
from voronka.importing.known_names import known_names
from voronka.importing.mapping import plan_from_json
from voronka.importing.sampling import columns_of
from voronka.importing.targets import targets_of
from voronka.importing.undoing import undo_load
from voronka.importing.values import defuse
from voronka.web.loads import words
from voronka.web.loads.forms import differs, missing_fields, plan_of
from voronka.web.loads.lines import said
from voronka.web.pages import RULERS, open_to, viewer
from voronka.web.shell import now, part, render

BUSY = ("checking", "running")


@open_to(RULERS)
def start(request: HttpRequest) -> HttpResponse:
    """Take a file, and list what was loaded before."""
    by = viewer(request)
    if request.method == "POST":
        file, as_ = request.FILES.get("file"), request.POST.get("as", "")
        if file is None or as_ not in words.KINDS:
            messages.error(request, _("Выберите файл и что в нём."))
            return HttpResponseRedirect(reverse("import"), status=303)
        made = loads.take_file(
            file=file,  # type: ignore[arg-type]
            name=file.name or "",
            as_=as_,
            folder=settings.HOME / "loads",
            by=by,
            at=now(),
        )
        return _to(made.pk)
    context = {"kinds": words.KINDS, "hints": words.HINTS, "past": loads.loads(by=by)}
    return render(request, "loads/start.html", context | {"w": words}, here="import")


@open_to(RULERS)
def load(request: HttpRequest, load_id: int) -> HttpResponse:
    """Show a load where it stands; POST chooses the columns and starts the dry run."""
    by = viewer(request)
    one = loads.load(by=by, load_id=load_id)
    if request.method == "POST":
        plan = plan_of(request.POST, plan_from_json(one.mapping))
        loads.choose_plan(load_id=load_id, plan=plan, by=by)
        _send(load_id, "checking", request)
        return _to(load_id)
    context: dict[str, Any] = {"load": one, "w": words, "now": now(), "said": said}
    if one.state in BUSY:
        return render(request, "loads/busy.html", context, here="import")
    counts = one.report if one.state in ("done", "undone", "failed") else one.dry_report
    context |= {"counts": counts, "before": loads.loaded_before(one)}
    if one.problem:
        context["problem"] = said(one.problem)
    if one.state in ("mapped", "checked"):
        context |= _columns(one, plan_from_json(one.mapping))
        context["known_names"] = known_names() if counts else {}
        return render(request, "loads/columns.html", context, here="import")
    return render(request, "loads/done.html", context, here="import")


@require_POST
@open_to(RULERS)
def preview(request: HttpRequest, load_id: int) -> HttpResponse:
    """Show what the columns would become under the choices made so far; nothing is kept."""
    one = loads.load(by=viewer(request), load_id=load_id)
    plan = plan_of(request.POST, plan_from_json(one.mapping))
    context = {"load": one, "w": words, "said": said} | _columns(one, plan)
    return part(request, "loads/_columns.html", context)


@require_POST
@open_to(RULERS)
def write(request: HttpRequest, load_id: int) -> HttpResponse:
    """Start the writing; a second click finds it started.

    Choices that changed since the dry run are tried first: nothing unseen is written.
    """
    by = viewer(request)
    one = loads.load(by=by, load_id=load_id)
    chosen = plan_from_json(one.mapping)
    plan = plan_of(request.POST, chosen)
    if one.state == "checked" and differs(plan, chosen, one.dry_report):
        loads.choose_plan(load_id=load_id, plan=plan, by=by)
        _send(load_id, "checking", request)
        messages.success(request, _("Выбор изменился: сначала посмотрите новый отчёт."))
        return _to(load_id)
    _send(load_id, "running", request)
    return _to(load_id)


@require_POST
@open_to(RULERS)
def undo(request: HttpRequest, load_id: int) -> HttpResponse:
    """Take a load back; what people changed since stays and is listed."""
    undone = undo_load(load_id=load_id, by=viewer(request), at=now())
    n = undone.removed + undone.restored
    text = ngettext("Возвращена %(num)s строка", "Возвращено строк: %(num)s", n) % {"num": n}
    messages.success(request, text)
    return _to(load_id)


@open_to(RULERS)
def progress(request: HttpRequest, load_id: int) -> HttpResponse:
    """Give the bar; when the work is over, ask the page to come anew."""
    one = loads.load(by=viewer(request), load_id=load_id)
    response = part(request, "loads/_bar.html", {"load": one})
    if one.state not in BUSY:
        response.headers["HX-Refresh"] = "true"
    return response


@open_to(RULERS)
def bad_rows(request: HttpRequest, load_id: int) -> HttpResponseBase:
    """Give the rows with errors as a file, to be mended and loaded again."""
    one = loads.load(by=viewer(request), load_id=load_id)
    if not one.path or not (one.report or one.dry_report):
        raise Http404
    loads.note_export(one, by=viewer(request), at=now())

    class Line:
        def write(self, text: str) -> str:
            return text

    writer = csv.writer(Line(), delimiter=";")

    def lines() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf"
        for cells in loads.bad_rows(one):
            yield writer.writerow([defuse(cell) for cell in cells]).encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rows-{load_id}.csv"'
    return response


@transaction.atomic
def _send(load_id: int, what: str, request: HttpRequest) -> None:
    loads.begin(load_id=load_id, what=what, by=viewer(request))
    job = try_in_background if what == "checking" else write_in_background
    enqueue_once(job, key=f"load:{load_id}:{what}", load_id=load_id)


def _columns(one: Any, plan: Any) -> dict[str, Any]:
    return {
        "plan": plan,
        "columns": columns_of(one, plan),
        "fields": [target.field for target in targets_of(one.as_what)],
        "missing": missing_fields(one.as_what, plan),
    }


def _to(load_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("load", args=[load_id]), status=303)
