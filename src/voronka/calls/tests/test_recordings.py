"""Recordings: fetched with patience, checked, both sides apart, never from outside."""

import io
import os
import sqlite3
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import soundfile

from voronka.calls.models import Call, Exchange, Recording
from voronka.calls.putting import put_call
from voronka.calls.records import CallRecord
from voronka.calls.sound.fetching import PAUSES, fetch_due, fetch_recording
from voronka.calls.sound.keeping import read_sound
from voronka.calls.sound.kept_sound import BARS
from voronka.calls.tests.sound_files import tone, write_wav
from voronka.foundation import files
from voronka.foundation.models import Job
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 3, 12, 30, tzinfo=UTC)
BEGAN = NOW - timedelta(seconds=20)
REF = "1795489932.0"
DAY = Path("2026/11/24")


@pytest.fixture
def monitor(tmp_path: Path) -> Path:
    folder = tmp_path / "monitor"
    (folder / DAY).mkdir(parents=True)
    return folder


@pytest.fixture
def exchange(db: None, monitor: Path) -> Exchange:
    return Exchange.objects.create(
        kind="asterisk", name="АТС", path_key="k", zone="UTC", created_at=BEGAN,
        options={"recordings": str(monitor)},
    )  # fmt: skip


def talk(exchange: Exchange, *, outcome: str = "answered", names: tuple[str, ...] = ()) -> Call:
    """Put a call of ten seconds of talk, ended now."""
    record = CallRecord(
        direction="in", client="79161112233", line="74950000001",
        started_at=BEGAN.timestamp(), ended_at=NOW.timestamp(), state="ended", outcome=outcome,
        answered_at=BEGAN.timestamp() + 3, talk_seconds=10, wait_seconds=3, is_closed=True,
        recordings=names,
    )  # fmt: skip
    put = put_call(exchange, REF, record, is_final=True, now=NOW)
    assert put.call is not None
    return put.call


def fetched(call: Call, *, at: datetime = NOW) -> Recording:
    row = Recording.objects.get(call=call)
    fetch_recording(recording_id=row.pk, now=at)
    row.refresh_from_db()
    return row


def aged(*paths: Path) -> None:
    """Let files look as if written a minute ago."""
    for path in paths:
        os.utime(path, (path.stat().st_mtime - 60,) * 2)


def both_sides(monitor: Path, seconds: float = 10) -> Path:
    mixed = write_wav(monitor / DAY / f"in-{REF}.wav", tone(seconds))
    client = write_wav(mixed.with_suffix(".client.wav"), tone(seconds, silent=(0, 5)))
    ours = write_wav(mixed.with_suffix(".manager.wav"), tone(seconds, loud=20_000))
    aged(mixed, client, ours)
    return mixed


def test_both_sides_become_one_file_the_client_left_ours_right(
    exchange: Exchange, monitor: Path
) -> None:
    both_sides(monitor)
    row = fetched(talk(exchange))
    assert (row.state, row.channels, row.seconds, row.media) == ("stored", 2, 10, "audio/flac")
    assert (row.place, row.problem) == (f"{DAY}/in-{REF}.wav", "")
    sound, rate = soundfile.read(
        io.BytesIO(read_sound(row, 0, row.size)), dtype="int16", always_2d=True
    )
    assert (rate, sound.shape) == (8000, (80_000, 2))
    # Exact: nothing is lost on the way.
    assert sound[:, 0].tobytes() == tone(10, silent=(0, 5))
    assert sound[:, 1].tobytes() == tone(10, loud=20_000)
    client, ours = bytes(row.peaks[:BARS]), bytes(row.peaks[BARS:])
    assert client == bytes(BARS // 2) + bytes([70]) * (BARS // 2)
    assert ours == bytes([155]) * BARS


def test_it_is_fetched_as_soon_as_the_call_is_over(exchange: Exchange) -> None:
    call = talk(exchange)
    job = Job.objects.get(task="voronka.calls.sound.jobs.fetch_one")
    assert job.arguments == {"recording_id": call.recording.pk}
    talk(exchange)
    assert (Recording.objects.count(), Job.objects.filter(task=job.task).count()) == (1, 1)


def test_nothing_is_awaited_of_a_missed_call_or_an_exchange_without_recordings(
    exchange: Exchange,
) -> None:
    talk(exchange, outcome="missed")
    exchange.options = {}
    exchange.save()
    Call.objects.all().delete()
    talk(exchange)
    assert not Recording.objects.exists()


def test_it_is_tried_at_once_then_after_a_minute_five_an_hour_a_day(exchange: Exchange) -> None:
    row, at = Recording.objects.get(call=talk(exchange)), NOW
    waits = []
    while row.state == "awaited":
        fetch_due(now=at)
        row.refresh_from_db()
        if row.next_try_at:
            waits.append(row.next_try_at - at)
            assert not fetch_recording(recording_id=row.pk, now=at + waits[-1] / 2)
            at = row.next_try_at
    assert waits == list(PAUSES)
    assert (row.state, row.problem, row.tries, row.next_try_at) == (
        "absent",
        "no_file",
        5,
        None,
    )


def test_what_comes_late_is_had_by_a_later_try(exchange: Exchange, monitor: Path) -> None:
    call = talk(exchange)
    assert fetched(call).state == "awaited"
    both_sides(monitor)
    assert fetched(call, at=NOW + timedelta(seconds=59)).state == "awaited"
    assert fetched(call, at=NOW + timedelta(seconds=60)).state == "stored"


def test_the_name_in_the_exchanges_own_record_is_followed(
    exchange: Exchange, monitor: Path, tmp_path: Path
) -> None:
    write_wav(monitor / "elsewhere" / "talk 7.wav", tone(4))
    base = sqlite3.connect(tmp_path / "master.db")
    base.execute("CREATE TABLE cdr (linkedid, recording)")
    base.execute(
        "INSERT INTO cdr VALUES (?, ?)", (REF, "/var/spool/monitor/elsewhere/talk 7.wav")
    )
    base.commit()
    base.close()
    exchange.options |= {"record": f"sqlite://{tmp_path}/master.db"}
    exchange.save()
    row = fetched(talk(exchange))
    assert (row.state, row.place, row.channels) == ("stored", "elsewhere/talk 7.wav", 1)


def test_another_calls_number_within_the_name_is_not_taken(
    exchange: Exchange, monitor: Path
) -> None:
    for other in (f"in-{REF}1.wav", f"in-1{REF}.wav", f"in-{REF}.client.wav"):
        write_wav(monitor / DAY / other, tone(1))
    assert fetched(talk(exchange)).problem == "no_file"


def test_one_side_alone_or_torn_leaves_the_mixed_file(
    exchange: Exchange, monitor: Path
) -> None:
    mixed = both_sides(monitor)
    mixed.with_suffix(".client.wav").write_bytes(b"PK\x03\x04 no sound")
    row = fetched(talk(exchange))
    assert (row.state, row.channels, row.seconds) == ("stored", 1, 10)


def test_what_a_power_cut_left_is_taken_as_far_as_it_goes(
    exchange: Exchange, monitor: Path
) -> None:
    mixed = both_sides(monitor, seconds=2)
    for path in (mixed, mixed.with_suffix(".client.wav"), mixed.with_suffix(".manager.wav")):
        whole = bytearray(path.read_bytes())
        whole[4:8] = whole[40:44] = bytes(4)
        path.write_bytes(whole[:-1])
    row = fetched(talk(exchange))
    assert (row.state, row.channels) == ("stored", 2)
    assert row.seconds == pytest.approx(2, abs=0.01)


def _zero(path: Path) -> None:
    path.write_bytes(b"")


def _archive(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(5000))


def _head_only(path: Path) -> None:
    path.write_bytes(write_wav(path, tone(1)).read_bytes()[:30])


def _three_hours(path: Path) -> None:
    # A hole in the file: nothing is written, and the length is told.
    size = 3 * 3600 * 8000 * 2
    head = write_wav(path, b"").read_bytes()
    path.write_bytes(
        head[:4] + struct.pack("<I", size + 36) + head[8:40] + struct.pack("<I", size)
    )
    os.truncate(path, size + 44)


def _riff_of_nothing(path: Path) -> None:
    path.write_bytes(b"RIFF" + bytes(4) + b"WAVE" + os.urandom(3000))


def _five_channels(path: Path) -> None:
    write_wav(path, tone(1) * 5, channels=5)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("spoil", "problem", "state"),
    [
        (_zero, "empty", "awaited"),
        (_archive, "not_audio", "failed"),
        (_head_only, "torn", "awaited"),
        (_three_hours, "too_long", "failed"),
        (_riff_of_nothing, "torn", "awaited"),
        (_five_channels, "not_audio", "failed"),
        (_pipe, "bad_place", "failed"),
    ],
)
def test_what_is_no_recording_is_refused_with_why(
    exchange: Exchange,
    monitor: Path,
    spoil: Callable[[Path], None],
    problem: str,
    state: str,
) -> None:
    spoil(monitor / DAY / f"in-{REF}.wav")
    row = fetched(talk(exchange))
    assert (row.problem, row.state, row.content) == (problem, state, "")
    assert not list(files.folder().glob("*/*"))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../../secret.wav", "bad_place"),
        ("2026/11/24/../../../../secret.wav", "bad_place"),
        ("/etc/passwd", "no_file"),
        ("a\0b.wav", "no_file"),
        ("link.wav", "outside"),
        ("folder/secret.wav", "outside"),
        ("loop.wav", "no_file"),
        ("2026", "bad_place"),
        ("x" * 5000, "no_file"),
    ],
)
def test_a_name_never_leads_out_of_the_folder(
    exchange: Exchange, monitor: Path, tmp_path: Path, name: str, problem: str
) -> None:
    write_wav(tmp_path / "secret.wav", tone(1))
    (monitor / "link.wav").symlink_to(tmp_path / "secret.wav")
    (monitor / "folder").symlink_to(tmp_path)
    (monitor / "loop.wav").symlink_to(monitor / "loop.wav")
    row = fetched(talk(exchange, names=(name,)))
    assert (row.state in ("failed", "awaited"), row.problem) == (True, problem)


def test_a_file_that_still_grows_is_left_alone(
    exchange: Exchange, monitor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_wav(monitor / DAY / f"in-{REF}.wav", tone(1))
    call = talk(exchange)

    def meanwhile(_seconds: float) -> None:
        with path.open("ab") as out:
            out.write(tone(1))

    monkeypatch.setattr("voronka.calls.sound.folder.time.sleep", meanwhile)
    assert fetched(call).problem == "still_written"


def test_sealed_it_is_read_from_any_place_and_lies_unreadable(
    exchange: Exchange, monitor: Path
) -> None:
    plain = fetched(talk(exchange))
    both_sides(monitor, seconds=60)
    plain = fetched(plain.call, at=NOW + timedelta(hours=1))
    whole = read_sound(plain, 0, plain.size)
    change_setting(name="recordings_sealed", value=True, by=SYSTEM, at=NOW)
    Recording.objects.filter(pk=plain.pk).update(state="awaited", next_try_at=NOW)
    row = fetched(plain.call)
    assert (row.is_sealed, row.size, row.sha256) == (True, plain.size, plain.sha256)
    assert row.size > 3 * 65_536
    for begin, length in (
        (0, row.size),
        (0, 1),
        (65_535, 2),
        (65_536, 65_536),
        (131_000, 70_000),
    ):
        assert read_sound(row, begin, length) == whole[begin : begin + length]
    assert read_sound(row, row.size - 5, 100) == whole[-5:]
    assert read_sound(row, row.size, 10) == b""
    kept = list(files.folder().glob("*/*"))
    # The one before it is gone with its try.
    assert [path.name for path in kept] == [row.content]
    assert b"fLaC" not in kept[0].read_bytes()


def test_one_of_two_takes_it_and_the_other_does_nothing(
    exchange: Exchange, monitor: Path
) -> None:
    both_sides(monitor)
    row = Recording.objects.get(call=talk(exchange))
    assert fetch_recording(recording_id=row.pk, now=NOW)
    assert not fetch_recording(recording_id=row.pk, now=NOW)
    row.refresh_from_db()
    assert row.tries == 1


def test_a_name_told_after_the_call_is_fetched_then(exchange: Exchange, monitor: Path) -> None:
    call = talk(exchange)
    Recording.objects.filter(call=call).update(state="absent", next_try_at=None, tries=5)
    write_wav(monitor / "late.wav", tone(1))
    talk(exchange, names=("late.wav",))
    assert fetched(call).state == "stored"


def test_a_file_whose_name_is_no_text_is_taken(exchange: Exchange, monitor: Path) -> None:
    name = f"in-{REF}-".encode() + b"\xcf\xff.wav"
    write_wav(monitor / DAY / "a.wav", tone(1)).rename(
        os.fsdecode(os.fsencode(monitor / DAY) + b"/" + name)
    )
    row = fetched(talk(exchange))
    assert (row.state, row.place) == ("stored", f"{DAY}/in-{REF}-??.wav")
