"""Notes at a second of a recording."""

from datetime import datetime

from django.db import transaction

from voronka.calls.models import Call, CallNote
from voronka.calls.sound.rights import may_listen
from voronka.calls.telling import about_call
from voronka.foundation.errors import RefusalError
from voronka.foundation.text import storable
from voronka.journal import actions as journal
from voronka.journal.kinds import CallNoted, CallNoteDropped
from voronka.journal.viewer import Viewer

TOP_TEXT = 500


class BadCallNoteError(RefusalError):
    """A note is empty, or stands beyond the recording. details: field (text, second)."""

    code = "bad_call_note"


@transaction.atomic
def note_call(*, call_id: int, second: int, text: str, by: Viewer, at: datetime) -> CallNote:
    """Put a note at a second of a call; the same by the same person gives the one there is.

    Raises: Call.DoesNotExist, PermissionError, BadCallNoteError. Records: CallNoted.
    """
    call = _open(call_id, by)
    said = storable(text).strip()[:TOP_TEXT]
    if not said:
        raise BadCallNoteError(field="text")
    recording = getattr(call, "recording", None)
    longest = max(call.talk_seconds, int(recording.seconds) if recording else 0)
    if not 0 <= second <= longest:
        raise BadCallNoteError(field="second")
    note, is_new = CallNote.objects.get_or_create(
        call=call, second=second, text=said, by_id=by.person_id, defaults={"at": at}
    )
    if is_new:
        body = CallNoted(call_id=call.pk, note_id=note.pk, second=second, text=said)
        journal.record(body, about=about_call(call, call.manager_id), by_id=by.by_id, at=at)
    return note


@transaction.atomic
def drop_note(*, note_id: int, by: Viewer, at: datetime) -> int:
    """Take one's own note away; give the call's id.

    Raises: CallNote.DoesNotExist, Call.DoesNotExist, PermissionError.
    Records: CallNoteDropped.
    """
    note = CallNote.objects.select_for_update().get(pk=note_id)
    call = _open(note.call_id, by)
    if note.by_id != by.person_id:
        raise PermissionError("note")
    body = CallNoteDropped(call_id=call.pk, note_id=note.pk, text=note.text)
    journal.record(body, about=about_call(call, call.manager_id), by_id=by.by_id, at=at)
    note.delete()
    return call.pk


def _open(call_id: int, by: Viewer) -> Call:
    rows = Call.objects.visible_to(by).select_for_update(of=("self",))
    call = rows.select_related("deal", "recording").get(pk=call_id)
    if not (by.may("call", "change") and may_listen(call, by)):
        raise PermissionError("note")
    return call
