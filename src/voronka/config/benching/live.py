"""From a visitor's press of the button to the manager's open page: a real server is timed."""

import http.client
import queue
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median

from voronka.config.benching.delivering import Server, python
from voronka.config.benching.measuring import BadAnswerError
from voronka.config.benching.results import Result

SECOND_MS = 1000.0
LEAST_SHOWN_SECONDS, HEARD_SECONDS, READERS = 3.0, 30, 2
_SET_UP = """
from datetime import UTC, datetime
import django; django.setup()
from django.test import Client
from voronka.people.models import Person, Team
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM
if Person.objects.exists():
    raise SystemExit("the database is not empty")
team = Team.objects.create(name="Отдел", path="/1/")
for name, value in (("routing_on", True), ("intake_key", "bench"), ("accept_minutes", 5),
                    ("intake_per_minute", 100000)):
    change_setting(name=name, value=value, by=SYSTEM, at=datetime.now(UTC))
for n in range(10):
    one = Person.objects.create(email=f"m{n}@firm.example", name=f"M {n}", role="manager",
                                team=team)
    browser = Client()
    browser.force_login(one)
    print(browser.cookies["sessionid"].value)
"""
# The visitors' process: it opens all forms first, then sends one for each line it is given.
_VISITORS = """
import http.client, re, sys, time
from urllib.parse import urlencode
port, first, n = map(int, sys.argv[1:])
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
def ask(method, body=None, headers={}):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request(method, "/form/bench/", body, headers)
    answer = line.getresponse()
    said = answer.read().decode()
    line.close()
    return answer.status, said
def hidden(page, name):
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    return found.group(1) if found else ""
pages = [ask("GET")[1] for _ in range(n)]
print("ready", flush=True)
for one, page in enumerate(pages, start=first):
    sys.stdin.readline()
    fields = {"name": f"Гость {one}", "phone": f"8912{one:07}", "text": "Нужны окна",
              "token": hidden(page, "token"), "consent": "on",
              "consent_version": hidden(page, "consent_version")}
    body = urlencode(fields)
    began = time.monotonic()
    status, said = ask("POST", body, HEADERS)
    print(began, time.monotonic(), status, int("<form" not in said), flush=True)
"""


def live_results(
    home: Path, *, inquiries: int, database: str = "", seed: int = 7
) -> Iterator[Result]:
    """Time `inquiries` forms one by one, alone and beside two people who read their desks.

    From before the request is sent, by a process of visitors, until the news of it is read
    from the stream that open pages listen to. Ten managers listen, routing is on. `database`:
    an empty PostgreSQL database instead of SQLite in `home`.

    Raises: BadAnswerError when something does not answer, or is told twice.
    """
    sessions = _prepared(home, database)
    where = "PostgreSQL" if database else "SQLite"
    rng = random.Random(seed)
    server = Server(home, database)
    try:
        heard: queue.Queue[float] = queue.Queue()
        with ExitStack() as open_pages:
            for session in sessions:
                open_pages.enter_context(_listening(server.port, session, heard))
            yield from _told("", where, _timed(server.port, heard, 0, inquiries, rng))
            with _reading(server.port, sessions[:READERS]):
                times = _timed(server.port, heard, inquiries, inquiries, rng)
                yield from _told(", beside pages", where, times)
    finally:
        server.stop()


def _told(beside: str, where: str, times: list[tuple[float, float]]) -> Iterator[Result]:
    heard = sorted(1000 * news for news, _answer in times)
    answered = 1000 * median(answer for _news, answer in times)
    how = f"{where}, {len(heard)} forms; the visitor's own answer {answered:.0f}"
    yield Result(f"form to desk{beside}, median", median(heard), "ms", None, how)
    at = heard[min(len(heard) - 1, int(0.95 * len(heard)))]
    yield Result(f"form to desk{beside}, p95", at, "ms", SECOND_MS)
    yield Result(f"form to desk{beside}, worst", heard[-1], "ms")


def _prepared(home: Path, database: str) -> list[str]:
    """Make ten managers in an empty base; give a session of each."""
    home.mkdir(parents=True)
    python(home, database, "-m", "voronka.config.cli", "manage", "migrate", "-v", "0")
    return python(home, database, "-c", _SET_UP).split()


def _timed(
    port: int, heard: "queue.Queue[float]", first: int, n: int, rng: random.Random
) -> list[tuple[float, float]]:
    """Give for each form after how many seconds its news, and its answer, were there."""
    command = [sys.executable, "-c", _VISITORS, str(port), str(first), str(n)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as visitors:
        if visitors.stdin is None or visitors.stdout is None:
            raise BadAnswerError("no way to the visitors")
        visitors.stdout.readline()
        time.sleep(LEAST_SHOWN_SECONDS)
        times = []
        for _ in range(n):
            # Not in step with the looks of the stream.
            time.sleep(rng.uniform(0, 0.5))
            visitors.stdin.write("\n")
            visitors.stdin.flush()
            began, answered = _sent(visitors.stdout.readline())
            with suppress(queue.Empty):
                times.append((heard.get(timeout=HEARD_SECONDS) - began, answered - began))
    if len(times) != n or not heard.empty():
        raise BadAnswerError(f"{len(times)} of {n} were told, {heard.qsize()} twice")
    return times


def _sent(said: str) -> tuple[float, float]:
    found = re.fullmatch(r"(\S+) (\S+) 200 1\n", said)
    if not found:
        raise BadAnswerError(f"a visitor heard: {said.strip() or 'nothing'}")
    return float(found[1]), float(found[2])


@contextmanager
def _listening(port: int, session: str, heard: "queue.Queue[float]") -> Iterator[None]:
    """Listen as an open page does, in a thread; the moment of each inquiry's news is put."""
    ticket = re.search(r'"ticket": "([^"]+)"', _page(port, session, "/live/ticket/"))
    if ticket is None:
        raise BadAnswerError("no ticket for the stream")
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
    line.request("GET", f"/live/?ticket={ticket[1]}")
    stream = line.getresponse()
    if stream.status != 200 or b"hello" not in stream.readline():
        raise BadAnswerError(f"the stream: {stream.status}")

    def listen() -> None:
        with suppress(OSError, http.client.HTTPException):
            while said := stream.readline():
                if said == b"event: inquiry\n":
                    heard.put(time.monotonic())

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield
    finally:
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)
        listener.join()
        stream.close()
        line.close()


@contextmanager
def _reading(port: int, sessions: list[str]) -> Iterator[None]:
    """Let people load their desks one after another meanwhile."""
    over = threading.Event()

    def read(session: str) -> None:
        while not over.is_set():
            _page(port, session, "/")

    readers = [threading.Thread(target=read, args=(one,)) for one in sessions]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        over.set()
        for reader in readers:
            reader.join()


def _page(port: int, session: str, address: str) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", address, headers={"Cookie": f"sessionid={session}"})
    answer = line.getresponse()
    said = answer.read().decode()
    line.close()
    if answer.status != 200:
        raise BadAnswerError(f"{address}: {answer.status}")
    return said
