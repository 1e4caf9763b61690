"""Recordings are kept for as many days as the installation says, and then no longer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from voronka.calls.recording_models import Recording
from voronka.calls.sound.keeping import drop_purged, say_purged
from voronka.journal import actions as journal
from voronka.journal.kinds import RecordingsPurged
from voronka.people.settings import all_settings

AT_ONCE = 500


def purge_old(*, now: datetime) -> int:
    """Drop the recordings of calls older than the setting says; give how many. 0: keep all.

    Notes, lengths and who listened stay. Records: RecordingsPurged, one for each portion.
    """
    days = all_settings()["recording_days"]
    n = 0
    while days and (part := _purge_some(now - timedelta(days=days), days, now)):
        n += part
    # Also what was erased, and what a crash left of an earlier purge.
    drop_purged()
    return n


@transaction.atomic
def _purge_some(before: datetime, days: int, now: datetime) -> int:
    rows = Recording.objects.filter(call__started_at__lt=before)
    rows = rows.filter(state__in=("stored", "awaited")).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        return 0
    stored = Recording.objects.filter(pk__in=ids, state="stored")
    sums = stored.aggregate(size=Sum("size"), seconds=Sum("seconds"))
    body = RecordingsPurged(
        recordings=stored.count(),
        size=int(sums["size"] or 0),
        seconds=round(sums["seconds"] or 0),
        days=days,
    )
    journal.record(body, about=journal.About(case="recordings"), by_id=None, at=now)
    say_purged(ids, at=now)
    return len(ids)
