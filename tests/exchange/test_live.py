"""Against a real exchange: the rows say what really happened, whoever dies meanwhile."""

import json
import random
import threading
import time
from pathlib import Path
from typing import Any

from tests.exchange.conftest import Office, pbx

KILLS, CALLS = 5, 114
SECONDS_OF_ALL = 170
"""What all scenarios take together; the moments of dying are drawn from it."""


def test_every_scenario_is_as_it_really_was_though_the_line_dies_five_times(
    office: Office, tmp_path: Path
) -> None:
    since = time.time() - 1
    killed, over = [], threading.Event()
    reaper = threading.Thread(target=lambda: killed.extend(die_now_and_then(office, over)))
    reaper.start()
    try:
        done = pbx("call", "--save", str(tmp_path), "all")
    finally:
        over.set()
        reaper.join()
    truth = json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))
    made = sum(map(len, truth.values()))
    assert (done.returncode, made) == (0, CALLS), done.stdout
    rows = office.calls(since=since, n=made)
    assert len(killed) == KILLS
    assert compared(truth, rows) == []


def die_now_and_then(office: Office, over: threading.Event) -> list[float]:
    """Kill the listener at five moments and bring it back a little later."""
    rng, began = random.Random(20261127), time.monotonic()
    killed = []
    for moment in sorted(rng.uniform(3, SECONDS_OF_ALL) for _ in range(KILLS)):
        if over.wait(max(0.0, began + moment - time.monotonic())):
            break
        office.kill()
        killed.append(moment)
        over.wait(rng.uniform(0, 4))
        office.listen()
    return killed


def test_after_a_power_cut_the_call_is_closed_and_the_next_one_is_whole(office: Office) -> None:
    since = time.time() - 1
    calling = threading.Thread(target=pbx, args=("call", "inbound_answered"))
    calling.start()
    time.sleep(7)
    assert pbx("restart").returncode == 0
    calling.join()
    after = time.time()
    for _ in range(30):
        if pbx("status").returncode == 0:
            break
        time.sleep(1)
    assert pbx("call", "inbound_ring_group").returncode == 0
    broken, whole = office.calls(since=since, n=2)
    assert (broken["outcome"], broken["state"], broken["talked"]) == (
        "answered", "ended", ["102"],
    )  # fmt: skip
    assert 0 <= broken["talk"] <= after - since
    assert (whole["outcome"], whole["answered_by"], whole["talk"]) == ("answered", "103", 5)


def compared(truth: dict[str, list[dict[str, Any]]], rows: list[dict[str, Any]]) -> list[str]:
    """Say what differs between what was done and the rows, in their order."""
    left = {
        client: [row for row in rows if row["client"] == client]
        for client in {row["client"] for row in rows}
    }
    found = []
    for scenario, calls in truth.items():
        for call in calls:
            mine = left.get(f"+{call['client']}", [])
            if not mine:
                found.append(f"{scenario}: lost {call['client']}")
                continue
            row = mine.pop(0)
            found += [f"{scenario}: {line}" for line in differences(call, row)]
    return found + [f"too many: {row}" for own in left.values() for row in own]


def differences(call: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Say in what a row is not the call that was made."""
    if call["outcome"] is None:
        return []
    talked = [call["answered_by"]] if call["outcome"] == "answered" else []
    wanted = {
        "direction": call["direction"],
        "outcome": call["outcome"],
        "line": call["did"] or "",
        "answered_by": call["answered_by"] or "",
        "rang": sorted(call["rang"]),
        "talked": call.get("talked", talked),
    }
    is_so = {name: row[name] for name in wanted} | {"rang": sorted(row["rang"])}
    found = [
        f"{name}: {is_so[name]!r}, was {value!r}"
        for name, value in wanted.items()
        if is_so[name] != value
    ]
    if abs(row["talk"] - call["talk"]) > 1:
        found.append(f"talk: {row['talk']} s, was {call['talk']} s")
    return found
