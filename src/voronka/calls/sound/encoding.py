"""Several files of one talk become one: the client on the left, our person on the right.

FLAC: nothing is lost, each side stays exact, every browser plays it; half of the file of the
exchange (decision 0008).
"""

import io
from collections.abc import Iterator, Sequence
from typing import IO

import numpy as np
import soundfile
from numpy.typing import NDArray

from voronka.calls.sound.kept_sound import BARS, Sound
from voronka.calls.sound.problems import SoundProblemError
from voronka.calls.sound.reading import LEAST_SECONDS, opened_sound

AT_ONCE = 1 << 16
Frames = NDArray[np.int16]


def made_of(sides: Sequence[IO[bytes]]) -> Sound:
    """Make a recording of one file, or of both sides: the client's first.

    Raises: SoundProblemError.
    """
    if len(sides) == 1:
        with opened_sound(sides[0]) as one:
            return _written([one])
    with opened_sound(sides[0]) as left, opened_sound(sides[1]) as right:
        if left.samplerate != right.samplerate or (left.channels, right.channels) != (1, 1):
            raise SoundProblemError("not_audio")
        return _written([left, right])


def _written(sources: list[soundfile.SoundFile]) -> Sound:
    rate, frames = sources[0].samplerate, max(one.frames for one in sources)
    channels = max(len(sources), sources[0].channels)
    peaks = np.zeros((channels, BARS), dtype=np.int32)
    out, written = io.BytesIO(), 0
    with soundfile.SoundFile(
        out, "w", samplerate=rate, channels=channels, format="FLAC", subtype="PCM_16"
    ) as made:
        for block in _blocks(sources, channels):
            made.write(block)
            _note_peaks(peaks, block, written, frames)
            written += len(block)
    if written < LEAST_SECONDS * rate:
        raise SoundProblemError("torn")
    loud = (np.minimum(peaks, 32767) * 255 // 32767).astype(np.uint8)
    return Sound(out.getvalue(), round(written / rate, 2), channels, loud.tobytes())


def _blocks(sources: list[soundfile.SoundFile], channels: int) -> Iterator[Frames]:
    """Give pieces of all sources side by side; where one is over, it is silent."""
    while True:
        try:
            parts = [one.read(AT_ONCE, dtype="int16", always_2d=True) for one in sources]
        except soundfile.LibsndfileError as error:
            raise SoundProblemError("torn") from error
        longest = max(len(part) for part in parts)
        if not longest:
            return
        block = np.zeros((longest, channels), dtype=np.int16)
        for place, part in enumerate(parts):
            width = part.shape[1]
            block[: len(part), place : place + width] = part
        yield block


def _note_peaks(peaks: NDArray[np.int32], block: Frames, before: int, frames: int) -> None:
    """Keep the loudest of each bar."""
    places = (np.arange(before, before + len(block)) * BARS) // max(frames, 1)
    places = np.minimum(places, BARS - 1)
    begins = np.flatnonzero(np.diff(places, prepend=-1))
    loud = np.abs(block.astype(np.int32))
    for channel in range(block.shape[1]):
        found = np.maximum.reduceat(loud[:, channel], begins)
        row, at = peaks[channel], places[begins]
        row[at] = np.maximum(row[at], found)
