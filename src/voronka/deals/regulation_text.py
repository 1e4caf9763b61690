"""A funnel's regulation as one text: read by people, compared, kept as a version, brought back.

A text is plain values: {"stages": [{"id", "name", "norm_seconds", "hint", "entry",
"demands": [{"kind", "what", "least", "level", "since"}]}], "moves": {move: {role: level}}}.
`id` is the stage in force, None for one that is yet to come.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from voronka.deals.models import Demand, Funnel, Stage

Text = dict[str, Any]
INDICATOR = ("indicator_name", "indicator_kind", "indicator_unit", "indicator_choices")
STAGE = ("name", "norm_seconds", "hint", "entry", *INDICATOR)
"""What a stage says of itself; a draft's stage hands it on when it is published."""
DEMAND = ("kind", "what", "least", "level", "since")


def text_of(funnel: Funnel) -> Text:
    """Read the regulation of a funnel, or of a draft; two queries."""
    demands: dict[int, list[dict[str, Any]]] = {}
    rules = Demand.objects.filter(stage__funnel=funnel, retired_at=None)
    for stage_id, *rule in rules.order_by("place", "pk").values_list("stage_id", *DEMAND):
        told = dict(zip(DEMAND, rule, strict=True))
        # An indicator demanded names its own stage, which is another one in a draft.
        told["what"] = "" if told["kind"] == "indicator" else told["what"]
        demands.setdefault(stage_id, []).append(told | {"since": told["since"].isoformat()})
    rows = Stage.objects.filter(funnel=funnel, retired_at=None).order_by("place", "pk")
    return {
        "stages": [
            {
                "id": row.origin_id if funnel.draft_of_id else row.pk,
                **{name: getattr(row, name) for name in STAGE},
                "demands": demands.get(row.pk, []),
            }
            for row in rows
        ],
        "moves": funnel.moves,
    }


def write_stages(draft: Funnel, text: Text) -> None:
    """Put the stages of a text into an empty draft, and beside them, as retired, those in
    force that the text does not name: they will go.
    """
    known = Stage.objects.filter(funnel_id=draft.draft_of_id or 0).in_bulk()
    for place, told in enumerate(text["stages"], start=1):
        stage = Stage.objects.create(
            funnel=draft, place=place, origin=known.get(told["id"] or 0),
            **{name: told[name] for name in STAGE if name in told},
        )  # fmt: skip
        put_rules(stage, told["demands"])
    named = {told["id"] for told in text["stages"]}
    gone = [one for pk, one in known.items() if pk not in named and one.retired_at is None]
    Stage.objects.bulk_create(
        Stage(
            funnel=draft, place=one.place, origin=one, retired_at=draft.drafted_at,
            **{name: getattr(one, name) for name in STAGE},
        )
        for one in gone
    )  # fmt: skip


def what_of(rule: dict[str, Any], stage: Stage) -> str:
    """Give what a demand asks for on a stage of its own."""
    return str(stage.pk) if rule["kind"] == "indicator" else str(rule["what"])


def put_rules(stage: Stage, rules: list[dict[str, Any]]) -> None:
    """Give a stage these demands, in their order."""
    Demand.objects.bulk_create(
        Demand(
            stage=stage,
            place=n,
            **rule | {"since": date.fromisoformat(rule["since"]), "what": what_of(rule, stage)},
        )
        for n, rule in enumerate(rules)
    )  # fmt: skip


def changes(before: Text, after: Text) -> list[dict[str, Any]]:
    """List what differs: `what` names the change, `stage` where; with the old and the new."""
    was = {one["id"]: one for one in before["stages"]}
    kept = [one["id"] for one in after["stages"] if one["id"] in was]
    found = [
        {"what": "stage_gone", "stage": one["name"]}
        for pk, one in was.items()
        if pk not in kept
    ]
    for one in after["stages"]:
        old = was.get(one["id"]) if one["id"] else None
        if old is None:
            found.append({"what": "stage_new", "stage": one["name"]})
        found += _in_stage(old or {"demands": []}, one)
    if kept != [pk for pk in was if pk in kept]:
        found.append({"what": "order", "stage": ""})
    found += _in_moves(before["moves"], after["moves"], "")
    return found


def _in_stage(old: dict[str, Any], new: dict[str, Any]) -> Iterator[dict[str, Any]]:
    where = {"stage": new["name"]}
    for name in ("name", "norm_seconds", "hint"):
        if name in old and old[name] != new[name]:
            yield where | {"what": name, "before": old[name], "after": new[name]}
    yield from _in_moves(old.get("entry") or {}, new.get("entry") or {}, new["name"], "enter")
    if any(old.get(name) != new.get(name) for name in INDICATOR) and "name" in old:
        yield where | {"what": "indicator", "after": new.get("indicator_name", "")}
    yield from _in_demands(old["demands"], new["demands"], where)


def _in_demands(
    old: list[dict[str, Any]], new: list[dict[str, Any]], where: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    rules = {(one["kind"], one["what"]): one for one in old}
    for rule in new:
        there = rules.pop((rule["kind"], rule["what"]), None)
        if there is None:
            yield where | {"what": "demand_new", "after": rule}
        elif there != rule:
            yield where | {"what": "demand", "before": there, "after": rule}
    for rule in rules.values():
        yield where | {"what": "demand_gone", "before": rule}


def _in_moves(
    old: dict[str, Any], new: dict[str, Any], stage: str, only: str = ""
) -> Iterator[dict[str, Any]]:
    """Compare who may move how; `only`: the move when the levels are by role alone."""
    before = {only: old} if only else old
    after = {only: new} if only else new
    for move in sorted(before.keys() | after.keys()):
        mine, theirs = before.get(move, {}), after.get(move, {})
        for role in sorted(mine.keys() | theirs.keys()):
            one, two = mine.get(role, "yes"), theirs.get(role, "yes")
            if one != two:
                yield {
                    "what": "move", "stage": stage, "move": move, "role": role,
                    "before": one, "after": two,
                }  # fmt: skip
