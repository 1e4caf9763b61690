"""Sound files of others, opened only after they have proved to be such."""

import io
import os
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import soundfile

from voronka.calls.sound.problems import SoundProblemError

LEAST_SECONDS, MOST_SECONDS = 0.05, 2 * 3600
MOST_BYTES = 400 * 1024 * 1024
RATES = range(4000, 96001)
MAGIC = (b"RIFF", b"OggS", b"fLaC", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3")
HEAD = 4096


@contextmanager
def opened_sound(file: IO[bytes]) -> Iterator[soundfile.SoundFile]:
    """Open a sound: WAV, MP3, Ogg or FLAC, at most two channels and two hours long.

    What a power cut left behind is opened as far as it goes.

    Raises: SoundProblemError: empty, torn, not_audio, too_long, too_large.
    """
    head = _head(file)
    with _mended(file, head) as whole:
        try:
            sound = soundfile.SoundFile(whole)
        except (soundfile.LibsndfileError, TypeError) as error:
            is_wave = head[:4] == b"RIFF" and head[8:12] == b"WAVE"
            raise SoundProblemError("torn" if is_wave else "not_audio") from error
        with sound:
            if sound.channels not in (1, 2) or sound.samplerate not in RATES:
                raise SoundProblemError("not_audio")
            if sound.frames < LEAST_SECONDS * sound.samplerate:
                raise SoundProblemError("empty")
            if sound.frames > MOST_SECONDS * sound.samplerate:
                raise SoundProblemError("too_long")
            yield sound


def _head(file: IO[bytes]) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise SoundProblemError("empty")
    if size > MOST_BYTES:
        raise SoundProblemError("too_large")
    head = file.read(HEAD)
    file.seek(0)
    # Whatever the name says, the library sees only what begins as sound does.
    if not head.startswith(MAGIC) or (head[:4] == b"RIFF" and head[8:12] != b"WAVE"):
        raise SoundProblemError("not_audio")
    return head


@contextmanager
def _mended(file: IO[bytes], head: bytes) -> Iterator[IO[bytes]]:
    """Give the file, or a copy that says how long it is: one whose writer died says zero."""
    at = head.find(b"data", 12) if head[:4] == b"RIFF" else -1
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if at < 0 or at + 8 >= size or head[at + 4 : at + 8] != b"\0\0\0\0":
        yield file
        return
    with io.BytesIO() as copy:
        shutil.copyfileobj(file, copy)
        for place, value in ((4, size - 8), (at + 4, size - at - 8)):
            copy.seek(place)
            copy.write(struct.pack("<I", value))
        copy.seek(0)
        yield copy
