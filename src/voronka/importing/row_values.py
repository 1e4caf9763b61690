"""A row of texts as typed values by field, with what is wrong in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from voronka.foundation.errors import RefusalError
from voronka.foundation.money import parse_rubles
from voronka.foundation.phones import parse_phone, split_phones
from voronka.foundation.tax_numbers import check_inn, check_kpp, check_ogrn
from voronka.importing import values
from voronka.importing.mapping import Plan
from voronka.importing.tables import Problem, Row, normal_header
from voronka.importing.targets import Target, custom_name, targets_of

# A card is worth having without one of these; a deal with a wrong sum or day is not.
_WITHOUT = frozenset(
    ["bad_phone", "junk_phone", "bad_mail", "bad_tax_number", "cell_error", "field_too_large",
     "number_damaged"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a cell. `column` is the header as the file writes it."""

    column: str
    code: str
    details: dict[str, Any]
    is_fatal: bool


@dataclass(slots=True)
class Values:
    """A row's values by field: one value, or a list where several columns fill a field."""

    number: int
    one: dict[str, Any] = field(default_factory=dict)
    many: dict[str, list[Any]] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Say whether the row can be taken."""
        return not any(wrong.is_fatal for wrong in self.wrong)

    def text(self, name: str) -> str:
        """Give a text field, "" when it is not filled."""
        return str(self.one.get(name) or "")


class RowReader:
    """Reads the rows of one file by one mapping."""

    def __init__(self, plan: Plan, headers: Sequence[str], as_: str, zone: tzinfo) -> None:
        self._plan, self._headers, self._zone = plan, headers, zone
        self._targets = {one.field: one for one in targets_of(as_)}
        places = {normal_header(name): n for n, name in enumerate(headers)}
        self._columns = [
            (places[normal_header(header)], name)
            for header, name in plan.columns.items()
            if name
        ]
        self._columns.sort()
        self._empty = {word.strip().casefold() for word in plan.empty}
        self._words = {
            name: {word.strip().casefold(): value for word, value in words.items()}
            for name, words in plan.values.items()
        }
        self._used = {place for place, _ in self._columns}

    def read(self, row: Row) -> Values:
        """Give a row's values. Nothing raises: what is wrong stands in `wrong`."""
        found = Values(row.number)
        for problem in row.problems:
            self._note_cell(found, problem)
        for name, text in self._plan.constants.items():
            self._take(found, name, text, name)
        for place, name in self._columns:
            if text := row.cells[place].strip():
                self._take(found, name, text, self._headers[place])
        for target in self._targets.values():
            has = found.one.get(target.field) or found.many.get(target.field)
            if target.required and not has and not self._is_noted(found, target):
                found.wrong.append(Wrong(self._header_of(target), "field_missing", {}, True))
        return found

    def _take(self, found: Values, name: str, text: str, column: str) -> None:
        if text.casefold() in self._empty:
            return
        words = self._words.get(name)
        if words and (replaced := words.get(text.casefold())) is not None:
            text = replaced
        if not text:
            return
        if custom := custom_name(name):
            found.custom[custom] = values.plain_text(text)
            return
        target = self._targets[name]
        try:
            value = self._read(target, text)
        except RefusalError as error:
            self._note(found, column, error.code, error.details)
            return
        if target.is_multiple or isinstance(value, list):
            found.many.setdefault(name, []).extend(
                value if isinstance(value, list) else [value]
            )
        else:
            found.one[name] = value

    def _read(self, target: Target, text: str) -> Any:
        if target.kind == "moment":
            return values.parse_moment(text, self._zone, day_first=self._plan.day_first)
        if target.kind == "day":
            return values.parse_day(text, day_first=self._plan.day_first)
        if target.kind == "choice":
            return values.parse_choice(text, target.choices)
        return _READERS[target.kind](text)

    def _note_cell(self, found: Values, problem: Problem) -> None:
        is_used = problem.column in self._used or problem.code == "row_too_long"
        if is_used:
            last = len(self._headers) - 1
            column = self._headers[min(problem.column, last)]
            self._note(found, column, problem.code, {"text": problem.text[:100]})

    def _note(self, found: Values, column: str, code: str, details: dict[str, Any]) -> None:
        usual = "without" if code in _WITHOUT else "skip"
        is_fatal = self._plan.on_bad.get(code, usual) == "skip"
        found.wrong.append(Wrong(column, code, details, is_fatal))

    def _header_of(self, target: Target) -> str:
        for place, name in self._columns:
            if name == target.field:
                return self._headers[place]
        return target.field

    def _is_noted(self, found: Values, target: Target) -> bool:
        header = self._header_of(target)
        return any(wrong.column == header and wrong.is_fatal for wrong in found.wrong)


def _phones(text: str) -> list[Any]:
    return [parse_phone(part) for part in split_phones(text) or [text]]


def _mails(text: str) -> list[str]:
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    return [values.parse_mail(part) for part in parts or [text]]


_READERS: dict[str, Callable[[str], Any]] = {
    "text": values.plain_text,
    "phone": _phones,
    "mail": _mails,
    "inn": check_inn,
    "kpp": check_kpp,
    "ogrn": check_ogrn,
    "money": parse_rubles,
    "seconds": values.parse_seconds,
    "flag": values.parse_bool,
}
