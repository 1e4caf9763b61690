"""After a talk: what came of it, in a line by hand, and what comes next by when."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from voronka.agenda.models import Step
from voronka.agenda.steps import set_step
from voronka.calls.call_back_models import CallOutcome
from voronka.calls.models import Call
from voronka.calls.telling import about_call
from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.foundation.errors import RefusalError
from voronka.foundation.text import storable
from voronka.inquiries.intake import card_from_inquiry
from voronka.inquiries.models import Inquiry
from voronka.journal import actions as journal
from voronka.journal.kinds import CallSummedUp
from voronka.journal.viewer import Viewer
from voronka.people import settings
from voronka.people.viewers import SYSTEM

OUTCOMES = ("agreed", "thinks", "asked_later", "wrong_person", "refused")
"""Ours, as long as the firm has no list of its own; the words are those of the page."""
LONGEST = 60
STEP_KINDS = ("letter", "call_back", "quote", "meeting")
"""What may follow a talk, in the order of their keys."""


class NothingSaidError(RefusalError):
    """Neither an outcome, nor a summary, nor a step was given."""

    code = "nothing_said"


class NoTalkError(RefusalError):
    """The call was no talk: nothing can have come of it."""

    code = "no_talk"


class UnknownOutcomeError(RefusalError):
    """The outcome stands on no list."""

    code = "unknown_outcome"


def outcome_list() -> tuple[str, ...]:
    """Give the outcomes to choose from: the firm's own (one per line), or ours."""
    lines = str(settings.all_settings()["call_outcomes"]).splitlines()
    own = tuple(dict.fromkeys(line.strip()[:LONGEST] for line in lines if line.strip()))
    return own or OUTCOMES


@transaction.atomic
def note_call(
    *,
    call_id: int,
    outcome: str,
    summary: str,
    step_kind: str,
    due_at: datetime | None,
    by: Viewer,
    at: datetime,
) -> CallOutcome:
    """Write down what came of a talk, and set the step that follows it.

    The step goes to the open deal, else to the client; a caller without a card gets one, made
    of the inquiry. What is said later takes the place of what was said; the same again changes
    nothing. `step_kind` "": no step is set, the one that was set stays.

    Raises: Call.DoesNotExist, PermissionError, NothingSaidError, NoTalkError,
        UnknownOutcomeError, BadStepError, StepInPastError; nothing was changed.
    Records: CallSummedUp; StepSet with a step; ClientAdded with a card.
    """
    if not by.may("call", "change"):
        raise PermissionError("call")
    rows = Call.objects.visible_to(by).select_for_update(of=("self",))
    call = rows.get(pk=call_id)
    summary = storable(summary).strip()[:4000]
    note = CallOutcome.objects.filter(call=call).first() or CallOutcome(call=call)
    _check(call, note, outcome, summary, step_kind)
    step = _step(call, step_kind, due_at, by, at) if step_kind else note.step
    said = (outcome, summary, step.pk if step else None)
    if note.pk and said == (note.outcome, note.summary, note.step_id):
        return note
    note.outcome, note.summary, note.step = outcome, summary, step
    note.by_id, note.at = by.by_id, at
    note.save()
    body = CallSummedUp(
        call_id=call.pk,
        outcome=outcome,
        summary=summary,
        step_kind=step_kind,
        step_id=step.pk if step else None,
    )
    about = about_call(call, call.manager_id)
    journal.record(body, about=about, by_id=by.by_id, at=at)
    return note


def _check(call: Call, note: CallOutcome, outcome: str, summary: str, step_kind: str) -> None:
    if not call.talk_seconds:
        raise NoTalkError
    if outcome and outcome not in outcome_list() and outcome != note.outcome:
        raise UnknownOutcomeError(outcome=outcome[:LONGEST])
    if not (outcome or summary or step_kind):
        raise NothingSaidError


def _step(call: Call, kind: str, due_at: datetime | None, by: Viewer, at: datetime) -> Step:
    deal_id = _open_deal(call)
    if by.person_id and by.person_id == call.manager_id:
        # Who took a colleague's client on the line says what was agreed there.
        by = replace(SYSTEM, person_id=by.person_id)
    return set_step(
        kind=kind,
        title="",
        due_at=due_at or at,
        by=by,
        at=at,
        deal_id=deal_id,
        client_id=None if deal_id else _client(call, by, at),
        person_id=call.manager_id if call.manager and call.manager.is_active else None,
    )


def _open_deal(call: Call) -> int | None:
    """Give the deal the talk was in, else the client's newest open one."""
    if call.deal and not call.deal.outcome:
        return call.deal_id
    rows = Deal.objects.live().filter(client_id=call.client_id or 0, outcome="")
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def _client(call: Call, by: Viewer, at: datetime) -> int | None:
    if call.client_id is None:
        rows = Inquiry.objects.changeable_by(by).filter(
            phone=call.phone, state__in=("new", "targeted")
        )
        inquiry = rows.order_by("-arrived_at", "-pk").first()
        if inquiry is not None:
            card = card_from_inquiry(inquiry_id=inquiry.pk, by=by, at=at)
            _join(call, card)
    return call.client_id


def _join(call: Call, card: Client) -> None:
    """The calls of a number that stood nowhere belong to the card it came to stand on."""
    Call.objects.filter(phone=call.phone, client=None).update(client=card)
    call.client = card
