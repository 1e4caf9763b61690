"""The calls of numbers that matter to who waits: the missed ones, and the talks."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from voronka.calls.adapters import TELL_OF_ROOMS
from voronka.calls.missing import Ring, is_menu_only, is_missed
from voronka.calls.models import Call, CallLeg
from voronka.people import settings

LONGEST_RING = timedelta(hours=1)
_READ = (
    "pk", "phone", "direction", "manager_id", "started_at", "answered_at", "ended_at",
    "is_answered", "outcome", "wait_seconds", "menu_seconds", "talk_seconds", "exchange__kind",
)  # fmt: skip


def rings_of(
    phones: Collection[str], *, since: datetime | None = None
) -> dict[str, list[Ring]]:
    """Give the missed calls of numbers and the talks from then on, in no order; two queries.

    `since`: of those alone that were missed, or answered, from then on.
    """
    rows = Call.objects.filter(phone__in=phones, is_final=True, removed_at=None)
    if since is not None:
        rows = rows.filter(started_at__gte=since - LONGEST_RING)
    known, rung = settings.all_settings(), _rung(rows)
    found: dict[str, list[Ring]] = {phone: [] for phone in phones}
    for cells in rows.values_list(*_READ):
        call = dict(zip(_READ, cells, strict=True))
        ring = _ring(call, known, n_rung=int(call["pk"] in rung))
        if ring and (since is None or ring.at >= since):
            found[call["phone"]].append(ring)
    return found


def _rung(rows: "QuerySet[Call]") -> set[int]:
    """Name the calls for which telephones rang; calls of files have none to tell of."""
    told = rows.filter(exchange__isnull=False)
    legs = CallLeg.objects.filter(call__in=told.order_by().values("pk"))
    return set(legs.values_list("call_id", flat=True).distinct())


def _ring(call: dict[str, Any], known: dict[str, Any], *, n_rung: int) -> Ring | None:
    """Read a call as who waits sees it; None when it neither makes nor ends a wait."""
    pk, wait, talk = call["pk"], call["wait_seconds"], call["talk_seconds"]
    about = (call["direction"], call["manager_id"])
    if talk and talk >= known["talk_seconds"]:
        began = call["answered_at"] or call["started_at"] + timedelta(seconds=wait)
        return Ring(began, pk, True, began + timedelta(seconds=talk), *about)
    if not _was_missed(call, known, n_rung=n_rung):
        return None
    waited = timedelta(seconds=call["menu_seconds"] + wait)
    ended = call["ended_at"] or call["started_at"] + waited
    return Ring(call["started_at"], pk, False, ended, *about)


def _was_missed(call: dict[str, Any], known: dict[str, Any], *, n_rung: int) -> bool:
    return is_missed(
        direction=call["direction"],
        outcome=call["outcome"],
        is_answered=call["is_answered"],
        wait_seconds=call["wait_seconds"],
        is_menu_only=is_menu_only(
            direction=call["direction"],
            outcome=call["outcome"],
            n_rung=n_rung,
            tells_of_legs=call["exchange__kind"] in TELL_OF_ROOMS,
        ),
        short_seconds=known["short_call_seconds"],
        with_menu=known["call_back_in_menu"],
    )
