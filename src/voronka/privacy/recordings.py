"""Erasing the recordings of somebody's calls, and what was noted in them."""

from datetime import datetime

from voronka.calls.models import CallNote, Recording
from voronka.calls.sound.keeping import say_purged
from voronka.privacy.subject import Subject


def blank_recordings(one: Subject, *, at: datetime) -> dict[str, int]:
    """Drop the recordings of the subject's calls and the notes in them; give how many.

    That there was one, and how long, stays; the files go once the transaction is through.
    """
    rows = Recording.objects.filter(call_id__in=one.call_ids).exclude(state="purged")
    ids = list(rows.values_list("pk", flat=True))
    say_purged(ids, at=at)
    notes = CallNote.objects.filter(call_id__in=one.call_ids).delete()[0]
    return {"calls.recording": len(ids), "calls.callnote": notes}
