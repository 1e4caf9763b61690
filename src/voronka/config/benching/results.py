"""Results: a value with its bar, as a table and as lines of JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Result:
    """One measured value. `bar`: what it must not exceed, or with `is_least` must reach."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    how: str = ""
    is_least: bool = False

    @property
    def holds(self) -> bool | None:
        """Say whether the bar holds; None without a bar."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.is_least else self.value <= self.bar


def table(results: Iterable[Result]) -> str:
    """Give the results as lines for a person."""
    lines = []
    for one in results:
        sign = "" if one.bar is None else (">= " if one.is_least else "<= ") + f"{one.bar:g}"
        word = {None: "", True: "holds", False: "MISSED"}[one.holds]
        value = f"{one.value:,.1f}" if isinstance(one.value, float) else f"{one.value:,}"
        lines.append(
            f"{one.name:<36} {value:>10} {one.unit:<8} {sign:<8} {word:<6} {one.how}".rstrip()
        )
    return "\n".join(lines)


def write_json(file: Path, results: Iterable[Result]) -> None:
    """Write one object a line: name, value, unit, bar, holds, how."""
    lines = [json.dumps(as_row(one), ensure_ascii=False) for one in results]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def as_row(result: Result) -> dict[str, object]:
    """Give a result as one JSON object."""
    row = asdict(result) | {"holds": result.holds, "value": round(result.value, 3)}
    return {name: row[name] for name in ("name", "value", "unit", "bar", "holds", "how")}
