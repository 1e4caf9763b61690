"""POST /api/inquiries: an inquiry from a program."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from voronka.api.doors import KeyRow, by_key, now, told
from voronka.inquiries.reading import UnreadError, from_fields, json_fields
from voronka.inquiries.receiving import Delivery, TooManyError, receive
from voronka.inquiries.taking_in import BY_KEY
from voronka.people.settings import all_settings

TOP_BYTES = 64 * 1024
CHANNELS = ("form", "call", "mail", "messenger", "hand")


@by_key("inquiries", "POST")
def inquiries(request: HttpRequest, key: KeyRow) -> HttpResponse:
    """Take an inquiry: a JSON object with name, phone, mail, text, source, marks, id.

    201 with its number; 200 when the same id (or `Idempotency-Key`) is there already; 400 and
    413 say what is wrong, and what was sent is kept under the number given; 429 took nothing.
    """
    body = request.read(TOP_BYTES + 1)
    fields, problem = _read(body, request)
    channel = fields.get("channel", "form")
    own_id = request.headers.get("Idempotency-Key", "") or fields.get("id", "")
    given = Delivery(
        channel=channel if channel in CHANNELS else "form",
        shape="json",
        body=body[:TOP_BYTES],
        sender=f"{BY_KEY}{key.name}",
        external_id=f"key {key.id}: {own_id}" if own_id else "",
        # An empty one is left to a person by the reader as well.
        problem="" if problem == "empty" else problem,
    )
    try:
        receipt = receive(given, at=now(), per_minute=all_settings()["api_per_minute"])
    except TooManyError:
        answer = told(429, "too_many")
        answer.headers["Retry-After"] = "60"
        return answer
    if problem:
        status = 413 if problem == "too_long" else 400
        return told(status, problem, number=receipt.number)
    return JsonResponse({"number": receipt.number}, status=201 if receipt.is_new else 200)


def _read(body: bytes, request: HttpRequest) -> tuple[dict[str, str], str]:
    if len(body) > TOP_BYTES:
        return {}, "too_long"
    charset = (request.content_params or {}).get("charset", "")
    try:
        fields = json_fields(body, charset)
        from_fields(fields, "form", "")
    except UnreadError as error:
        return {}, error.code
    return fields, ""
