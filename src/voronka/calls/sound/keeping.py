"""Recordings among our files: put there, read from any place on, taken away."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from voronka.calls.recording_models import Recording
from voronka.calls.sound.kept_sound import MEDIA, Sound
from voronka.foundation import files, sealed_files
from voronka.foundation.text import storable
from voronka.inquiries.models import Received, ReceivedFile
from voronka.people.settings import all_settings


def keep_sound(recording: Recording, sound: Sound, *, place: str, at: datetime) -> bool:
    """Put a recording among our files, sealed where the installation wants it, and say so.

    Its name stands in the row before the file is there: whatever happens, no file is left that
    nobody knows of. One that was erased or purged meanwhile does not come back: False.
    """
    is_sealed = bool(all_settings()["recordings_sealed"])
    content = sealed_files.sealed(sound.content) if is_sealed else sound.content
    drop_content(recording)
    name = hashlib.sha256(content).hexdigest()
    awaited = Recording.objects.filter(pk=recording.pk, state="awaited")
    if not awaited.update(content=name):
        return False
    files.keep(content)
    is_kept = awaited.filter(content=name).update(
        state="stored",
        problem="",
        next_try_at=None,
        place=storable(place)[:1000],
        is_sealed=is_sealed,
        media=MEDIA,
        seconds=sound.seconds,
        channels=sound.channels,
        size=len(sound.content),
        sha256=hashlib.sha256(sound.content).hexdigest(),
        peaks=sound.peaks,
        stored_at=at,
    )
    if not is_kept:
        drop_unnamed([name], but=[recording.pk])
    return bool(is_kept)


def read_sound(recording: Recording, begin: int, length: int) -> bytes:
    """Give bytes of a recording from a place on. Raises: FileNotFoundError, LostKeyError."""
    if recording.is_sealed:
        return sealed_files.read_sealed(recording.content, begin, length)
    return files.read_part(recording.content, begin, length)


def drop_content(recording: Recording) -> None:
    """Take a recording's file away, unless another row names the same."""
    if not recording.content:
        return
    drop_unnamed([recording.content], but=[recording.pk])
    recording.content = ""


def drop_unnamed(names: Iterable[str], *, but: Iterable[int] = ()) -> None:
    """Take away those files that nothing names any more; recordings `but` do not count."""
    rows = Recording.objects.exclude(pk__in=list(but))
    for name in names:
        is_named = (
            rows.filter(content=name).exists()
            or ReceivedFile.objects.filter(content=name).exists()
            or Received.objects.filter(body_file=name).exists()
        )
        if not is_named:
            files.drop(name)


def say_purged(recording_ids: list[int], *, at: datetime) -> None:
    """Note that recordings are gone: the row, its length and its problem stay.

    Their files are taken away by `drop_purged`, after the transaction.
    """
    rows = Recording.objects.filter(pk__in=recording_ids)
    rows.update(state="purged", purged_at=at, peaks=b"", place="", sha256="", next_try_at=None)


def drop_purged() -> int:
    """Take away the files of purged recordings; give how many. Going on after a crash."""
    n = 0
    for row in Recording.objects.filter(state="purged").exclude(content="").iterator():
        drop_unnamed([row.content], but=[row.pk])
        Recording.objects.filter(pk=row.pk).update(content="")
        n += 1
    return n
