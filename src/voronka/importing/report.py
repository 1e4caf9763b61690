"""What a load did, or would do: the same object, the same bytes, dry or real."""

import json
from collections.abc import Mapping
from typing import Any

TOP_ROWS = 10_000
"""Rows listed one by one; the counts know no limit."""


class Report:
    """Counts, the rows with something wrong, doubles, and names that nobody knew."""

    def __init__(self, as_: str, kept: Mapping[str, Any] | None = None) -> None:
        self._kept: dict[str, Any] = dict(kept) if kept else {
            "as": as_, "rows": 0, "created": 0, "updated": 0, "unchanged": 0, "duplicates": 0,
            "skipped": 0, "warnings": 0, "made": {}, "unknown": {}, "problems": [],
            "errors": [], "duplicate_rows": [],
        }  # fmt: skip

    def count(self, what: str, n: int = 1) -> None:
        """Add to rows, created, updated, unchanged, duplicates or skipped."""
        self._kept[what] += n

    def made(self, what: str, n: int = 1) -> None:
        """Add to what came of the rows: clients, deals, won, lost, inquiries, facts ..."""
        self._kept["made"][what] = self._kept["made"].get(what, 0) + n

    def wrong(
        self, row: int, column: str, code: str, details: Mapping[str, Any], *, is_fatal: bool
    ) -> None:
        """Note a problem of a row: fatal ones keep the row out, the others only a value."""
        level = "error" if is_fatal else "warning"
        if not is_fatal:
            self._kept["warnings"] += 1
        line = {"row": row, "column": column, "code": code, "level": level, **_plain(details)}
        for problem in self._kept["problems"]:
            if (problem["code"], problem["level"], problem["column"]) == (code, level, column):
                problem["n"] += 1
                break
        else:
            self._kept["problems"].append(
                {"code": code, "level": level, "column": column, "n": 1, "example": line}
            )
        if len(self._kept["errors"]) < TOP_ROWS:
            self._kept["errors"].append(line)

    def double(self, row: int, first: int, key: str) -> None:
        """Note that a row is about the same as an earlier one of the file."""
        self.count("duplicates")
        if len(self._kept["duplicate_rows"]) < TOP_ROWS:
            self._kept["duplicate_rows"].append({"row": row, "first": first, "key": key})

    def unknown(self, what: str, name: str, *, is_first: bool, decision: str) -> None:
        """Note a name that the base does not know, and what is done about it."""
        names = self._kept["unknown"].get(what, {})
        if is_first or name in names:
            self._kept["unknown"][what] = names
            line = names.setdefault(name, {"n": 0, "decision": decision})
            line["n"] += 1

    @property
    def counts(self) -> dict[str, Any]:
        """The whole report as plain values."""
        return self._kept

    def to_json(self) -> str:
        """Write the report; equal reports give equal bytes."""
        return json.dumps(self._kept, ensure_ascii=False, indent=1, sort_keys=True)


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str | int | list | None) else str(value)
        for name, value in details.items()
        if name not in ("row", "column", "code", "level")
    }
