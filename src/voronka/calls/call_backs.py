"""Call-backs kept true: after each call of a number they are reckoned anew from its calls."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from voronka.agenda.models import Step
from voronka.agenda.steps import cancel_step, finish_step, set_step
from voronka.calls.call_back_models import CallBack
from voronka.calls.call_back_owners import open_inquiry, whose_call_back
from voronka.calls.missing import Ring, Spell, spells
from voronka.calls.models import Call
from voronka.calls.past_call_backs import are_no_customers, how_ended, lay_past
from voronka.calls.rings import rings_of
from voronka.calls.telling import about_call
from voronka.clients.models import Client
from voronka.foundation.phones import format_phone
from voronka.foundation.turns import take_turn
from voronka.journal import actions as journal
from voronka.journal.kinds import CallBackClosed, CallBackDue, CallBackReopened, FactBody
from voronka.people import notices, settings
from voronka.people.calendars import calendar_of_person
from voronka.people.viewers import SYSTEM

PAST = timedelta(days=7)
"""What was missed longer ago, before we heard of it, is history: nobody rings back for it."""
NEWS = timedelta(days=1)


@transaction.atomic
def recount(phone: str, *, around: datetime, now: datetime) -> None:
    """Make, add to, close, reopen or withdraw the call-backs of a number, as its calls say.

    `around`: when the call began of which there is news; what was settled before it stays.
    The same calls again change nothing. Hidden numbers, our own, and those said to be no
    customer's get none.

    Records: CallBackDue, CallBackClosed, CallBackReopened; StepSet, StepDone, StepCancelled.
    """
    if not phone.startswith("+"):
        return
    take_turn(f"call back {phone}")
    touched = Q(closed_at=None) | Q(closed_at__gte=around)
    rows = CallBack.objects.select_for_update(of=("self",)).select_related("first_call")
    reached = list(rows.filter(touched, phone=phone))
    known = {row.first_call_id: row for row in reached if not row.is_past}
    start = min([around, *(row.first_call.started_at for row in known.values())])
    found = spells(rings_of([phone], since=start)[phone])
    standing = {spell.first.call_id for spell in found}
    for row in known.values():
        if row.first_call_id not in standing and row.how != "withdrawn":
            _withdraw(row, now)
    brought = [_bring_up(known.get(one.first.call_id), one, phone, now) for one in found]
    if len(reached) > len(known) or not all(brought):
        lay_past([phone])


def settle(*, now: datetime) -> int:
    """Look again at numbers whose calls came or went by other ways: files, loads taken back.

    Gives how many were looked at. Two queries when there is none.
    """
    least = settings.all_settings()["talk_seconds"]
    talks = Call.objects.filter(
        phone=OuterRef("phone"), removed_at=None, is_final=True, talk_seconds__gte=least,
        started_at__gt=OuterRef("first_missed_at"),
    )  # fmt: skip
    gone = Q(first_call__removed_at__isnull=False) & ~Q(how="withdrawn")
    found = [
        *CallBack.objects.open().filter(Exists(talks)),
        *CallBack.objects.filter(gone | Q(closed_by__removed_at__isnull=False), is_past=False),
    ]
    for row in found:
        recount(row.phone, around=row.first_missed_at, now=now)
    return len(found)


def _made(phone: str, spell: Spell, now: datetime) -> CallBack | None:
    """Write down a new call-back; None when it is history, or the number is no customer's."""
    missed_at = spell.first.ended_at
    if now - missed_at > PAST or are_no_customers([phone]):
        return None
    call = Call.objects.select_related("client", "deal").get(pk=spell.first.call_id)
    inquiry = open_inquiry(call)
    owner_id = whose_call_back(call, inquiry, at=missed_at)
    known = settings.all_settings()
    norm = timedelta(minutes=known["call_back_minutes"])
    row = CallBack(
        phone=phone,
        first_call=call,
        client=call.client,
        deal=call.deal if call.deal and not call.deal.outcome else None,
        inquiry=inquiry,
        owner_id=owner_id,
        first_missed_at=missed_at,
        last_missed_at=spell.last_missed_at,
        times=spell.times,
        due_at=calendar_of_person(owner_id).add(missed_at, norm),
    )
    row.step = _step(row)
    row.save(force_insert=True)
    body = CallBackDue(
        call_id=call.pk,
        phone=phone,
        due_at=row.due_at.isoformat(),
        in_hours=settings.calendar(known).is_working(missed_at),
    )
    _record(body, row, missed_at)
    if spell.talk is None and now - missed_at < NEWS:
        _tell_owner(row, now)
    return row


def _bring_up(row: CallBack | None, spell: Spell, phone: str, now: datetime) -> bool:
    """Bring a call-back up to what the calls say: how many, since when, closed or not.

    Makes it where there is none; False when it is to be none.
    """
    row = row or _stood(spell) or _made(phone, spell, now)
    if row is None:
        return False
    counted = {"times": spell.times, "last_missed_at": spell.last_missed_at}
    if any(getattr(row, name) != value for name, value in counted.items()):
        CallBack.objects.filter(pk=row.pk).update(**counted)
        row.times, row.last_missed_at = spell.times, spell.last_missed_at
    if spell.talk is not None:
        _close(row, spell.talk)
    elif row.closed_at is not None:
        _reopen(row, now)
    return True


def _stood(spell: Spell) -> CallBack | None:
    """Give what was settled or withdrawn before; one of the past gives way to a task."""
    rows = CallBack.objects.select_for_update(of=("self",)).select_related("first_call")
    row = rows.filter(first_call=spell.first.call_id).first()
    if row is not None and row.is_past:
        row.delete()
        return None
    return row


def _close(row: CallBack, ring: Ring) -> None:
    at = max(ring.at, row.first_missed_at)
    how = how_ended(row.owner_id, ring)
    if (row.closed_at, row.closed_by_id, row.how) == (at, ring.call_id, how):
        return
    worked = calendar_of_person(row.owner_id).between(row.first_missed_at, at)
    row.closed_at, row.closed_by_id, row.how = at, ring.call_id, how
    row.wait_seconds = int(worked.total_seconds())
    row.save(update_fields=["closed_at", "closed_by", "how", "wait_seconds"])
    if row.step_id and Step.objects.filter(pk=row.step_id).open().exists():
        finish_step(step_id=row.step_id, outcome="", by=SYSTEM, at=at)
    _record_closed(row, at)


def _reopen(row: CallBack, now: datetime) -> None:
    row.closed_at, row.closed_by, row.how, row.wait_seconds = None, None, "", None
    row.step = _step(row)
    row.save(update_fields=["closed_at", "closed_by", "how", "wait_seconds", "step"])
    _record(CallBackReopened(call_id=row.first_call_id), row, now)


def _withdraw(row: CallBack, now: datetime) -> None:
    row.closed_at, row.closed_by, row.how, row.wait_seconds = now, None, "withdrawn", 0
    row.save(update_fields=["closed_at", "closed_by", "how", "wait_seconds"])
    if row.step_id and Step.objects.filter(pk=row.step_id).open().exists():
        cancel_step(step_id=row.step_id, reason="", by=SYSTEM, at=now)
    _record_closed(row, now)


def _step(row: CallBack) -> Step | None:
    """Put it on the owner's desk, with the deal or the client where there is one."""
    client_id = None if row.deal_id else row.client_id
    if row.owner_id is None or not (row.deal_id or client_id):
        return None
    if client_id and not Client.objects.live().filter(pk=client_id).exists():
        return None
    return set_step(
        kind="call_back",
        title=format_phone(row.phone),
        due_at=row.due_at,
        by=SYSTEM,
        at=row.first_missed_at,
        deal_id=row.deal_id,
        client_id=client_id,
        person_id=row.owner_id,
    )


def _tell_owner(row: CallBack, now: datetime) -> None:
    if row.owner_id is None:
        return
    about = {
        "call_id": row.first_call_id,
        "who": row.client.name if row.client else format_phone(row.phone),
        "deal_id": row.deal_id,
        "client_id": row.client_id,
        "inquiry_id": row.inquiry_id,
        "due_at": row.due_at.isoformat(),
    }
    notices.tell(person_id=row.owner_id, kind="call_back", about=about, at=now)


def _record_closed(row: CallBack, at: datetime) -> None:
    body = CallBackClosed(
        call_id=row.first_call_id,
        talk_call_id=row.closed_by_id,
        how=row.how,
        wait_seconds=row.wait_seconds or 0,
        times=row.times,
        is_late=at > row.due_at,
    )
    _record(body, row, at)


def _record(body: FactBody, row: CallBack, at: datetime) -> None:
    about = about_call(row.first_call, row.owner_id)
    journal.record(body, about=about, by_id=None, at=at, batch_id=row.first_call.batch_id)
