"""One call with all that is known of it, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from voronka.calls.exchange_models import CallEvent
from voronka.calls.models import Call, CallLeg, CallNote, Recording
from voronka.calls.sound.rights import may_listen
from voronka.journal.viewer import Viewer

MOST_EVENTS = 400


@dataclass(frozen=True, slots=True)
class LegRow:
    """One telephone that rang or talked; `outcome` as in `calls.records`. Seconds."""

    extension: str
    person: str
    began_at: datetime
    rang_seconds: int
    talk_seconds: int
    hold_seconds: int
    outcome: str


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """A recording as the player needs it. `peaks`: one row of bytes per channel."""

    state: str
    problem: str
    seconds: float
    channels: int
    peaks: Sequence[bytes]
    next_try_at: datetime | None
    purged_at: datetime | None
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note at a second of the recording."""

    id: int
    second: int
    text: str
    by_id: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallCard:
    """A call for its page. `is_heard`: the asker may hear its recording. Seconds."""

    id: int
    started_at: datetime
    direction: str
    outcome: str
    phone: str
    line: str
    client_id: int | None
    client: str
    deal_id: int | None
    deal_number: int | None
    deal: str
    stage: str
    stage_now: str
    manager_id: int | None
    manager: str
    is_answered: bool
    wait_seconds: int
    talk_seconds: int
    menu_seconds: int
    hold_seconds: int
    exchange_id: int | None
    exchange: str
    callers_warned: bool
    call_ref: str
    legs: list[LegRow]
    notes: list[NoteRow]
    recording: RecordingRow | None
    is_heard: bool


def call_card(*, viewer: Viewer, call_id: int) -> CallCard:
    """Give a call with its telephones, notes and recording; four queries.

    Raises: Call.DoesNotExist.
    """
    rows = Call.objects.visible_to(viewer).select_related(
        "client", "deal__stage", "stage", "manager", "exchange", "recording"
    )
    call = rows.get(pk=call_id)
    recording, deal = getattr(call, "recording", None), call.deal
    return CallCard(
        id=call.pk,
        started_at=call.started_at,
        direction=call.direction,
        outcome=call.outcome or _plain_outcome(call),
        phone=call.phone,
        line=call.line,
        client_id=call.client_id,
        client=call.client.name if call.client else "",
        deal_id=call.deal_id,
        deal_number=deal.number if deal else None,
        deal=deal.title if deal else "",
        stage=call.stage.name if call.stage else "",
        stage_now=deal.stage.name if deal else "",
        manager_id=call.manager_id,
        manager=call.manager.name if call.manager else "",
        is_answered=call.is_answered,
        wait_seconds=call.wait_seconds,
        talk_seconds=call.talk_seconds,
        menu_seconds=call.menu_seconds,
        hold_seconds=call.hold_seconds,
        exchange_id=call.exchange_id,
        exchange=call.exchange.name if call.exchange else "",
        callers_warned=bool(call.exchange and call.exchange.callers_warned),
        call_ref=call.call_ref,
        legs=_legs(call),
        notes=_notes(call),
        recording=_recording(recording) if recording else None,
        is_heard=may_listen(call, viewer),
    )


def raw_events(card: CallCard) -> list[tuple[datetime, str, str, str]]:
    """List what the exchange said of a call: when it came, which way, how it fared, the words.

    For those who keep the exchange; one query.
    """
    if card.exchange_id is None:
        return []
    rows = CallEvent.objects.filter(exchange_id=card.exchange_id, call_ref=card.call_ref)
    found = rows.order_by("pk").values_list("at", "source", "state", "body")
    return list(found[:MOST_EVENTS])


def _plain_outcome(call: Call) -> str:
    if call.is_answered:
        return "answered"
    return "missed" if call.direction == "in" else "no_answer"


def _legs(call: Call) -> list[LegRow]:
    rows = CallLeg.objects.filter(call=call).select_related("person").order_by("seq", "pk")
    return [
        LegRow(
            extension=one.extension,
            person=one.person.name if one.person else "",
            began_at=one.began_at,
            rang_seconds=_between(one.began_at, one.answered_at or one.ended_at),
            talk_seconds=one.talk_seconds,
            hold_seconds=one.hold_seconds,
            outcome=one.outcome,
        )
        for one in rows
    ]


def _between(begin: datetime, end: datetime | None) -> int:
    return max(0, round((end - begin).total_seconds())) if end else 0


def _notes(call: Call) -> list[NoteRow]:
    rows = CallNote.objects.filter(call=call).select_related("by").order_by("second", "pk")
    return [
        NoteRow(one.pk, one.second, one.text, one.by_id, one.by.name, one.at) for one in rows
    ]


def _recording(one: Recording) -> RecordingRow:
    peaks, channels = bytes(one.peaks), max(one.channels, 1)
    width = len(peaks) // channels
    return RecordingRow(
        state=one.state,
        problem=one.problem,
        seconds=one.seconds,
        channels=one.channels,
        peaks=[peaks[n * width : (n + 1) * width] for n in range(channels)] if peaks else [],
        next_try_at=one.next_try_at,
        purged_at=one.purged_at,
        is_sealed=one.is_sealed,
    )
