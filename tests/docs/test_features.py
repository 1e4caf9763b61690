"""docs/features.md names only tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_named_test_exists() -> None:
    rows = re.findall(r"^\| (\d+) \|.*\| `([^`]+)::(\w+)` \|$", _text(), re.MULTILINE)
    assert len(rows) == _text().count("\n| ") - 1
    for _, file, test in rows:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {test}(" in source, f"{file}::{test}"


def _text() -> str:
    return (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
