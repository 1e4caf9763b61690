"""The doors on the peers' base: an inquiry taken at the door, and whom an exchange rings."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

from django.test import Client

from voronka.clients.models import Phone
from voronka.config.benching.measuring import BadAnswerError, cpu_ms
from voronka.config.benching.results import Result
from voronka.inquiries.models import Received
from voronka.people.api_keys import keys, make_key, revoke_key
from voronka.people.viewers import SYSTEM

INTAKE_MS, RING_MS = 20.0, 200.0
WARM_UP, TIMES = 20, 400


def door_results() -> Iterator[Result]:
    """Measure 400 different inquiries at the door and 400 numbers asked for; p95 and p99.

    What was received is taken away again; the key is taken back. Raises: BadAnswerError.
    """
    with _key() as token:
        post, ask = _poster(token), _asker(token)
        spent = _sorted(post, cpu_ms)
        how = f"median {spent[len(spent) // 2]:.1f}; stored and numbered"
        yield Result("intake, p95", _at(spent, 0.95), "CPU ms", INTAKE_MS, how)
        took = _sorted(ask, _wall_ms)
        how = f"median {took[len(took) // 2]:.1f}; the worst {took[-1]:.1f}; in this process"
        yield Result("whom to ring, p99", _at(took, 0.99), "ms", RING_MS, how)


@contextmanager
def _key() -> Iterator[str]:
    at = datetime.now(UTC)
    token = make_key(name="bench", scopes=["inquiries", "route"], by=SYSTEM, at=at)
    key_id = keys()[0].id
    before = Received.objects.count()
    try:
        yield token
    finally:
        Received.objects.order_by("pk").filter(sender="api: bench").delete()
        revoke_key(key_id=key_id, by=SYSTEM, at=at)
        if Received.objects.count() != before:
            raise BadAnswerError("what was received could not be taken away")


def _poster(token: str) -> Callable[[], None]:
    browser, numbers = Client(SERVER_NAME="localhost"), count()
    headers = {"Authorization": f"Bearer {token}"}

    def post() -> None:
        n = next(numbers)
        body = json.dumps({"id": f"bench {n}", "name": f"Имя {n}", "phone": f"8912{n:07}"})
        answer = browser.post("/api/inquiries", body, "application/json", headers=headers)
        if answer.status_code != 201:
            raise BadAnswerError(f"/api/inquiries: {answer.status_code}")

    return post


def _asker(token: str) -> Callable[[], None]:
    browser = Client(SERVER_NAME="localhost")
    known = list(Phone.objects.order_by("pk").values_list("e164", flat=True)[: WARM_UP + TIMES])
    # Every second one is a number that nobody knows.
    asked = iter([phone for pair in zip(known, _unknown(), strict=False) for phone in pair])

    def ask() -> None:
        answer = browser.get("/api/route", {"phone": next(asked), "key": token})
        if answer.status_code != 200:
            raise BadAnswerError(f"/api/route: {answer.status_code}")

    return ask


def _unknown() -> Iterator[str]:
    return (f"+7999{n:07}" for n in count())


def _sorted(
    act: Callable[[], None], measure: Callable[[Callable[[], None]], float]
) -> list[float]:
    for _ in range(WARM_UP):
        act()
    return sorted(measure(act) for _ in range(TIMES))


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def _wall_ms(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)
