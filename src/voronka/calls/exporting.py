"""Calls as programs compare them with an exchange's own list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from voronka.calls.models import Call


def exported_calls(
    *, since: datetime | None = None, exchange_id: int | None = None
) -> Iterator[dict[str, Any]]:
    """Give each call with its legs, the oldest first. Moments in ISO 8601 UTC, seconds.

    `answered_by`, `talked`, `rang`: extensions. For commands of the machine's owner only.
    """
    rows = Call.objects.filter(removed_at=None).order_by("started_at", "pk")
    if since is not None:
        rows = rows.filter(started_at__gte=since)
    if exchange_id is not None:
        rows = rows.filter(exchange_id=exchange_id)
    for call in rows.prefetch_related("legs").iterator(chunk_size=1000):
        yield _told(call)


def _told(call: Call) -> dict[str, Any]:
    legs = sorted(call.legs.all(), key=lambda leg: leg.seq)
    talked = sorted(
        (leg for leg in legs if leg.answered_at and leg.outcome == "talked"),
        key=lambda leg: (leg.answered_at, leg.seq),
    )
    before = call.answered_at
    rang = [
        leg.extension
        for leg in legs
        if call.direction == "in" and (before is None or leg.began_at <= before)
    ]
    maker = legs[0].extension if legs and call.direction == "out" else ""
    return {
        "id": call.pk,
        "exchange": call.exchange_id,
        "ref": call.call_ref or call.external_id,
        "direction": call.direction,
        "client": call.phone,
        "line": call.line,
        "outcome": call.outcome,
        "is_answered": call.is_answered,
        "answered_by": maker or (talked[0].extension if talked else ""),
        "talked": list(dict.fromkeys(leg.extension for leg in talked)),
        "rang": list(dict.fromkeys(rang)),
        "started_at": call.started_at.isoformat(),
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "state": call.state,
        "is_final": call.is_final,
        "wait": call.wait_seconds,
        "talk": call.talk_seconds,
        "menu": call.menu_seconds,
        "hold": call.hold_seconds,
        "legs": [
            {
                "extension": leg.extension,
                "outcome": leg.outcome,
                "talk": leg.talk_seconds,
                "hold": leg.hold_seconds,
            }
            for leg in legs
        ],
    }
