"""Hearing a recording: who may, and that it happened."""

from datetime import datetime, timedelta

from django.db import transaction

from voronka.calls.models import Call, CallListening, Recording
from voronka.calls.sound.rights import may_listen
from voronka.calls.telling import about_call
from voronka.journal import actions as journal
from voronka.journal.kinds import CallListened
from voronka.journal.viewer import Viewer

PAUSE = timedelta(minutes=15)
"""Who goes on after so long a pause listens anew."""
NOTED_EVERY = timedelta(minutes=1)


def recording_of(*, call_id: int, by: Viewer) -> Recording:
    """Give the recording of a call that a person may hear.

    Raises: Call.DoesNotExist, Recording.DoesNotExist, PermissionError.
    """
    call = Call.objects.visible_to(by).select_related("deal").get(pk=call_id)
    if not may_listen(call, by):
        raise PermissionError("recording")
    recording = Recording.objects.get(call=call, state="stored")
    recording.call = call
    return recording


@transaction.atomic
def note_listening(
    recording: Recording, *, token: str, from_second: int, by: Viewer, at: datetime
) -> None:
    """Write down that a person hears it: once for each opened page, however many pieces the
    browser asks for, and again after a pause.

    Records: CallListened.
    """
    row, is_new = CallListening.objects.get_or_create(
        call=recording.call,
        person_id=by.person_id,
        token=token[:32],
        defaults={"heard_at": at},
    )
    ours = CallListening.objects.filter(pk=row.pk)
    if not is_new and not ours.filter(heard_at__lt=at - PAUSE).update(heard_at=at):
        ours.filter(heard_at__lt=at - NOTED_EVERY).update(heard_at=at)
        return
    second = max(0, min(from_second, int(recording.seconds)))
    body = CallListened(call_id=recording.call_id, from_second=second)
    about = about_call(recording.call, recording.call.manager_id)
    journal.record(body, about=about, by_id=by.by_id, at=at)


__all__ = ["Recording", "note_listening", "recording_of"]
