"""A recording as it is kept."""

from dataclasses import dataclass

MEDIA = "audio/flac"
BARS = 240
"""How many bars of loudness are kept per channel."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A whole file, and BARS bytes of loudness per channel, 255 the loudest there is."""

    content: bytes
    seconds: float
    channels: int
    peaks: bytes
