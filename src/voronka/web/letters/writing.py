"""Writing to a client by a template, and what became of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.foundation.errors import RefusalError
from voronka.inquiries.attachments import TOP_FILE, TOP_FILES, GivenFile
from voronka.letters import queries, writing
from voronka.letters.filling import fill
from voronka.web.letters.values import values_of
from voronka.web.pages import EVERYBODY, SELLING, open_to, viewer
from voronka.web.refusals import sentence
from voronka.web.saving import to_save
from voronka.web.shell import now, part, render


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form."""

    channel: str
    to: str
    template_id: int | None
    subject: str
    text: str
    missing: tuple[str, ...] = ()


@open_to(SELLING)
def letter_new(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show a letter to a client, filled from a template, or send it."""
    asked = request.POST if request.method == "POST" else request.GET
    known = queries.writing(
        viewer=viewer(request), client_id=client_id, deal_id=_number(asked.get("deal", ""))
    )
    problem = ""
    if request.method == "POST":
        draft = _typed(request)
        try:
            return _sent(request, known, draft)
        except RefusalError as error:
            problem = sentence(error)
    else:
        draft = _begun(request, known)
    context = {
        "known": known, "draft": draft, "problem": problem, "back": asked.get("back", ""),
        "may_set": viewer(request).may("settings", "change"),
    }  # fmt: skip
    if request.headers.get("HX-Request"):
        return part(request, "letters/_write.html", context)
    status = 400 if problem else 200
    return render(request, "letters/write.html", context, here="clients", status=status)


@open_to(EVERYBODY)
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Show what was written, and whether it went."""
    row = queries.letter(viewer=viewer(request), letter_id=letter_id)
    context = {"row": row, "may_write": viewer(request).may("client", "change")}
    return render(request, "letters/letter.html", context, here="clients")


@require_POST
@open_to(SELLING)
def letter_again(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Send again what did not go."""
    writing.send_again(letter_id=letter_id, by=viewer(request), at=now())
    messages.success(request, _("Отправляем ещё раз"))
    return HttpResponseRedirect(reverse("letter", args=[letter_id]), status=303)


@open_to(EVERYBODY)
def letter_file(request: HttpRequest, attached_id: int) -> HttpResponse:
    """Give a file that went along, to be saved: a browser never opens it here."""
    try:
        name, content = queries.file_content(viewer=viewer(request), file_id=attached_id)
    except FileNotFoundError as error:
        raise Http404 from error
    return to_save(name, content)


def _sent(request: HttpRequest, known: queries.Writing, draft: Draft) -> HttpResponse:
    is_done = bool(request.POST.get("done"))
    new = writing.NewLetter(
        channel=draft.channel,
        client_id=known.client_id,
        to=draft.to,
        subject=draft.subject,
        text=draft.text,
        deal_id=known.deal_id,
        step_id=known.step_id if is_done else None,
        template_id=draft.template_id,
        files=_files(request),
    )
    made = writing.write_letter(new, by=viewer(request), at=now())
    messages.success(request, _("Уходит: %(to)s") % {"to": made.to})
    place = reverse("client", args=[known.client_id])
    if request.POST.get("back") == "today":
        place = reverse("today")
    elif known.deal_id and request.POST.get("back") != "client":
        place = reverse("deal", args=[known.deal_id])
    return HttpResponseRedirect(place, status=303)


def _files(request: HttpRequest) -> list[GivenFile]:
    """Read what was chosen, at most one byte more of each than is taken."""
    chosen = request.FILES.getlist("files")[: TOP_FILES + 1]
    return [GivenFile(one.name or "", one.read(TOP_FILE + 1)) for one in chosen]


def _begun(request: HttpRequest, known: queries.Writing) -> Draft:
    """Fill the form from the template that was chosen, for who was chosen."""
    asked, usual = request.GET.get("channel", ""), (*known.channels, "mail")[0]
    offered = (one for one in known.templates if asked in ("", one.channel))
    template = next(
        (one for one in offered if str(one.id) == request.GET.get("template")), None
    )
    channel = template.channel if template else asked or usual
    people = [one for one in known.recipients if one.channel == channel]
    chosen = next((one for one in people if one.to == request.GET.get("to")), None)
    who = chosen or (people[0] if people else None)
    values = values_of(request, known, who.who if who else "")
    subject = fill(template.subject if template else "", values)
    text = fill(template.text if template else "", values)
    missing = tuple(dict.fromkeys((*subject.missing, *text.missing)))
    return Draft(
        channel, who.to if who else "", template.id if template else None, subject.text,
        text.text, missing,
    )  # fmt: skip


def _typed(request: HttpRequest) -> Draft:
    form: Any = request.POST
    return Draft(
        form.get("channel", ""), form.get("to", ""), _number(form.get("template", "")),
        form.get("subject", ""), form.get("text", ""),
    )  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
