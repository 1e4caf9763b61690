"""Recordings of the demonstration's calls go with them."""

from django.db import transaction
from django.db.models import Q

from voronka.calls.models import CallListening, CallNote, Recording
from voronka.calls.sound.keeping import drop_unnamed


def drop_recordings_of(batches: list[int]) -> None:
    """Delete the recordings of calls of these batches with their files, what was noted in
    them, and what the batches' people noted and heard elsewhere.
    """
    rows = Recording.objects.filter(call__batch_id__in=batches)
    names = list(rows.exclude(content="").values_list("content", flat=True))
    rows.delete()
    calls = Q(call__batch_id__in=batches)
    CallNote.objects.filter(calls | Q(by__batch_id__in=batches)).delete()
    CallListening.objects.filter(calls | Q(person__batch_id__in=batches)).delete()
    transaction.on_commit(lambda: drop_unnamed(names))
