"""A list of rules with changes that nobody has put in force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voronka.inquiries.rule_list import RuleRow

NEW = -1
"""The id of a rule that is not written yet."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a draft says of a rule: where it stands, whether it is on, how it chooses."""

    place: int
    is_on: bool
    way: str


def drafted(
    rows: Sequence[RuleRow], changes: dict[int, RuleChange], edited: RuleRow | None = None
) -> list[RuleRow]:
    """Give the list as a draft wants it: `changes` by rule id, `edited` instead of the rule of
    that id, or new before the last one. The last one stays at the end and on.
    """
    last = rows[-1]
    ordinary = [one for one in rows if not one.is_last]
    if edited is not None:
        if edited.is_last:
            last = edited
        elif edited.id == NEW:
            ordinary.append(edited)
        ordinary = [edited if one.id == edited.id else one for one in ordinary]
    if last.id in changes:
        last = replace(last, way=changes[last.id].way)
    changed = [_changed(one, changes.get(one.id)) for one in ordinary]
    places = {one.id: place for place, one in enumerate(ordinary, start=1)}
    # A rule moved to where another stands comes before it when it came from below.
    changed.sort(key=lambda one: _place(one, places[one.id], changes))
    return [*changed, last]


def _changed(row: RuleRow, change: RuleChange | None) -> RuleRow:
    return row if change is None else replace(row, is_on=change.is_on, way=change.way)


def _place(row: RuleRow, was: int, changes: dict[int, RuleChange]) -> tuple[int, int, int]:
    now = changes[row.id].place if row.id in changes else was
    return now, (now > was) - (now < was), was
