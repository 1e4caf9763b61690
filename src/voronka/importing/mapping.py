"""What is to be done with a file: which column fills what, and how doubts are settled.

Kept as JSON (`docs/examples/*.json`); remembered per header set; guessed where nothing is said.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from voronka.foundation.errors import RefusalError
from voronka.importing.guessing import guess_mapping
from voronka.importing.tables import normal_header
from voronka.importing.targets import TARGETS, custom_name, targets_of

KEYS = ("external_id", "inn", "phone", "mail", "name")
ON_FOUND = ("fill", "overwrite", "skip")
ON_BAD = ("skip", "without")
UNKNOWN = ("create", "leave")
CREATE = "+"


class BadMappingError(RefusalError):
    """The mapping does not fit. details: what (columns, fields, values ...), names."""

    code = "bad_mapping"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A mapping with all its choices.

    `columns`: field by header. `constants`: text by field for what the file does not hold.
    `values`: by field, what a word of the file means ("" for nothing). `empty`: words that
    mean "not filled". `keys`: by what a row is known, in this order. `on_found`: what a row
    does to a card that stands: fill empty fields, overwrite, or skip. `on_bad`: skip the row
    or take it without the bad value, by error code. `people`: mail address of a person of
    ours by name in the file. `unknown`: create people, products, stages that nobody knows, or
    leave them out; `names` settles it for one name, by kind ("people", "products", "sources",
    "stages"): a name of ours, "+" to create, "" to leave out. History: `stages` (name by
    activity, in order), `won`, `lost` activities, `funnel`.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    empty: Sequence[str] = ()
    keys: Sequence[str] = KEYS
    on_found: str = "fill"
    on_bad: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unknown: str = "create"
    funnel: str = ""
    stages: Mapping[str, str] = field(default_factory=dict)
    won: Sequence[str] = ()
    lost: Sequence[str] = ()
    day_first: bool | None = None
    sheet: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give what a JSON file holds."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain


def plan_from_json(given: object) -> Plan:
    """Read a mapping. Raises: BadMappingError for unknown names and wrong shapes."""
    if not isinstance(given, dict):
        raise BadMappingError(what="shape", names=[])
    known = {one.name: one for one in fields(Plan)}
    if strange := sorted(set(given) - set(known)):
        raise BadMappingError(what="names", names=strange)
    names = {
        dict: ("columns", "constants", "values", "people", "names", "on_bad", "stages"),
        list: ("empty", "keys", "won", "lost"),
        str: ("on_found", "unknown", "funnel", "sheet"),
    }
    shapes = {name: shape for shape, group in names.items() for name in group}
    wrong = [
        name
        for name, shape in shapes.items()
        if not isinstance(given.get(name, shape()), shape)
    ]
    if any(not isinstance(one, dict) for one in given.get("names", {}).values()):
        wrong.append("names")
    plan = None if wrong else Plan(**given)
    if plan is None:
        raise BadMappingError(what="shape", names=wrong)
    for value, allowed in (
        (plan.keys, KEYS), ([plan.on_found], ON_FOUND), ([plan.unknown], UNKNOWN),
        (plan.on_bad.values(), ON_BAD),
    ):  # fmt: skip
        if strange := [str(one) for one in value if one not in allowed]:
            raise BadMappingError(what="values", names=strange)
    return plan


def checked(plan: Plan, headers: Sequence[str], as_: str) -> Plan:
    """Make sure that a mapping fits the file and fills what is demanded.

    Raises: BadMappingError (what: columns, fields, twice, required).
    """
    there = {normal_header(name) for name in headers}
    if missing := [name for name in plan.columns if normal_header(name) not in there]:
        raise BadMappingError(what="columns", names=missing)
    targets = {one.field: one for one in TARGETS[as_]}
    used = [one for one in plan.columns.values() if one]
    if strange := [one for one in used if one not in targets and not custom_name(one)]:
        raise BadMappingError(what="fields", names=strange)
    twice = sorted(
        {one for one in used if used.count(one) > 1 and not _is_multiple(targets, one)}
    )
    if twice:
        raise BadMappingError(what="twice", names=twice)
    given = {*used, *plan.constants}
    required = [one.field for one in targets.values() if one.required]
    if missing := [one for one in required if one not in given]:
        if missing == ["name"] and given & {"contact_name", "phone", "email", "legal_name"}:
            return plan
        raise BadMappingError(what="required", names=missing)
    return plan


def guessed(headers: Sequence[str], sample: Iterable[Sequence[str]], as_: str) -> Plan:
    """Guess a mapping from the header and the first rows; what fits nothing is left out."""
    found = guess_mapping(headers, sample, as_)
    columns = {headers[n]: guess.field if guess else "" for n, guess in found.items()}
    return Plan(columns=columns)


def _is_multiple(targets: Mapping[str, Any], name: str) -> bool:
    return name in targets and bool(targets[name].is_multiple)


def field_names(as_: str) -> list[str]:
    """List the fields that a column may fill."""
    return [one.field for one in targets_of(as_)]
