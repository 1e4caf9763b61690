"""Drawing a recording: our side above the middle, the client below, silence as a thin line."""

from collections.abc import Sequence
from dataclasses import dataclass

BARS, HEIGHT = 120, 72
HALF, GAP = HEIGHT / 2, 1
QUIET = 0.06
"""Quieter than this share of the loudest is silence."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Paths within a box of BARS x HEIGHT; shares of the time in which each side is heard.

    `is_split`: both sides are known apart; else all is drawn to both sides of the middle.
    """

    ours: str
    client: str
    ours_share: float
    client_share: float
    silent_share: float
    is_split: bool


def wave_of(peaks: Sequence[bytes]) -> Wave | None:
    """Draw the loudness of a recording: the client's channel first; None when it is unknown."""
    if not peaks or not peaks[0]:
        return None
    client, ours = _bars(peaks[0]), _bars(peaks[-1])
    loud = [(a > QUIET, b > QUIET) for a, b in zip(client, ours, strict=True)]
    return Wave(
        ours=_path(ours, -1),
        client=_path(client, 1),
        ours_share=sum(b for _, b in loud) / BARS,
        client_share=sum(a for a, _ in loud) / BARS,
        silent_share=sum(not (a or b) for a, b in loud) / BARS,
        is_split=len(peaks) > 1,
    )


def time_marks(seconds: float, parts: int = 4) -> list[int]:
    """Give whole seconds for the line under a recording, its beginning and end included."""
    return [round(seconds * n / parts) for n in range(parts + 1)]


def _bars(peaks: bytes) -> list[float]:
    """Give BARS heights from 0 to 1; the quieter side is drawn as tall as the other."""
    top = max(peaks) or 1
    groups = [
        peaks[
            n * len(peaks) // BARS : max(
                (n + 1) * len(peaks) // BARS, n * len(peaks) // BARS + 1
            )
        ]
        for n in range(BARS)
    ]
    # Loudness as it is heard, not as it is measured.
    return [(max(group, default=0) / top) ** 0.6 for group in groups]


def _path(bars: list[float], way: int) -> str:
    middle = HALF + way * GAP
    return "".join(
        f"M{n + 0.5:g} {middle:g}v{way * max(0.5, bar * (HALF - 4)):.1f}"
        for n, bar in enumerate(bars)
    )
