"""Events of exchanges brought to the real server: how many a second, and none lost by kills."""

import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import Any

from voronka.config.benching.delivering import Server, environment
from voronka.config.benching.hook_senders import TOKEN, Senders
from voronka.config.benching.measuring import BadAnswerError
from voronka.config.benching.results import Result
from voronka.config.benching.serving import cpu_seconds

EXCHANGES, LINES, FEW_LINES, A_SECOND = 4, 64, 8, 60
LEAST_A_SECOND, LEAST_REDUCED = 2000, 20_000
_SET_UP = """
from datetime import UTC, datetime
import django; django.setup()
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.people.viewers import SYSTEM
for n in range(EXCHANGES):
    new = NewExchange(kind="generic", name=f"{n}", secret="TOKEN", options={"per_second": MANY})
    print(add_exchange(new, by=SYSTEM, at=datetime.now(UTC)).path_key)
"""


def hook_results(home: Path, *, events: int, kills: int, seed: int = 7) -> Iterator[Result]:
    """Bring `events` as fast as the server takes them; then more while it is killed.

    Each is acknowledged only when it is durable; who hears nothing brings it again. Raises:
    BadAnswerError when the server does not start.
    """
    keys = _prepared(home)
    names = (f"{n // 4}-{n % 4}" for n in count())
    server = Server(home)
    try:
        yield from _speed(
            server, Senders(server.port, keys, islice(names, events), LINES), events
        )
        slow = Senders(server.port, keys, names, FEW_LINES, a_second=A_SECOND)
        _kill(server, slow, kills, random.Random(seed))
        _wait_until_read(home)
    finally:
        server.stop()
    yield from _lost_and_doubled(home, slow, kills)


def _speed(server: Server, senders: Senders, events: int) -> Iterator[Result]:
    began, spent = time.monotonic(), cpu_seconds(server.pid)
    senders.send()
    took = time.monotonic() - began
    spent = cpu_seconds(server.pid) - spent
    how = f"{events} events, {LINES} lines, each answered when durable; the reader at work"
    yield Result("events taken in a second", events / took, "1/s", LEAST_A_SECOND, how, True)
    how = f"{1e6 * spent / events:.0f} us each, the reader's part included"
    yield Result(
        "events taken in a CPU second", events / spent, "1/s", LEAST_A_SECOND, how, True
    )


def _kill(server: Server, senders: Senders, kills: int, rng: random.Random) -> None:
    """Kill the server at random moments while events come, each time after it took some."""
    thread = threading.Thread(target=senders.send)
    thread.start()
    for _ in range(kills):
        taken = len(senders.acknowledged)
        until = time.monotonic() + 60
        while len(senders.acknowledged) == taken and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.7))
        server.kill()
        server.start()
    senders.stop()
    thread.join()


def _lost_and_doubled(home: Path, senders: Senders, kills: int) -> Iterator[Result]:
    stored = Counter(_names(home))
    how = f"{len(senders.acknowledged)} acknowledged, {kills} kill -9, {senders.torn} torn"
    yield Result("acknowledged and lost", len(senders.acknowledged - set(stored)), "", 0, how)
    doubled = sum(n - 1 for n in stored.values())
    yield Result("events doubled", doubled, "", 0, f"{len(stored)} stored")
    look = {
        "calls doubled": (
            "SELECT count(*) - count(DISTINCT exchange_id || ' ' || call_ref) FROM calls_call"
        ),
        "ends told twice": (
            'SELECT count(*) - count(DISTINCT "case") FROM journal_fact'
            " WHERE kind = 'call.ended'"
        ),
        "left unread": "SELECT count(*) FROM calls_callevent WHERE state = 'unread'",
    }
    for name, sql in look.items():
        yield Result(name, _ask(home, sql)[0][0], "", 0)


def _names(home: Path) -> Iterator[str]:
    rows = _ask(home, "SELECT body FROM calls_callevent WHERE source = 'hook'")
    return (json.loads(body)["body"].rpartition("&name=")[2] for (body,) in rows)


def _ask(home: Path, sql: str) -> list[tuple[Any, ...]]:
    address = f"file:{home / 'voronka.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=20)) as base:
        return base.execute(sql).fetchall()


def _wait_until_read(home: Path) -> None:
    sql = "SELECT 1 FROM calls_callevent WHERE state = 'waiting' LIMIT 1"
    until = time.monotonic() + 1200
    while time.monotonic() < until and _ask(home, sql):
        time.sleep(0.3)


def _prepared(home: Path) -> list[str]:
    home.mkdir(parents=True)
    script = _SET_UP.replace("TOKEN", TOKEN).replace("EXCHANGES", str(EXCHANGES))
    script = script.replace("MANY", "10**6")
    for command in (
        ["-m", "voronka.config.cli", "manage", "migrate", "-v", "0"],
        ["-c", script],
    ):
        made = subprocess.run(
            [sys.executable, *command], env=environment(home), capture_output=True, text=True
        )
        if made.returncode:
            raise BadAnswerError(made.stderr[-500:])
    return made.stdout.split()
