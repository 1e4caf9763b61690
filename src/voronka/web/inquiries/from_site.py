"""Inquiries from the firm's own site: a form of ours, one embedded in theirs, or JSON.

Closed until the administrator makes a key; the key is part of the address.
"""

from secrets import compare_digest
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from voronka.foundation.errors import RefusalError
from voronka.inquiries.consents import demand_tick, form_text
from voronka.inquiries.receiving import TooManyError, receive
from voronka.web import formats
from voronka.web.inquiries.site_reading import Given, given_by, page_token
from voronka.web.pages import ANONYMOUS, open_to, raw_door, settings_of
from voronka.web.refusals import sentence
from voronka.web.shell import now

# By code: the status that programs get.
STATUSES = {"too_long": 413, "too_many": 429}


@csrf_exempt
@raw_door
@open_to(ANONYMOUS)
def from_site(request: HttpRequest, key: str) -> HttpResponse:
    """Take an inquiry: a form's fields, with files, or a JSON object."""
    known = _opened(request, key)
    if request.method == "OPTIONS":
        return _from_anywhere(HttpResponse(status=204))
    frame = {"LANG": formats.language(), "company": known["company_name"]}
    frame |= {"consent": form_text(), "given": {}}
    frame["product"] = request.GET.get("product", "")[:120]
    frame["utm"] = {
        name: value[:300] for name, value in request.GET.items() if name.startswith("utm_")
    }
    if request.method != "POST":
        return render(request, "inquiries/site_form.html", frame | {"token": page_token()})
    given = given_by(request, sender="site")
    frame["given"] = given.fields
    is_program = (
        given.delivery.shape == "json" and request.content_type != "multipart/form-data"
    )
    is_program = is_program and request.content_type in ("application/json", "text/plain")
    if not is_program and (said := _not_yet(given)) is not None:
        return _refuse(request, frame | {"said": said}, "empty", is_program=False)
    return _answer(request, frame, given, known["intake_per_minute"], is_program=is_program)


@raw_door
@open_to(ANONYMOUS)
def embed(request: HttpRequest, key: str) -> HttpResponse:
    """Give the script that puts the form into the firm's page."""
    _opened(request, key)
    frame = {
        "address": request.build_absolute_uri(reverse("from-site", args=[key])),
        "consent": form_text(),
        "LANG": formats.language(),
    }
    answer = render(request, "inquiries/embed.js", frame, content_type="text/javascript")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return _from_anywhere(answer)


def _not_yet(given: Given) -> str | None:
    """Say what a visitor of our own form has to mend first; None when it is whole. A program's
    inquiry is never lost for want of a tick.
    """
    if given.problem:
        return "" if given.problem == "empty" else None
    try:
        demand_tick(given.fields)
    except RefusalError as error:
        return sentence(error)
    return None


def _opened(request: HttpRequest, key: str) -> dict[str, Any]:
    known = settings_of(request)
    if not known["intake_key"] or not compare_digest(known["intake_key"], key):
        raise Http404
    return known


def _answer(
    request: HttpRequest,
    frame: dict[str, Any],
    given: Given,
    per_minute: int,
    *,
    is_program: bool,
) -> HttpResponse:
    try:
        receipt = receive(given.delivery, at=now(), per_minute=per_minute)
    except TooManyError:
        return _refuse(request, frame, "too_many", is_program=is_program)
    if given.problem:
        number = receipt.number
        return _refuse(request, frame, given.problem, is_program=is_program, number=number)
    if is_program:
        answer = JsonResponse({"number": receipt.number}, status=201 if receipt.is_new else 200)
        return _from_anywhere(answer)
    return render(request, "inquiries/site_form.html", frame | {"number": receipt.number})


def _refuse(
    request: HttpRequest,
    frame: dict[str, Any],
    code: str,
    *,
    is_program: bool,
    number: int | None = None,
) -> HttpResponse:
    status = STATUSES.get(code, 400)
    context = frame | {"code": code, "token": page_token(), "number_kept": number}
    if is_program:
        answer: HttpResponse = JsonResponse({"code": code, "number": number}, status=status)
    else:
        answer = render(request, "inquiries/site_form.html", context, status=status)
    if status == 429:
        answer.headers["Retry-After"] = "60"
    return _from_anywhere(answer)


def _from_anywhere(answer: HttpResponse) -> HttpResponse:
    """Let the firm's page read the answer: it carries nothing but a number."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
    answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
