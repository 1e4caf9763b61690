"""Inquiries delivered three times each by eight senders, while the server is killed."""

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from voronka.config.benching.measuring import BadAnswerError
from voronka.config.benching.results import Result

SENDERS, TIMES, STOP_SECONDS = 8, 3, 20
_LOOK = {
    "inquiries": "SELECT count(*) FROM inquiries_inquiry",
    "numbers": "SELECT count(DISTINCT number) FROM inquiries_inquiry",
    "external": "SELECT count(DISTINCT external_id) FROM inquiries_inquiry",
    "assigned": "SELECT count(*) FROM journal_fact WHERE kind = 'inquiry.assigned'",
    "assigned_once": (
        "SELECT count(DISTINCT \"case\") FROM journal_fact WHERE kind = 'inquiry.assigned'"
    ),
    "waiting": "SELECT count(*) FROM inquiries_received WHERE state = 'waiting'",
    "unread": "SELECT count(*) FROM inquiries_received WHERE state = 'unread'",
}
_SET_UP = """
from datetime import UTC, datetime
import django; django.setup()
from voronka.people.api_keys import make_key
from voronka.people.models import Person, Team
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM
now = datetime.now(UTC)
team = Team.objects.create(name="Отдел", path="/1/")
for n in range(30):
    Person.objects.create(email=f"m{n}@firm.example", name=f"M {n}", role="manager", team=team)
for name, value in (("routing_on", True), ("api_per_minute", PER_MINUTE)):
    change_setting(name=name, value=value, by=SYSTEM, at=now)
print(make_key(name="bench", scopes=["inquiries", "route"], by=SYSTEM, at=now))
"""


@dataclass
class Told:
    """What the senders heard."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    numbers: dict[str, set[int]] = field(default_factory=dict)
    refused: int = 0
    broken: int = 0
    sent: int = 0
    whole: int = 0


def delivery_results(
    home: Path, *, inquiries: int, kills: int, seed: int = 7, per_minute: int = 1_000_000
) -> Iterator[Result]:
    """Deliver `inquiries` three times each, shuffled; kill -9 the server `kills` times.

    The server runs on an empty installation with thirty managers, routing on. Raises:
    BadAnswerError when it does not start.
    """
    token = _prepared(home, per_minute)
    rng = random.Random(seed)
    work = [n for n in range(inquiries) for _ in range(TIMES)]
    rng.shuffle(work)
    told, began = Told(whole=len(work)), time.monotonic()
    server = Server(home)
    shares = [work[n::SENDERS] for n in range(SENDERS)]
    senders = [
        threading.Thread(target=Sender(server.port, token, told).send, args=(share,))
        for share in shares
    ]
    try:
        _deliver(server, senders, told, rng, kills)
        delivered = time.monotonic() - began
        _wait_until_taken(home)
        took = time.monotonic() - began
    finally:
        server.stop()
    yield from _told(home, told, inquiries, kills, delivered, took)


def _deliver(
    server: "Server",
    senders: list[threading.Thread],
    told: Told,
    rng: random.Random,
    kills: int,
) -> None:
    whole = told.whole
    for sender in senders:
        sender.start()
    moments = sorted(rng.uniform(0.05, 0.95) for _ in range(kills))
    for moment in moments:
        while told.sent < moment * whole and any(one.is_alive() for one in senders):
            time.sleep(0.02)
        server.kill()
        server.start()
    for sender in senders:
        sender.join()


def _told(
    home: Path, told: Told, inquiries: int, kills: int, delivered: float, took: float
) -> Iterator[Result]:
    found = look(home)
    lost = inquiries - found["inquiries"]
    said = sum(len(numbers) != 1 for numbers in told.numbers.values())
    how = f"{TIMES} times each by {SENDERS} senders, {kills} kill -9, {told.broken} torn"
    yield Result("inquiries lost", float(abs(lost)), "", 0, how)
    doubled = found["inquiries"] - min(found["numbers"], found["external"])
    yield Result("inquiries doubled", float(doubled), "", 0)
    yield Result("told two numbers or none", float(said), "", 0)
    twice = found["assigned"] - found["assigned_once"]
    yield Result("assigned twice", float(twice), "", 0)
    never = inquiries - found["assigned_once"]
    yield Result("never assigned", float(never), "", 0, "routing on, thirty managers")
    yield Result("left unread or waiting", float(found["unread"] + found["waiting"]), "", 0)
    yield Result("refused with 429, sent again", float(told.refused), "")
    yield Result("deliveries a second", inquiries * TIMES / delivered, "1/s")
    yield Result("inquiries taken in a second", inquiries / took, "1/s")


class Server:
    """The product in a process of its own, killed and started again on the same port."""

    def __init__(self, home: Path, database: str = "") -> None:
        self._environment, self.port = environment(home, database), _free_port()
        self.start()

    def start(self) -> None:
        """Start and wait until it listens."""
        command = [sys.executable, "-m", "voronka.config.cli", "start"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise BadAnswerError("the server did not start")

    @property
    def pid(self) -> int:
        """Name the process that serves now."""
        return self._process.pid

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def environment(home: Path, database: str = "") -> dict[str, str]:
    """Give the surroundings of a server on a data folder, or on a PostgreSQL database."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("VORONKA")}
    return own | {
        "VORONKA_HOME": str(home),
        "VORONKA_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "voronka.config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def look(home: Path) -> dict[str, int]:
    """Count what is in the base."""
    with closing(sqlite3.connect(f"file:{home / 'voronka.sqlite3'}?mode=ro", uri=True)) as base:
        return {name: int(base.execute(sql).fetchone()[0]) for name, sql in _LOOK.items()}


def _prepared(home: Path, per_minute: int) -> str:
    home.mkdir(parents=True)
    python(home, "", "-m", "voronka.config.cli", "manage", "migrate", "-v", "0")
    said = python(home, "", "-c", _SET_UP.replace("PER_MINUTE", str(per_minute)))
    return said.strip().splitlines()[-1]


def python(home: Path, database: str, *command: str) -> str:
    """Run Python on a data folder; give what it printed. Raises: BadAnswerError."""
    made = subprocess.run(
        [sys.executable, *command],
        env=environment(home, database),
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise BadAnswerError(made.stderr[-500:])
    return made.stdout


class Sender:
    """One sender: keeps its line open, sends again what was torn or refused."""

    def __init__(self, port: int, token: str, told: Told) -> None:
        self._port, self._told = port, told
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._line: http.client.HTTPConnection | None = None

    def send(self, share: list[int]) -> None:
        """Send all of a share, each until it is taken."""
        for n in share:
            while (number := self._once(n)) is None:
                time.sleep(0.1)
            with self._told.lock:
                self._told.sent += 1
                self._told.numbers.setdefault(f"b{n}", set()).add(number)
        self._hang_up()

    def _once(self, n: int) -> int | None:
        body = json.dumps({"id": f"b{n}", "name": f"Имя {n}", "phone": f"8912{n:07}"})
        line = self._line = self._line or http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=30
        )
        try:
            line.request("POST", "/api/inquiries", body.encode(), self._headers)
            with line.getresponse() as answer:
                said = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            self._hang_up()
            with self._told.lock:
                self._told.broken += 1
            return None
        if answer.status in (200, 201):
            return int(said["number"])
        with self._told.lock:
            self._told.refused += answer.status == 429
        time.sleep(0.4)
        return None

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _wait_until_taken(home: Path) -> None:
    until = time.monotonic() + 1200
    while time.monotonic() < until and look(home)["waiting"]:
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
