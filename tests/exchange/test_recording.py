"""A talk on a real exchange: its recording is there, of that length, both sides in it."""

import io
import json
from datetime import UTC, datetime

import pytest
import soundfile

from conftest import SHARED
from tests.exchange.conftest import pbx, run_folder
from voronka.calls.asterisk.connector import Line
from voronka.calls.exchange_models import Exchange
from voronka.calls.models import Call, Recording
from voronka.calls.sound.fetching import fetch_recording
from voronka.calls.sound.keeping import read_sound

pytestmark = pytest.mark.django_db


def test_ten_seconds_of_talk_are_there_both_sides_apart(exchange: None) -> None:
    began = datetime.now(UTC)
    folder = run_folder()
    joined = Exchange.objects.create(
        kind="asterisk", name="Живая", path_key="live", zone="UTC", created_at=began,
        options={
            "record": f"sqlite://{folder}/log/master.db",
            "recordings": str(folder / "spool" / "monitor"),
            "since": began.timestamp() - 1,
        },
    )  # fmt: skip
    done = pbx("call", "inbound_answered")
    assert done.returncode == 0, done.stdout + done.stderr
    Line(joined).read_record()
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
