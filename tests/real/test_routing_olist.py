"""The router replayed over who sold to real leads: what can be told, and what can't."""

import json
from pathlib import Path

import pytest

from conftest import SHARED
from voronka.config.benching.off_policy import doubly_robust, told_by
from voronka.config.benching.olist import replayed, won_leads, words
from voronka.config.commands import bench

DATA = SHARED / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="NO REAL DATA: the folder ../shared/data is not there"
    ),
]


def test_what_the_router_would_have_won_cannot_be_told_apart_from_what_happened() -> None:
    leads = won_leads(DATA)
    assert (len(leads), len({one.person for one in leads})) == (842, 22)
    cases = replayed(leads)
    assert len(cases) == 646
    assert sum(one.got for one in cases) == 395
    assert 0.6 < sum(one.weight for one in cases) / len(cases) < 1.4
    assert 30 < told_by(cases) < 120
    found = doubly_robust(cases)
    assert found.low < found.value < found.high
    assert not found.is_told_apart
    assert "cannot be told apart from what happened" in words(found)


def test_the_command_prints_it_with_what_cannot_be_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "olist.json"
    assert bench.run(["routing", "--olist", str(DATA), "--json", str(file)]) == 0
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["name"] for row in rows][3:5] == [
        "router, by doubly robust", "router, by propensity",
    ]  # fmt: skip
    assert "no lost lead names who had it" in capsys.readouterr().out
