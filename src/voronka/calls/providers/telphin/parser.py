"""Telphin: fields of an extension's event -> statements about a call."""

from collections.abc import Iterator
from dataclasses import dataclass

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, fields_of, hook_of
from voronka.calls.providers.legs import (
    OUTCOMES,
    answered,
    client,
    demand_number,
    ended,
    is_extension,
    leg_of,
    over,
    own_word,
    person,
    short_ref,
    text_of,
)
from voronka.calls.providers.moments import LONGEST_SECONDS, moment_of
from voronka.calls.signals import Signal, UnreadableError

EVENTS = ("dial-in", "dial-out", "answer", "hangup")
OTHER = ("voicemail",)
CAUSES = {
    "": "", "ANSWER": "", "NOANSWER": "", "UNKNOWN": "", "CALLING": "", "BUSY": "busy",
    "CANCEL": "cancelled", "CONGESTION": "unreachable", "CHANUNAVAIL": "unreachable",
}  # fmt: skip
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One event, read. `own`: the extension it is told of; `other`: among ourselves, the one
    on the other side; `is_out`: the extension calls.
    """

    at: float
    event: str
    is_out: bool
    own: str
    other: str
    number: str
    line: str
    status: str
    length: float | None
    link: str

    @property
    def cause(self) -> str:
        """Why the extension is out of the call, in our words."""
        return CAUSES.get(self.status, "")


def ref_of_fields(fields: dict[str, str]) -> str:
    """Give which call is spoken of: the name stays when it is passed on."""
    return short_ref(fields.get("callid", ""))


def ref_of(_exchange: Exchange, event: CallEvent) -> str:
    """Give the call of a stored event. Raises: ValueError when it cannot be read."""
    return ref_of_fields(fields_of(hook_of(event.body, at=event.at)))


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event.

    Raises: ValueError, KeyError when it is torn; UnreadableError, with what was understood
    given before, when a person should look at it.
    """
    if event.source == "own":
        yield own_word(event)
        return
    hook = hook_of(event.body, at=event.at)
    said = _said(fields_of(hook), hook, exchange.zone)
    if said.event in OTHER:
        return
    if said.event not in EVENTS:
        raise UnreadableError("unknown_event")
    yield from _there(said)
    if said.event == "answer" and said.own and not (said.other and said.is_out):
        yield answered(said.at, said.own)
    if said.event == "hangup":
        yield from _left(said)
    if said.status not in CAUSES:
        raise UnreadableError("unknown_status")
    demand_number(said.number)


def _said(fields: dict[str, str], hook: Hook, zone: str) -> Said:
    event = text_of(fields, "eventtype").lower()
    caller = _short(text_of(fields, "callerextension") or text_of(fields, "calleridnum"))
    called = _short(text_of(fields, "calledextension", "callednumber"))
    flow = text_of(fields, "callflow").upper() or {"dial-in": "IN", "dial-out": "OUT"}.get(
        event
    )
    is_out = flow == "OUT" if flow else is_extension(caller) and not is_extension(called)
    own, other = (caller, called) if is_out else (called, caller)
    is_inner = is_extension(caller) and is_extension(called)
    outer = text_of(fields, "callednumber" if is_out else "calleridnum")
    shown = text_of(fields, "calleridnum" if is_out else "calleddid")
    return Said(
        at=_moment(fields.get("eventtime", ""), zone, hook),
        event=event,
        is_out=is_out,
        own=own,
        other=other if is_inner else "",
        number="" if is_inner else outer,
        line="" if is_extension(_short(shown)) else shown,
        status=text_of(fields, "callstatus").upper().replace(" ", "").replace("_", ""),
        length=_length(fields.get("duration", "")),
        link=text_of(fields, "recordingurl", most=1000),
    )


def _short(extension: str) -> str:
    """Give 101 of 0003*101, as the platform writes an extension in full."""
    return extension.rpartition("*")[2]


def _moment(told: str, zone: str, hook: Hook) -> float:
    """Give seconds since 1970; they are told in microseconds, 16 digits."""
    text = told.strip()
    if text.isdecimal() and len(text) > 14:
        text = text[:-6] + "." + text[-6:]
    at = moment_of(text, zone=zone, near=hook.at)
    return hook.at.timestamp() if at is None else at


def _length(told: str) -> float | None:
    """Give seconds; a number too great for them is of microseconds."""
    text = told.strip()
    if not text.isdecimal() or len(text) > 15:
        return None
    found = float(text)
    return found if found <= LONGEST_SECONDS else found / MICROSECONDS


def _there(said: Said) -> Iterator[Signal]:
    """Say who is in the call: each event tells of it, for the first one may be lost."""
    if said.other:
        caller, called = (said.own, said.other) if said.is_out else (said.other, said.own)
        yield person(said.at, caller, dialled=called, direction="internal")
        yield person(said.at, called)
        return
    direction = "out" if said.is_out else "in"
    yield from client(said.at, said.number, line=said.line, direction=direction)
    if said.own:
        yield person(said.at, said.own, dialled=(said.number or "?") if said.is_out else "")


def _left(said: Said) -> Iterator[Signal]:
    """One extension is out. The call may go on: passed on, or to another one of a group."""
    if said.own:
        yield ended(said.at, leg_of(said.own), cause=said.cause)
    if (
        said.status == "ANSWER"
        and said.length
        and said.own
        and not (said.other and said.is_out)
    ):
        yield answered(said.at - said.length, said.own, rank=1)
    if said.is_out and said.status != "ANSWER":
        yield from over(said.at, cause=said.cause)
        outcome = OUTCOMES.get(said.cause, "")
        yield Signal(kind="summary", at=said.at, order=3, talk_seconds=0.0, outcome=outcome)
    if said.link:
        yield Signal(kind="recording", at=said.at, order=5, name=said.link)
