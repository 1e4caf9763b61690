"""Inquiries from the firm's own site: a form of ours, or JSON from theirs.

Closed until the administrator makes a key; the key is part of the address.
"""

import json
from datetime import timedelta
from secrets import compare_digest
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from voronka.foundation.errors import RefusalError
from voronka.inquiries.consents import demand_tick, form_text, take_consent
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.queries import arrived_since
from voronka.inquiries.touches import marks_of_form
from voronka.people.viewers import SYSTEM
from voronka.web import formats
from voronka.web.pages import ANONYMOUS, open_to, settings_of
from voronka.web.refusals import sentence
from voronka.web.shell import now

TOP_BYTES = 64 * 1024
TOP_PER_MINUTE = 60


@csrf_exempt
@open_to(ANONYMOUS)
def from_site(request: HttpRequest, key: str) -> HttpResponse:
    """Take an inquiry: a form's fields or a JSON object with name, phone, mail, text."""
    known = settings_of(request)
    if not known["intake_key"] or not compare_digest(known["intake_key"], key):
        raise Http404
    frame: dict[str, Any] = {"LANG": formats.language(), "company": known["company_name"]}
    frame["product"] = request.GET.get("product", "")[:120]
    frame |= {"consent": form_text(), "given": {}}
    if request.method != "POST":
        return render(request, "inquiries/site_form.html", frame)
    is_json = request.content_type == "application/json"
    if len(request.body) > TOP_BYTES:
        return _refuse(request, frame, 413, "too_long", is_json=is_json)
    if arrived_since(channel="form", since=now() - timedelta(minutes=1)) >= TOP_PER_MINUTE:
        return _refuse(request, frame, 429, "too_many", is_json=is_json)
    frame["given"] = given = _given(request, is_json=is_json)
    if given is None:
        return _refuse(request, frame, 400, "not_json", is_json=is_json)
    # People do not see this field; what fills every field is not a person.
    if given.get("website2"):
        return _thanks(request, frame, 0, is_json=is_json)
    try:
        number = _registered(given, request, is_json=is_json)
    except RefusalError as error:
        return _refuse(request, frame, 400, error.code, is_json=is_json, said=sentence(error))
    return _thanks(request, frame, number, is_json=is_json)


@transaction.atomic
def _registered(given: dict[str, str], request: HttpRequest, *, is_json: bool) -> int:
    """Only our own form demands the tick: a program's inquiry is not lost for want of it."""
    if not is_json:
        demand_tick(given)
    at = now()
    made = register_inquiry(_inquiry(given, request), by=SYSTEM, at=at)
    take_consent(made, given, by=SYSTEM, at=at)
    return made.number


def _given(request: HttpRequest, *, is_json: bool) -> dict[str, str] | None:
    if not is_json:
        return {key: str(value) for key, value in request.POST.items()}
    try:
        found = json.loads(request.body)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return {str(key): str(value) for key, value in found.items() if value is not None}


def _inquiry(given: dict[str, str], request: HttpRequest) -> NewInquiry:
    return NewInquiry(
        channel="form",
        name=given.get("name", ""),
        phone=given.get("phone", ""),
        mail=given.get("mail", given.get("email", "")),
        text=given.get("text", "")[:10_000],
        source=given.get("source", given.get("utm_source", "")),
        marks=marks_of_form(given),
        raw=request.body.decode("utf-8", "replace")[:TOP_BYTES],
        external_id=given.get("id", ""),
    )


def _thanks(
    request: HttpRequest, frame: dict[str, Any], number: int, *, is_json: bool
) -> HttpResponse:
    if is_json:
        return JsonResponse({"number": number}, status=201)
    return render(request, "inquiries/site_form.html", frame | {"number": number or "—"})


def _refuse(
    request: HttpRequest,
    frame: dict[str, Any],
    status: int,
    code: str,
    *,
    is_json: bool,
    said: str = "",
) -> HttpResponse:
    if is_json:
        return JsonResponse({"code": code, "said": said}, status=status)
    return render(
        request, "inquiries/site_form.html", frame | {"code": code, "said": said}, status=status
    )
