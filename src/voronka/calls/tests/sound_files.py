"""Sound files for tests, made with the standard library alone."""

import array
import math
import wave
from pathlib import Path

RATE = 8000


def tone(seconds: float, *, loud: int = 9000, silent: tuple[float, float] = (0, 0)) -> bytes:
    """Give samples of a tone, silent between two seconds."""
    begin, end = (round(one * RATE) for one in silent)
    samples = array.array("h", (
        0 if begin <= n < end else round(loud * math.sin(n / 3))
        for n in range(round(seconds * RATE))
    ))  # fmt: skip
    return samples.tobytes()


def write_wav(path: Path, samples: bytes, *, channels: int = 1, rate: int = RATE) -> Path:
    """Write samples as a WAV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return path
