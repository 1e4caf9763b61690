"""From a record to rows: one call, its legs, and what the journal is told when it is over."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from voronka.calls.adapters import TELL_OF_ROOMS
from voronka.calls.after_call import after_call, after_correction, while_it_goes_on
from voronka.calls.binding import Bound, bound_to, clean_number, people_by_extension
from voronka.calls.exchange_models import Exchange
from voronka.calls.missing import is_menu_only
from voronka.calls.models import Call, CallLeg, InternalCall
from voronka.calls.records import CallRecord, LegRecord
from voronka.calls.sound.awaiting import expect_recording
from voronka.calls.telling import about_call
from voronka.journal import actions as journal
from voronka.journal.kinds import CallCorrected, CallEnded, CallTalked
from voronka.people import settings
from voronka.people.queries import own_numbers

TOLD_AGAIN = ("is_answered", "talk_seconds", "wait_seconds", "outcome", "phone", "direction")
"""What a correction names: the columns that figures are made of."""


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a record: the call (None: an internal one), and whether it just ended."""

    call: Call | None
    is_news: bool


def put_call(
    exchange: Exchange, ref: str, record: CallRecord, *, is_final: bool, now: datetime
) -> Put:
    """Write a call as it is known by now; the same record again changes nothing.

    Must run inside a transaction, alone for this call. `is_final`: no more will come of it.
    Records: CallEnded and CallTalked each, once, when it is final; CallCorrected when more
    became known after that; what `after_call` records.
    """
    phone = clean_number(record.client)
    if record.direction == "internal" or phone in own_numbers():
        _put_internal(exchange, ref, record)
        return Put(None, is_news=False)
    call = Call.objects.select_for_update().filter(exchange=exchange, call_ref=ref).first()
    bound = _bound(call, phone, record)
    values = _values(record, phone, bound, is_final)
    if call is None:
        call = Call.objects.create(exchange=exchange, call_ref=ref, **values)
        was_final, changes = False, dict[str, list[object]]()
    else:
        was_final, changes = call.is_final, _changes(call, values)
        _save(call, values)
    legs = _put_legs(call, record.legs)
    if is_final and not was_final:
        _tell_end(call, record, legs)
        after_call(call, rung=_people(record.rang), now=now)
    elif was_final and changes.keys() & set(TOLD_AGAIN):
        _tell_correction(call, changes, now)
        after_correction(call, changes, now=now)
    elif not is_final:
        while_it_goes_on(call, _ringing(record), now=now)
    if is_final or was_final:
        expect_recording(call, exchange, record.recordings, now=now)
    return Put(call, is_news=is_final and not was_final)


def _put_internal(exchange: Exchange, ref: str, record: CallRecord) -> None:
    InternalCall.objects.update_or_create(
        exchange=exchange,
        call_ref=ref,
        defaults={
            "started_at": _moment(record.started_at),
            "talk_seconds": round(record.talk_seconds),
        },
    )
    # It may have looked like a client's while it rang.
    Call.objects.filter(exchange=exchange, call_ref=ref, is_final=False).delete()


def _bound(call: Call | None, phone: str, record: CallRecord) -> Bound:
    """A call stays with the deal and stage it began in, whatever the deal does meanwhile."""
    if call is not None and call.phone == phone and call.client_id:
        return Bound(call.client, call.deal, call.stage_id, call.source_id)
    return bound_to(phone, at=_moment(record.started_at))


def _values(record: CallRecord, phone: str, bound: Bound, is_final: bool) -> dict[str, Any]:
    return {
        "started_at": _moment(record.started_at),
        "direction": record.direction,
        "phone": phone,
        "client": bound.client,
        "deal": bound.deal,
        "stage_id": bound.stage_id,
        "source_id": bound.source_id,
        "manager_id": _manager_id(record, bound),
        "is_answered": record.outcome == "answered",
        "wait_seconds": round(record.wait_seconds),
        "talk_seconds": round(record.talk_seconds),
        "menu_seconds": round(record.menu_seconds),
        "hold_seconds": round(record.hold_seconds),
        "state": "ended" if is_final else record.state,
        "outcome": record.outcome,
        "line": record.line[:40],
        "answered_at": _moment(record.answered_at) if record.answered_at else None,
        "ended_at": _moment(record.ended_at) if record.ended_at else None,
        "is_final": is_final,
    }


def _manager_id(record: CallRecord, bound: Bound) -> int | None:
    """Whose call it is: who took or made it; of a missed one who is responsible for the number,
    else the only one who was rung.
    """
    known = people_by_extension()
    if took := known.get(record.answered_by):
        return took
    responsible = bound.deal.manager_id if bound.deal else None
    responsible = responsible or (bound.client.manager_id if bound.client else None)
    rung = _people(record.rang)
    return responsible or (rung[0] if len(rung) == 1 else None)


def _people(extensions: tuple[str, ...]) -> list[int]:
    known = people_by_extension()
    return [known[one] for one in extensions if one in known]


def _ringing(record: CallRecord) -> list[int]:
    """Who is rung at this moment."""
    if record.state != "ringing" or record.direction != "in":
        return []
    return _people(tuple(leg.extension for leg in record.legs if leg.ended_at is None))


def _changes(call: Call, values: dict[str, Any]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for name in TOLD_AGAIN:
        before = getattr(call, name)
        if before != values[name]:
            found[name] = [before, values[name]]
    return found


def _save(call: Call, values: dict[str, Any]) -> None:
    changed = [name for name, value in values.items() if getattr(call, name) != value]
    if call.is_final:
        # What is over never rings again; its person may have been changed by hand.
        changed = [name for name in changed if name not in ("state", "is_final", "manager_id")]
    for name in changed:
        setattr(call, name, values[name])
    if changed:
        call.save(update_fields=changed)


def _put_legs(call: Call, legs: tuple[LegRecord, ...]) -> list[CallLeg]:
    there = {leg.leg_ref: leg for leg in call.legs.all()}
    known = people_by_extension()
    found = []
    for seq, said in enumerate(legs):
        values = {
            "seq": seq,
            "extension": said.extension[:40],
            "person_id": known.get(said.extension),
            "began_at": _moment(said.began_at),
            "answered_at": _moment(said.answered_at) if said.answered_at else None,
            "ended_at": _moment(said.ended_at) if said.ended_at else None,
            "outcome": said.outcome,
            "talk_seconds": round(said.talk_seconds),
            "hold_seconds": round(said.held_seconds),
        }
        leg = there.pop(said.ref[:120], None)
        if leg is None:
            leg = CallLeg(call=call, leg_ref=said.ref[:120], **values)
            leg.save(force_insert=True)
        elif changed := [name for name in values if getattr(leg, name) != values[name]]:
            for name in changed:
                setattr(leg, name, values[name])
            leg.save(update_fields=changed)
        found.append(leg)
    if there:
        CallLeg.objects.filter(pk__in=[leg.pk for leg in there.values()]).delete()
    return found


def _tell_end(call: Call, record: CallRecord, legs: list[CallLeg]) -> None:
    calendar = settings.calendar(settings.all_settings())
    ended = CallEnded(
        call_id=call.pk,
        direction=call.direction,
        is_answered=call.is_answered,
        wait_seconds=call.wait_seconds,
        talk_seconds=call.talk_seconds,
        phone=call.phone,
        in_hours=calendar.is_working(call.started_at),
        outcome=call.outcome,
        is_menu_only=is_menu_only(
            direction=call.direction,
            outcome=call.outcome,
            n_rung=len(legs),
            tells_of_legs=call.exchange is not None and call.exchange.kind in TELL_OF_ROOMS,
        ),
    )
    about = about_call(call, call.manager_id)
    journal.record(ended, about=about, by_id=call.manager_id, at=call.started_at)
    talked = sorted(
        (leg for leg in legs if leg.answered_at and leg.outcome == "talked"),
        key=lambda leg: (leg.answered_at, leg.seq),
    )
    for place, leg in enumerate(talked, 1):
        part = CallTalked(
            call_id=call.pk,
            direction=call.direction,
            place=place,
            talk_seconds=leg.talk_seconds,
            hold_seconds=leg.hold_seconds,
        )
        own = about_call(call, leg.person_id)
        at = leg.answered_at or call.started_at
        journal.record(part, about=own, by_id=leg.person_id, at=at)


def _tell_correction(call: Call, changes: dict[str, list[object]], now: datetime) -> None:
    was, now_is = changes.get("talk_seconds", [0, 0])
    body = CallCorrected(
        call_id=call.pk,
        more_talk_seconds=int(str(now_is)) - int(str(was)),
        changes={name: pair for name, pair in changes.items() if name != "phone"},
    )
    journal.record(body, about=about_call(call, call.manager_id), by_id=None, at=now)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
