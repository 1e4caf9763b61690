"""Recordings among our files: put there, read from any place on, taken away."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from voronka.calls.recording_models import Recording
from voronka.calls.sound.kept_sound import MEDIA, Sound
from voronka.calls.sound.problems import SoundProblemError
from voronka.foundation import files, object_store, sealed_files
from voronka.foundation.text import storable
from voronka.inquiries.models import Received, ReceivedFile
from voronka.people.settings import all_settings

log = logging.getLogger("voronka.calls")


def keep_sound(recording: Recording, sound: Sound, *, place: str, at: datetime) -> bool:
    """Put a recording among our files, sealed where the installation wants it, and say so;
    into the S3 store where the installation has one.

    Its name stands in the row before the file is there: whatever happens, no file is left that
    nobody knows of. One that was erased or purged meanwhile does not come back: False.

    Raises: SoundProblemError when the store is away.
    """
    is_sealed, is_remote = bool(all_settings()["recordings_sealed"]), object_store.is_set()
    content = sealed_files.sealed(sound.content) if is_sealed else sound.content
    _without_store(lambda: drop_content(recording))
    name = hashlib.sha256(content).hexdigest()
    awaited = Recording.objects.filter(pk=recording.pk, state="awaited")
    if not awaited.update(content=name, is_remote=is_remote):
        return False
    _without_store(lambda: (object_store if is_remote else files).keep(content))
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
    """Give bytes of a recording from a place on. Raises: FileNotFoundError, LostKeyError,
    StoreAwayError.
    """
    read_part = object_store.read_part if recording.is_remote else files.read_part
    if recording.is_sealed:
        return sealed_files.read_sealed(recording.content, begin, length, read_part=read_part)
    return read_part(recording.content, begin, length)


def drop_content(recording: Recording) -> None:
    """Take a recording's file away, unless another row names the same.

    Raises: StoreAwayError; the name stays then.
    """
    if not recording.content:
        return
    drop_unnamed([recording.content], but=[recording.pk])
    recording.content = ""


def drop_unnamed(names: Iterable[str], *, but: Iterable[int] = ()) -> None:
    """Take away those files that nothing names any more; recordings `but` do not count.

    Raises: StoreAwayError when one of them may lie in a store that is away.
    """
    rows = Recording.objects.exclude(pk__in=list(but))
    for name in names:
        is_named = (
            rows.filter(content=name).exists()
            or ReceivedFile.objects.filter(content=name).exists()
            or Received.objects.filter(body_file=name).exists()
        )
        if not is_named:
            files.drop(name)
            if object_store.is_set():
                object_store.drop(name)


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


def _without_store(do: Callable[[], object]) -> None:
    try:
        do()
    except object_store.StoreAwayError as error:
        log.warning("the store of recordings: %s", error)
        raise SoundProblemError("store_away") from error
