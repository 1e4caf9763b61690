"""Recordings in an S3 store: a real one on loopback that checks every signature."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.models import Call, Recording
from voronka.calls.sound.fetching import PAUSES, fetch_recording
from voronka.calls.sound.keeping import keep_sound, read_sound
from voronka.calls.sound.kept_sound import Sound
from voronka.calls.sound.problems import SoundProblemError
from voronka.calls.sound.purging import purge_old
from voronka.config.object_stores import store_settings
from voronka.foundation import files, object_store
from voronka.foundation.object_store import Store, StoreAwayError
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
CONTENT = b"fLaC" + bytes(n * 7 % 251 for n in range(200_000))
RCLONE = Path(sys.executable).with_name("rclone")


@dataclass
class Place:
    """A store that can go away and come back."""

    folder: Path
    port: int
    running: "subprocess.Popen[bytes] | None" = field(default=None)

    def begin(self) -> None:
        self.running = subprocess.Popen(
            [
                str(RCLONE), "serve", "s3", "--auth-key", "KEY-OF-TESTS,secret-of-tests",
                "--addr", f"127.0.0.1:{self.port}", "--config", os.devnull, str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.05)
        pytest.fail("the store did not start within 10 s")

    def end(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            self.running = None

    def names(self) -> list[str]:
        return [path.name for path in (self.folder / "talks").rglob("*") if path.is_file()]


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Iterator[Place]:
    folder = tmp_path / "store"
    (folder / "talks").mkdir(parents=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Place(folder, port)
    made.begin()
    settings.OBJECT_STORE = store_settings(
        {
            "VORONKA_S3": f"http://127.0.0.1:{port}/talks/moscow",
            "VORONKA_S3_KEY": "KEY-OF-TESTS",
            "VORONKA_S3_SECRET": "secret-of-tests",
        }
    )
    yield made
    made.end()


def awaited(*, days: int = 0) -> Recording:
    call = Call.objects.create(
        started_at=MONDAY - timedelta(days=days), direction="in", phone="+79000001122",
        is_answered=True, talk_seconds=12,
    )  # fmt: skip
    return Recording.objects.create(call=call, next_try_at=MONDAY)


def recorded(content: bytes = CONTENT, *, days: int = 0) -> Recording:
    row = awaited(days=days)
    assert keep_sound(row, Sound(content, 12.5, 2, bytes(480)), place="", at=MONDAY)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_recording_lies_in_the_store_and_is_read_from_any_place_on(
    place: Place, is_sealed: bool
) -> None:
    change_setting(name="recordings_sealed", value=is_sealed, by=SYSTEM, at=MONDAY)
    row = recorded()
    assert (row.state, row.is_remote, row.is_sealed) == ("stored", True, is_sealed)
    assert place.names() == [row.content]
    assert not list(files.folder().glob("*/*"))
    kept = next((place.folder / "talks" / "moscow").rglob(row.content)).read_bytes()
    assert (kept == CONTENT) is not is_sealed
    for begin, length in ((0, 4), (65_530, 20), (131_072, 50_000), (0, len(CONTENT))):
        assert read_sound(row, begin, length) == CONTENT[begin : begin + length]
    assert read_sound(row, len(CONTENT) - 5, 100) == CONTENT[-5:]
    assert read_sound(row, len(CONTENT), 10) == b""
    assert read_sound(row, 5, 0) == b""


def test_what_was_kept_before_there_was_a_store_is_still_heard(
    place: Place, settings: Any
) -> None:
    store, settings.OBJECT_STORE = settings.OBJECT_STORE, None
    old = recorded(b"fLaC before")
    settings.OBJECT_STORE = store
    young = recorded(b"fLaC after")
    assert (old.is_remote, young.is_remote) == (False, True)
    assert read_sound(old, 0, 50) == b"fLaC before"
    assert read_sound(young, 0, 50) == b"fLaC after"
    settings.OBJECT_STORE = None
    with pytest.raises(StoreAwayError):
        read_sound(young, 0, 50)


def test_a_store_that_is_away_loses_nothing_and_is_tried_again(
    place: Place, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, kept = awaited(), recorded(b"fLaC kept")
    sound = Sound(CONTENT, 12.5, 2, bytes(480))
    monkeypatch.setattr(
        "voronka.calls.sound.fetching._take",
        lambda recording, now: keep_sound(recording, sound, place="", at=now),
    )
    place.end()
    with pytest.raises(StoreAwayError):
        read_sound(kept, 0, 4)
    now = MONDAY
    for pause in (*PAUSES, PAUSES[-1], PAUSES[-1]):
        assert not fetch_recording(recording_id=row.pk, now=now)
        row.refresh_from_db()
        assert (row.state, row.problem) == ("awaited", "store_away")
        assert row.next_try_at == now + pause
        now += pause
    place.begin()
    assert fetch_recording(recording_id=row.pk, now=now)
    row.refresh_from_db()
    assert (row.state, row.problem) == ("stored", "")
    assert read_sound(row, 0, len(CONTENT)) == CONTENT


def test_a_wrong_key_is_a_problem_of_ours_and_no_recording_is_said_to_be_there(
    place: Place, settings: Any
) -> None:
    right: Store = settings.OBJECT_STORE
    settings.OBJECT_STORE = replace(right, secret="another")
    row = awaited()
    with pytest.raises(SoundProblemError, match="store_away"):
        keep_sound(row, Sound(CONTENT, 12.5, 2, bytes(480)), place="", at=MONDAY)
    assert Recording.objects.get(pk=row.pk).state == "awaited"
    assert place.names() == []
    assert "another" not in repr(settings.OBJECT_STORE)


def test_past_its_days_it_goes_from_the_store_as_soon_as_that_is_there(place: Place) -> None:
    old, young = recorded(b"fLaC old", days=181), recorded(b"fLaC young")
    place.end()
    with pytest.raises(StoreAwayError):
        purge_old(now=MONDAY)
    old.refresh_from_db()
    # No longer to be heard, but its name is known until the file is gone.
    assert old.state == "purged"
    assert old.content
    place.begin()
    purge_old(now=MONDAY)
    old.refresh_from_db()
    assert old.content == ""
    assert place.names() == [young.content]


def test_a_file_that_somebody_took_out_of_the_store_is_not_found(place: Place) -> None:
    row = recorded()
    for _ in range(2):
        object_store.drop(row.content)
        with pytest.raises(FileNotFoundError):
            read_sound(row, 0, 4)


@pytest.mark.parametrize(
    ("url", "key", "said"),
    [
        ("s3://talks", "k", "must look like"),
        ("https://s3.firm.example", "k", "must look like"),
        ("https:///talks", "k", "must look like"),
        ("https://k:s@s3.firm.example/talks", "k", "belong into"),
        ("https://s3.firm.example/talks", "", "are needed"),
    ],
)
def test_a_wrong_setting_is_said_at_the_start(url: str, key: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        store_settings({"VORONKA_S3": url, "VORONKA_S3_KEY": key, "VORONKA_S3_SECRET": "s"})


def test_the_address_names_bucket_folder_and_region() -> None:
    keys = {"VORONKA_S3_KEY": "k", "VORONKA_S3_SECRET": "s"}
    made = store_settings({"VORONKA_S3": "https://s3.firm.example/a/b/c?region=ru-1"} | keys)
    assert made is not None
    found = (made.endpoint, made.bucket, made.folder, made.region)
    assert found == ("https://s3.firm.example", "a", "b/c/", "ru-1")
    assert store_settings({}) is None
