"""The funnel found in real logs, with no hints."""

import csv
import gzip
import random
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conftest import SHARED
from voronka.config.benching.prefixes import prefix_results
from voronka.discovery.report import Report, report_on
from voronka.importing.event_files import read_events

DATA = SHARED / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real logs are not there: ../shared/data is missing"
)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
BPI = [
    "A_PARTLYSUBMITTED + A_SUBMITTED",
    "A_PREACCEPTED",
    "A_ACCEPTED",
    "A_FINALIZED + O_CREATED + O_SELECTED + O_SENT",
    "O_SENT_BACK",
    "A_ACTIVATED + A_APPROVED + A_REGISTERED + O_ACCEPTED",
]
ROWS = {
    "bpic2012_loan_events": BPI,
    "helpdesk_events": [
        "Assign seriousness", "Take in charge ticket", "Resolve ticket", "Closed",
    ],
    "receipt_wabo_events": [
        "Confirmation of receipt", "T02 Check confirmation of receipt",
        "T04 Determine confirmation of receipt", "T05 Print and send confirmation of receipt",
    ],
}  # fmt: skip


def report_of(path: Path) -> Report:
    return report_on(read_events(path, zone=ZoneInfo("Europe/Moscow"), now=NOW).log)


def row_of(report: Report) -> list[str]:
    return [stage.name for stage in report.stages if stage.kind == "main"]


def test_a_lender_s_six_stages_wins_and_losses() -> None:
    report = report_of(DATA / "bpic2012_loan_events.csv.gz")
    assert row_of(report) == BPI
    assert (report.won, report.lost, report.open) == (2246, 10442, 399)
    row = [stage for stage in report.stages if stage.kind == "main"]
    assert [stage.lost_here for stage in row[:4]] == [
        pytest.approx(n, rel=0.02) for n in (5720, 2185, 95, 1547)
    ]
    p80 = [stage.p80_hours for stage in row[:5]]
    assert p80 == [pytest.approx(n, abs=0.6) for n in (0.1, 20.6, 0.1, 353, 168)]
    work = {one["activity"]: one["stage"] for one in report.work}
    assert work["W_Completeren aanvraag"] == BPI[1]
    assert work["W_Nabellen offertes"] == BPI[3]
    assert work["W_Nabellen incomplete dossiers"] == BPI[4]


def test_a_lender_s_robot_is_no_person_and_its_offers_are_where_cases_wait() -> None:
    told = report_of(DATA / "bpic2012_loan_events.csv.gz").to_json()
    assert told["handovers"]["automation"] == ["112"]
    named = {who["person"] for one in told["people"] for who in one["people"]}
    named |= {one["person"] for one in told["habits"]["people"]}
    assert "112" not in named
    first = told["bottlenecks"][0]
    assert " + ".join(first["stage"]) == BPI[3]
    assert (first["lost"], first["median_hours"]) == (1530, pytest.approx(216.6, abs=0.1))
    assert first["waited_hours"] > 3 * told["bottlenecks"][1]["waited_hours"]
    assert [one["activity"] for one in told["risky_acts"]] == [
        "O_CANCELLED", "W_Afhandelen leads",
    ]  # fmt: skip
    again = {one["stage"][0]: one for one in told["detours"] if one["kind"] == "again"}
    offer = again["A_FINALIZED"]
    assert (offer["n"], offer["won"], offer["closed"]) == (1334, 690, 1233)
    assert (offer["days"], offer["others_days"], offer["is_sure"]) == (19.8, 14.0, True)
    habits = told["habits"]
    assert (habits["cases"], habits["all"]["skips"]["n"]) == (9655, 0)
    flagged = {one["person"] for one in habits["people"] if "backs" in one["flags"]}
    # Offers come back to those who check files; each has some thirty of two hundred.
    assert {"10972", "10138", "10609", "10629"} <= flagged
    assert len(flagged) <= 6


@pytest.mark.parametrize("name", ["helpdesk_events", "receipt_wabo_events"])
def test_nobody_who_sleeps_is_taken_for_a_robot(name: str) -> None:
    told = report_of(DATA / f"{name}.csv.gz").to_json()
    assert told["handovers"]["automation"] == []
    assert sum(one["n"] for one in told["habits"]["people"]) == told["habits"]["cases"]


def test_incidents_registered_by_a_system_are_its_own() -> None:
    told = report_of(DATA / "bpic2013_incidents_events.csv.gz").to_json()
    assert told["handovers"]["automation"] == ["Siebel"]


@pytest.mark.parametrize("name", list(ROWS))
def test_every_main_stage_is_there_in_each_of_twenty_halves(name: str) -> None:
    report = report_of(DATA / f"{name}.csv.gz")
    assert row_of(report) == ROWS[name]
    assert [s.stability for s in report.stages if s.kind == "main"] == [1.0] * len(ROWS[name])


def test_a_permit_s_advice_runs_beside_its_checks() -> None:
    report = report_of(DATA / "receipt_wabo_events.csv.gz")
    beside = [stage.name[:3] for stage in report.stages if stage.kind == "parallel"]
    assert beside == ["T06", "T10"]


@pytest.mark.parametrize("name", ["helpdesk_events", "receipt_wabo_events"])
def test_rows_in_another_order_and_two_hundred_cases_give_the_same_stages(
    name: str, tmp_path: Path
) -> None:
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    rng, same = random.Random(7), 0
    cases = sorted({row[0] for row in rows})
    for n in range(8):
        some = set(rng.sample(cases, 200)) if n else set(cases)
        rng.shuffle(rows)
        path = tmp_path / f"{n}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([head, *(row for row in rows if row[0] in some)])
        found = row_of(report_of(path)) == ROWS[name]
        assert found or n
        same += found
    assert same >= 7


def test_a_log_kept_up_to_date_tells_what_a_full_pass_tells() -> None:
    differing = next(prefix_results(DATA / "bpic2012_loan_events.csv.gz", prefixes=3))
    assert (differing.value, differing.holds) == (0, True)
