"""Pollers killed with -9 at random moments: nothing lost, nothing doubled."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.telegram.fake import TOKEN, FakeTelegram

ROOT = Path(__file__).resolve().parents[2]
ALL, KILLS = 200, 5


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    made = FakeTelegram()
    yield made
    made.close()


def start(home: Path, fake: FakeTelegram) -> "subprocess.Popen[str]":
    own = {k: v for k, v in os.environ.items() if not k.startswith(("VORONKA", "DJANGO"))}
    started = subprocess.Popen(
        [
            sys.executable,
            str(Path(__file__).with_name("poll.py")),
            str(home),
            fake.address,
            TOKEN,
        ],
        env=own | {"PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "voronka.sqlite3", timeout=20) as connection:
        return connection.execute(sql).fetchall()


def kill(one: "subprocess.Popen[str]") -> None:
    one.kill()
    one.wait()
    if one.stdout:
        one.stdout.close()


def test_two_hundred_updates_through_kills_and_troubles_stand_there_once_each(
    tmp_path: Path, fake: FakeTelegram
) -> None:
    rng = random.Random(7)
    told = 0
    for n in range(KILLS):
        poller = start(tmp_path, fake)
        for _ in range(ALL // KILLS):
            told += 1
            fake.write(told, chat=1 + told % 50, text=f"Слово {told}")
        if n % 2:
            fake.troubles += [(0, "", 0), (200, "", 0)]
        time.sleep(rng.uniform(0.0, 0.4))
        kill(poller)
    pollers = [start(tmp_path, fake) for _ in range(2)]
    try:
        _wait_until(lambda: not fake.pending and not _waiting(tmp_path))
    finally:
        for one in pollers:
            kill(one)
    ids = [row[0] for row in rows(tmp_path, "SELECT external_id FROM inquiries_received")]
    assert sorted(ids, key=str) == sorted(f"4242:{n}" for n in range(1, ALL + 1))
    assert rows(tmp_path, "SELECT count(*) FROM inquiries_inquiry") == [(50,)]
    numbers = rows(tmp_path, "SELECT number FROM inquiries_inquiry ORDER BY number")
    assert numbers == [(n,) for n in range(1, 51)]
    joined = "SELECT count(*) FROM journal_fact WHERE kind = 'inquiry.message'"
    assert rows(tmp_path, joined) == [(150,)]
    states = rows(tmp_path, "SELECT DISTINCT state, problem FROM inquiries_received")
    assert states == [("done", "")]
    # Nothing was confirmed that is not there.
    assert {f"4242:{n}" for n in fake.confirmed} <= set(ids)


def _waiting(home: Path) -> bool:
    found = rows(home, "SELECT count(*) FROM inquiries_received WHERE state = 'waiting'")
    return found != [(0,)]


def _wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("not everything came within 30 s")
