"""Recordings of some late talks: made-up voices, so that the player can be tried.

No speech: bursts of noise through the resonances of a throat, turn by turn, each side in its
own channel.
"""

import io
from datetime import datetime, timedelta
from random import Random

import numpy as np
import soundfile
from numpy.typing import NDArray

from voronka.calls.models import Call, CallLeg, CallNote, Recording
from voronka.calls.sound.encoding import made_of
from voronka.calls.sound.keeping import keep_sound

RATE, MANY = 8000, 9
LEAST, MOST = 18, 75
"""Seconds of talk: short ones, so that the demonstration stays small."""
NOTES = (
    "Назвал сроки",
    "Спросил про рассрочку",
    "Просит расчёт до пятницы",
    "Сравнивает с другими",
)
Samples = NDArray[np.float64]


def write_talks(*, rng: Random, batch_id: int, now: datetime) -> int:
    """Give recordings, telephones and a note to the latest short talks; give how many."""
    rows = Call.objects.filter(
        batch_id=batch_id, is_answered=True, talk_seconds__range=(LEAST, MOST)
    )
    calls = list(rows.select_related("deal", "manager").order_by("-started_at", "-pk")[:MANY])
    for n, call in enumerate(calls):
        call.line = "+74950000001"
        call.stage_id = call.deal.stage_id if call.deal else None
        call.outcome = "answered"
        call.save(update_fields=["line", "stage_id", "outcome"])
        CallLeg.objects.create(
            call=call, seq=0, leg_ref=f"demo {call.pk}", extension=str(101 + n % 9),
            person_id=call.manager_id, began_at=call.started_at,
            answered_at=call.started_at + timedelta(seconds=call.wait_seconds),
            outcome="talked", talk_seconds=call.talk_seconds,
        )  # fmt: skip
        recording = Recording.objects.create(call=call, next_try_at=now)
        with io.BytesIO(_wave(call.talk_seconds, rng)) as file:
            keep_sound(recording, made_of([file]), place="", at=now)
        if call.manager_id and n % 2 == 0:
            second = rng.randrange(4, call.talk_seconds - 4)
            CallNote.objects.create(
                call=call, second=second, text=NOTES[n // 2 % len(NOTES)],
                by_id=call.manager_id, at=now,
            )  # fmt: skip
    return len(calls)


def _wave(seconds: int, rng: Random) -> bytes:
    """Give a WAV of a talk: the client on the left, ours on the right."""
    sides = np.zeros((seconds * RATE, 2))
    at, side = rng.uniform(0.3, 1.0), 1
    while at < seconds - 1:
        turn = min(rng.uniform(1.2, 6.5), seconds - at - 0.2)
        begin = int(at * RATE)
        said = _turn(turn, rng, pitch=115 if side else 170)
        sides[begin : begin + len(said), side] = said
        # Now and then silence: somebody thinks, or looks something up.
        at += turn + (rng.uniform(2, 5) if rng.random() < 0.12 else rng.uniform(0.15, 0.7))
        side = 1 - side if rng.random() < 0.85 else side
    out = io.BytesIO()
    soundfile.write(out, (sides * 12_000).astype(np.int16), RATE, format="WAV")
    return out.getvalue()


def _turn(seconds: float, rng: Random, *, pitch: float) -> Samples:
    """Syllables of one who speaks: a buzz or a hiss, shaped by two resonances."""
    source = np.random.default_rng(rng.getrandbits(32))
    parts: list[Samples] = []
    left = int(seconds * RATE)
    while left > 0:
        n = min(left, int(rng.uniform(0.09, 0.24) * RATE))
        parts.append(_syllable(n, source, rng, pitch * rng.uniform(0.9, 1.15)))
        gap = min(left - n, int(rng.uniform(0.01, 0.07) * RATE))
        parts.append(np.zeros(gap))
        left -= n + gap
    return np.concatenate(parts)


def _syllable(n: int, source: np.random.Generator, rng: Random, pitch: float) -> Samples:
    times = np.arange(n) / RATE
    buzz = np.sign(np.sin(2 * np.pi * pitch * times)) * 0.5
    noise = source.normal(0, 0.35, n)
    share = 0.15 if rng.random() < 0.8 else 0.9
    sound = np.fft.rfft(buzz * (1 - share) + noise * share)
    tones = np.fft.rfftfreq(n, 1 / RATE)
    shape = np.zeros_like(tones)
    for middle, width in ((rng.uniform(300, 800), 120), (rng.uniform(900, 2200), 200)):
        shape += np.exp(-(((tones - middle) / width) ** 2))
    made = np.fft.irfft(sound * shape, n) * np.hanning(n)
    top = float(np.abs(made).max()) or 1.0
    return np.asarray(made / top * rng.uniform(0.45, 0.95), dtype=np.float64)
