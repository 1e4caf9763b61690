"""telephony.externalCall at the door: the sender gets the number of the call it tells of."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from voronka.calls.binding import clean_number
from voronka.calls.exchange_models import CallEvent
from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken, is_same
from voronka.calls.hooks.request import Hook, hook_of, query_of
from voronka.calls.providers.external_call.fields import (
    TYPES,
    Request,
    fingerprint,
    request_of,
)
from voronka.calls.providers.external_call.users import users
from voronka.clients.finding import by_phone

SAME_CALL = timedelta(minutes=30)
TEXTS = {
    "NO_AUTH_FOUND": "Show the secret of this connection.",
    "INVALID_CREDENTIALS": "The secret shown is another one.",
    "ERROR_METHOD_NOT_FOUND": "Method not found!",
    "type": "Unknown TYPE",
    "user": "USER_ID or USER_PHONE_INNER should be set",
    "phone": "Unsupported phone number format",
    "call": "Call is not found (call should be registered prior to finishing)",
    "record": "RECORD_URL should be set: a recording is fetched, not taken in the request",
}


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a request in. Raises: ForgedError when a secret is set and is not shown."""
    try:
        request = request_of(hook)
    except (ValueError, LookupError):
        _prove(exchange, hook, query_of(hook))
        return Taken(status=400, said=_error("ERROR_CORE", "The request cannot be read"))
    _prove(exchange, hook, request.fields)
    if request.act == "register":
        return _registering(exchange, hook, request)
    if request.act in ("finish", "attachrecord", "show", "hide"):
        return Taken(look=lambda: _about_call(exchange, hook, request))
    if request.method == "user.get":
        return Taken(keeps=False, look=lambda: Taken(keeps=False, said=_result(users())))
    return _refused("ERROR_METHOD_NOT_FOUND", "ERROR_METHOD_NOT_FOUND", 404)


def _prove(exchange: AtDoor, hook: Hook, fields: Mapping[str, str]) -> None:
    """The key in the address is the proof, as with the CRM this form comes from; a secret that
    is set has to be shown besides: as `auth`, or before the method in the address.
    """
    if not exchange.secret:
        return
    bearer = hook.headers.get("authorization", "").removeprefix("Bearer ").strip()
    shown = [bearer, fields.get("auth", ""), *hook.suffix.split("/")[1:-1]]
    proofs = [is_same(one, exchange.secret) for one in shown]
    if any(proofs):
        return
    # A bare number before the method names a user and proves nothing.
    is_wrong = any(one and not one.isdecimal() for one in shown)
    code = "INVALID_CREDENTIALS" if is_wrong else "NO_AUTH_FOUND"
    raise ForgedError(403 if is_wrong else 401, _error(code, TEXTS[code]))


def _registering(exchange: AtDoor, hook: Hook, request: Request) -> Taken:
    if request.text("type") not in TYPES:
        return _refused("ERROR_CORE", "type", 400)
    if not request.people:
        return _refused("ERROR_CORE", "user", 400)
    if not any(sign.isdigit() for sign in request.text("phone_number")):
        return _refused("ERROR_CORE", "phone", 400)
    own = request.text("external_call_id", 200)
    words = [request.text("phone_number"), request.text("type")]
    if own:
        # One physical call, however many people it is registered for.
        ref = f"externalCall.{fingerprint(exchange.id, 'own', own, *words)}"
        return Taken(look=lambda: _registered(exchange, hook, request, ref, ""))
    words += [request.text("line_number"), *request.people]
    mark = fingerprint(exchange.id, *words)
    return Taken(look=lambda: _once_in_a_while(exchange, hook, request, mark), turn=mark)


def _once_in_a_while(exchange: AtDoor, hook: Hook, request: Request, mark: str) -> Taken:
    """The same again within half an hour is the same call, until that one is finished."""
    # Digits of one length: every database sorts them alike.
    keys = (f"r{mark}{0:012}", f"r{mark}{10**12 - 1}")
    rows = CallEvent.objects.filter(exchange_id=exchange.id, source="hook")
    last = rows.filter(source_key__range=keys).order_by("-source_key").first()
    if last and hook.at - last.at < SAME_CALL and not _is_finished(exchange.id, last.call_ref):
        return Taken(keeps=False, said=_said_of(request, last.call_ref))
    moment = int(hook.at.timestamp())
    ref = f"externalCall.{mark}.{moment}"
    return _registered(exchange, hook, request, ref, f"r{mark}{moment:012}")


def _registered(exchange: AtDoor, hook: Hook, request: Request, ref: str, key: str) -> Taken:
    return Taken(ref=ref, key=key, said=_said_of(request, ref))


def _said_of(request: Request, ref: str) -> dict[str, Any]:
    client = by_phone(clean_number(request.text("phone_number"))).first()
    return _result(
        {
            "CALL_ID": ref,
            "CRM_CREATED_LEAD": None,
            "CRM_CREATED_ENTITIES": [],
            "CRM_ENTITY_TYPE": "CONTACT" if client else "",
            "CRM_ENTITY_ID": client.pk if client else None,
        }
    )


def _about_call(exchange: AtDoor, hook: Hook, request: Request) -> Taken:
    events = _events(exchange.id, request.call_id)
    if not request.call_id or not events:
        # Kept for a person all the same: it may be a call of before the connection.
        return Taken(status=400, said=_error("ERROR_CORE", TEXTS["call"]))
    if request.act == "finish":
        mark = fingerprint(exchange.id, *map(str, sorted(request.fields.items())))
        return Taken(ref=request.call_id, key=f"f{mark}", said=_finished(request, events[0]))
    if request.act == "attachrecord":
        if not request.text("record_url", 1000):
            return _refused("ERROR_CORE", "record", 400)
        return Taken(ref=request.call_id, said=_result({"FILE_ID": events[0].pk}))
    return Taken(ref=request.call_id, said=_result(True))


def _finished(request: Request, first: CallEvent) -> dict[str, Any]:
    # What was erased meanwhile is answered without its number.
    of = request_of(hook_of(first.body, at=first.at)) if first.body else Request("", {})
    seconds = request.text("duration") or "0"
    code = request.text("status_code") or ("304" if seconds == "0" else "200")
    return _result(
        {
            "ID": first.pk,
            "CALL_ID": request.call_id,
            "EXTERNAL_CALL_ID": of.text("external_call_id", 200) or None,
            "PHONE_NUMBER": of.text("phone_number"),
            "PORTAL_NUMBER": of.text("line_number"),
            "INCOMING": of.text("type"),
            "CALL_DURATION": int(seconds) if seconds.isdecimal() else 0,
            "CALL_STATUS": int(code == "200"),
            "CALL_FAILED_CODE": code,
        }
    )


def _events(exchange_id: int, ref: str) -> list[CallEvent]:
    rows = CallEvent.objects.filter(exchange_id=exchange_id, source="hook", call_ref=ref)
    return list(rows.order_by("pk")[:20])


def _is_finished(exchange_id: int, ref: str) -> bool:
    return any(event.source_key.startswith("f") for event in _events(exchange_id, ref))


def _result(said: object) -> dict[str, Any]:
    return {"result": said}


def _refused(code: str, why: str, status: int) -> Taken:
    return Taken(keeps=False, status=status, said=_error(code, TEXTS[why]))


def _error(code: str, text: str) -> dict[str, Any]:
    return {"error": code, "error_description": text}
