"""What a real Asterisk said in sixteen scenarios becomes the calls that were really made."""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import SHARED
from voronka.calls.asterisk.ami_events import signals_of_event
from voronka.calls.asterisk.cel import signals_of_row
from voronka.calls.asterisk.endpoints import Endpoints
from voronka.calls.records import CallRecord
from voronka.calls.reducing import reduce
from voronka.calls.signals import Signal

EVENTS = SHARED / "telephony" / "events"
VERSIONS = ("16", "22")
PERMUTATIONS = 1000
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not EVENTS.is_dir(),
        reason="NO REAL EXCHANGE EVENTS: the folder ../shared/telephony/events is not there",
    ),
]
SCENARIOS = (
    sorted(json.loads((EVENTS / "22" / "expected.json").read_text()))
    if EVENTS.is_dir()
    else ["none"]
)


def lines(version: str, scenario: str, source: str) -> Iterator[dict[str, Any]]:
    plain = EVENTS / version / f"{scenario}.{source}.jsonl"
    packed = Path(f"{plain}.gz")
    text = (
        gzip.decompress(packed.read_bytes()).decode()
        if packed.exists()
        else plain.read_text(encoding="utf-8")
    )
    return map(json.loads, text.splitlines())


def told(version: str, scenario: str, source: str) -> dict[str, list[Signal]]:
    found: dict[str, list[Signal]] = defaultdict(list)
    endpoints = Endpoints()
    for order, said in enumerate(lines(version, scenario, source)):
        if source == "cel":
            found[said["linkedid"]] += signals_of_row(said, endpoints)
        elif ref := said.get("Linkedid") or said.get("DestLinkedid"):
            at = float(said.get("Timestamp", 0))
            found[ref] += signals_of_event(said, endpoints, at, order)
    return found


def made(version: str, scenario: str, source: str) -> list[CallRecord]:
    records = [reduce(signals) for signals in told(version, scenario, source).values()]
    return [one for one in records if one is not None and one.direction != "internal"]


def seen(one: CallRecord) -> dict[str, Any]:
    return {
        "direction": one.direction,
        "outcome": one.outcome,
        "did": one.line or None,
        "answered_by": one.answered_by or None,
        "rang": sorted(one.rang),
        "talked": list(one.talked),
    }


def truth_of(call: dict[str, Any]) -> dict[str, Any]:
    talked = [call["answered_by"]] if call["outcome"] == "answered" else []
    return {name: call[name] for name in ("direction", "outcome", "did", "answered_by")} | {
        "rang": sorted(call["rang"]),
        "talked": call.get("talked", talked),
    }


@pytest.mark.parametrize("source", ["cel", "ami"])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_each_scenario_is_as_it_really_was(scenario: str, version: str, source: str) -> None:
    truth = json.loads((EVENTS / version / "expected.json").read_text())[scenario]
    if source == "ami":
        truth = [call for call in truth if call.get("events") is not False]
    records = {one.client[-10:]: one for one in made(version, scenario, source)}
    assert len(records) == len(truth)
    for call in truth:
        record = records[call["client"][-10:]]
        assert record.state == "ended"
        if call["outcome"] is not None:
            assert seen(record) == truth_of(call)
            assert abs(record.talk_seconds - call["talk"]) <= 1


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_disorder_nor_repetition_changes_a_call(scenario: str) -> None:
    rng = random.Random(scenario)
    calls = list(told("22", scenario, "cel").values())
    wholes = [reduce(signals) for signals in calls]
    for n in range(PERMUTATIONS):
        at = n % len(calls)
        shuffled = calls[at] + rng.choices(calls[at], k=rng.randrange(8))
        rng.shuffle(shuffled)
        assert reduce(shuffled) == wholes[at]
