"""Whatever bytes an exchange gives for a recording: a sound, or a reason why not."""

import io
import wave

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voronka.calls.sound.encoding import made_of
from voronka.calls.sound.kept_sound import BARS, Sound
from voronka.calls.sound.problems import SoundProblemError
from voronka.calls.tests.sound_files import tone


def whole() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(tone(0.1))
    return out.getvalue()


WAVE = whole()
EDITS = st.lists(st.tuples(st.integers(0, 80), st.binary(max_size=6)), max_size=6)


def tried(content: bytes) -> Sound | None:
    try:
        return made_of([io.BytesIO(content)])
    except SoundProblemError:
        return None


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EDITS, st.integers(0, len(WAVE)))
def test_a_spoilt_wave_is_a_sound_or_a_reason(
    edits: list[tuple[int, bytes]], length: int
) -> None:
    spoilt = bytearray(WAVE)
    for at, new in edits:
        spoilt[at : at + len(new)] = new
    made = tried(bytes(spoilt[:length]))
    if made is not None:
        assert made.content.startswith(b"fLaC")
        assert len(made.peaks) == BARS * made.channels
        assert 0 < made.seconds < 7200


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"RIFF", b"OggS", b"fLaC", b"ID3", b""]))
def test_what_only_begins_like_a_sound_is_none(rest: bytes, magic: bytes) -> None:
    assert tried(magic + rest) is None
