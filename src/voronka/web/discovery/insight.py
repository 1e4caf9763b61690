"""What the page of the funnel found shows besides stages: habits, waiting, demands, people."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from voronka.clients.custom_fields import fields_of
from voronka.deals import demands
from voronka.people.queries import directory
from voronka.web.demand_words import demand_text

MOST_DETOURS = 8


def insight(report: dict[str, Any], stage_ids: list[int]) -> dict[str, Any]:
    """Give what the parts of the page need; nothing of what an older report lacks."""
    waiting = [one for one in report.get("bottlenecks", []) if one.get("stage_id") in stage_ids]
    return {
        "waiting": waiting,
        "refusals": sorted(
            (one for one in waiting if one["lost"]),
            key=lambda one: stage_ids.index(one["stage_id"]),
        ),
        "habits": report.get("habits"),
        "detours": report.get("detours", [])[:MOST_DETOURS],
        "wants": list(_wants(report, stage_ids)),
        "person": namer(),
    }


def deals_named(report: dict[str, Any]) -> set[str]:
    """Give the ids of the deals that these parts link to."""
    people = report.get("habits", {}).get("people", [])
    found = {pk for one in people for deals in one["deals"].values() for pk in deals}
    found |= {pk for one in report.get("bottlenecks", []) for pk in one.get("deals", [])}
    return {str(pk) for pk in found}


def _wants(report: dict[str, Any], stage_ids: list[int]) -> Iterator[dict[str, Any]]:
    """Give the demands proposed for live stages, those that tell wins from losses first."""
    there = {(row.kind, row.what): row for row in demands.demands_of(stage_ids)}
    known = {*demands.DEAL_FIELDS, *demands.CLIENT_FIELDS}
    known |= {field.key for field in fields_of("deal")}
    for one in sorted(report.get("wants", []), key=lambda one: not one["tells"]):
        if one["stage_id"] not in stage_ids or (
            one["kind"] == "field" and one["what"] not in known
        ):
            continue
        row = there.get((one["kind"], one["what"]))
        places = {pk: n for n, pk in enumerate(stage_ids)}
        yield one | {
            "text": demand_text(one["kind"], one["what"], one["least"]),
            "is_demanded": row is not None
            and places[row.stage_id] <= places[one["stage_id"]]
            and row.least >= one["least"],
        }


def namer() -> Callable[[str], str]:
    """Give what names a person by the id that a report holds."""
    names = {str(one.id): one.name for one in directory()}
    return lambda code: names.get(code) or _("не назван")
