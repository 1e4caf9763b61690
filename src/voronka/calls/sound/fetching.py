"""Fetching recordings: at once, then after a minute, five, an hour and a day."""

import logging
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import IO

from django.db.models import F

from voronka.calls.recording_models import Recording
from voronka.calls.sound.encoding import made_of
from voronka.calls.sound.keeping import keep_sound
from voronka.calls.sound.kept_sound import Sound
from voronka.calls.sound.problems import NOT_THERE, SoundProblemError
from voronka.calls.sound.sources import opened_sound_of

PAUSES = tuple(timedelta(seconds=n) for n in (60, 300, 3600, 86_400))
AT_ONCE = 200
log = logging.getLogger("voronka.calls")


def fetch_recording(*, recording_id: int, now: datetime) -> bool:
    """Try to have a recording; tell whether it is there now.

    Two processes at once: one of them does it. A crash in between is a try that failed.
    """
    row = Recording.objects.filter(pk=recording_id, state="awaited", next_try_at__lte=now)
    recording = row.select_related("call__exchange").first()
    if recording is None:
        return False
    is_last = recording.tries >= len(PAUSES)
    later = now + PAUSES[min(recording.tries, len(PAUSES) - 1)]
    mine = row.filter(tries=recording.tries).update(tries=F("tries") + 1, next_try_at=later)
    if not mine:
        return False
    recording.tries, recording.next_try_at = recording.tries + 1, later
    try:
        _take(recording, now)
    except SoundProblemError as error:
        _note_problem(recording, error, is_last=is_last)
        return False
    return True


def fetch_due(*, now: datetime) -> int:
    """Try all that are due; give how many came. One that fails holds up no other."""
    due = Recording.objects.filter(state="awaited", next_try_at__lte=now)
    n = 0
    for pk in list(due.order_by("next_try_at").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            n += fetch_recording(recording_id=pk, now=now)
        except Exception:
            log.exception("recording %s could not be fetched", pk)
    return n


def _take(recording: Recording, now: datetime) -> None:
    with ExitStack() as stack:
        opened = opened_sound_of(recording.call, recording.place, stack)
        sound = _made(opened.choices)
    keep_sound(recording, sound, place=opened.place, at=now)


def _made(choices: list[list[IO[bytes]]]) -> Sound:
    """Make it of both sides; of the mixed file where one of them is no sound."""
    for files in choices[:-1]:
        try:
            return made_of(files)
        except SoundProblemError:
            continue
    return made_of(choices[-1])


def _note_problem(recording: Recording, error: SoundProblemError, *, is_last: bool) -> None:
    """Write down why; the end of it when another try is of no use."""
    changes: dict[str, object] = {"problem": error.code}
    # Our own store comes back one day: the exchange has it still, or no more by then.
    if (is_last and error.code != "store_away") or error.is_final:
        state = "absent" if error.code in NOT_THERE else "failed"
        changes |= {"state": state, "next_try_at": None}
    Recording.objects.filter(pk=recording.pk, state="awaited").update(**changes)
