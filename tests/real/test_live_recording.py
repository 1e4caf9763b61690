"""A talk on a real exchange: its recording is there, of that length, both sides in it."""

import fcntl
import io
import json
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import soundfile

from conftest import SHARED
from voronka.calls.asterisk.connector import Line
from voronka.calls.exchange_models import Exchange
from voronka.calls.models import Call, Recording
from voronka.calls.sound.fetching import fetch_recording
from voronka.calls.sound.keeping import read_sound

PBX = SHARED / "telephony" / "pbx"
RUN = Path(tempfile.gettempdir()) / "voronka-pbx"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (PBX.is_file() and (Path.home() / ".cache" / "voronka-pbx" / "tree").is_dir()),
        reason="NO REAL EXCHANGE: ../shared/telephony/pbx is not there or not installed",
    ),
]


@pytest.fixture
def turn() -> Iterator[None]:
    """One exchange on a machine: wait for the turn, and start it if it is down."""
    with (Path(tempfile.gettempdir()) / "pbx.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([PBX, "start"], check=False, capture_output=True, timeout=60)
        yield


def test_ten_seconds_of_talk_are_there_both_sides_apart(turn: None) -> None:
    began = datetime.now(UTC)
    exchange = Exchange.objects.create(
        kind="asterisk", name="Живая", path_key="live", zone="UTC", created_at=began,
        options={
            "record": f"sqlite://{RUN}/log/master.db",
            "recordings": str(RUN / "spool" / "monitor"),
            "since": began.timestamp() - 1,
        },
    )  # fmt: skip
    done = subprocess.run(
        [PBX, "call", "inbound_answered"], check=False, capture_output=True, timeout=100
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    Line(exchange).read_record()
    expected = json.loads((SHARED / "telephony/events/22/expected.json").read_text())
    talk, rate = expected["inbound_answered"][0]["talk"], 8000
    call = Call.objects.get()
    assert abs(call.talk_seconds - talk) <= 1
    row = Recording.objects.get(call=call)
    assert fetch_recording(recording_id=row.pk, now=datetime.now(UTC))
    row.refresh_from_db()
    assert (row.state, row.channels, row.media) == ("stored", 2, "audio/flac")
    # The exchange begins to record while it still rings.
    assert talk - 1 <= row.seconds <= talk + call.wait_seconds + 1
    sound, found = soundfile.read(
        io.BytesIO(read_sound(row, 0, row.size)), dtype="int16", always_2d=True
    )
    assert (found, len(sound)) == (rate, round(row.seconds * rate))
    for side in range(2):
        # Loud in the talk, both of them, and not the same sound twice.
        assert abs(sound[-talk * rate :, side]).max() > 3000
    assert (sound[:, 0] != sound[:, 1]).mean() > 0.3
    assert row.tries == 1
