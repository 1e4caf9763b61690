"""The form of a load's columns as a mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from voronka.importing.mapping import ON_BAD, ON_FOUND, UNKNOWN, Plan
from voronka.importing.targets import custom_field, targets_of

KEEP = "custom"
NAMED = ("people", "products", "sources", "stages")
AS_ALL, LEAVE = "=all", "=leave"


def plan_of(form: Mapping[str, Any], kept: Plan) -> Plan:
    """Read the choices over those made before; what the form does not hold stays.

    Columns: h0=header, c0=field ("custom" makes a field of the card). Constants: k-FIELD.
    """
    changes: dict[str, Any] = {
        "constants": {**kept.constants, **_prefixed(form, "k-")},
        "names": _names(form, kept),
        "on_bad": {**kept.on_bad, **_prefixed(form, "bad-", ON_BAD)},
    }
    changes["constants"] = {k: v for k, v in changes["constants"].items() if v}
    if columns := _columns(form):
        changes["columns"] = columns
    for name, allowed in (("on_found", ON_FOUND), ("unknown", UNKNOWN)):
        if form.get(name) in allowed:
            changes[name] = form[name]
    if "funnel" in form:
        changes["funnel"] = str(form["funnel"]).strip()[:120]
    for name in {"won", "lost", "empty"} & set(form):
        changes[name] = [one.strip() for one in str(form[name]).split(",") if one.strip()]
    return replace(kept, **changes)


def differs(plan: Plan, chosen: Plan, report: Mapping[str, Any]) -> bool:
    """Say whether a plan asks for something else than the one that a report was made with."""
    shown = {
        problem["code"]: "skip" if problem["level"] == "error" else "without"
        for problem in report.get("problems", ())
    }
    if any(shown.get(code, choice) != choice for code, choice in plan.on_bad.items()):
        return True
    return replace(plan, on_bad=chosen.on_bad).to_json() != chosen.to_json()


def _columns(form: Mapping[str, Any]) -> dict[str, str]:
    columns = {}
    for name in form:
        if name[:1] == "h" and name[1:].isdigit():
            header, choice = str(form[name]), str(form.get(f"c{name[1:]}", ""))
            columns[header] = custom_field(header) if choice == KEEP else choice
    return columns


def _names(form: Mapping[str, Any], kept: Plan) -> dict[str, dict[str, str]]:
    """Read what was chosen for single names: u0=kind, n0=name of the file, d0=choice."""
    names = {what: dict(of) for what, of in kept.names.items()}
    for key in form:
        if key[:1] != "u" or not key[1:].isdigit():
            continue
        what, name = str(form[key]), str(form.get(f"n{key[1:]}", ""))
        choice = str(form.get(f"d{key[1:]}", ""))
        if what not in NAMED or not name:
            continue
        if choice == AS_ALL:
            names.get(what, {}).pop(name, None)
        else:
            names.setdefault(what, {})[name] = "" if choice == LEAVE else choice
    return {what: of for what, of in names.items() if of}


def _prefixed(
    form: Mapping[str, Any], prefix: str, allowed: Sequence[str] | None = None
) -> dict[str, str]:
    given = {
        k.removeprefix(prefix): str(v).strip() for k, v in form.items() if k.startswith(prefix)
    }
    return {k: v for k, v in given.items() if allowed is None or v in allowed}


def missing_fields(as_: str, plan: Plan) -> list[tuple[str, str]]:
    """List the demanded fields that no column fills, with the constant given so far."""
    used = set(plan.columns.values())
    return [
        (target.field, plan.constants.get(target.field, ""))
        for target in targets_of(as_)
        if target.required and target.field not in used
    ]
