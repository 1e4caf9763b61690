"""Rows of Asterisk's CEL table, translated. The exchange's own record of all it did.

Source: the columns that Asterisk's `cel` gives (eventtype, eventtime, channame, uniqueid,
linkedid, exten, cid_num, extra ...), tried with Asterisk 16 and 22.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from voronka.calls.asterisk.endpoints import Endpoints
from voronka.calls.signals import Signal

CAUSES = {
    1: "unreachable", 3: "unreachable", 18: "unreachable", 20: "unreachable",
    22: "unreachable", 27: "unreachable", 28: "unreachable", 34: "unreachable",
    38: "unreachable", 17: "busy", 21: "rejected", 26: "cancelled",
}  # fmt: skip
"""Of Q.850, as Asterisk uses it; a telephone's own 486 comes as 17."""
WANTED = (
    "CHAN_START", "ANSWER", "BRIDGE_ENTER", "BRIDGE_EXIT", "HANGUP", "LINKEDID_END",
    "APP_START",
)  # fmt: skip
_UNKNOWN = ("", "<unknown>", "anonymous", "unknown", "asterisk", "s")


def signals_of_row(row: Mapping[str, Any], endpoints: Endpoints) -> Iterator[Signal]:
    """Translate one row: `id, eventtype, eventtime, channel, uniqueid, cidnum, exten, app,
    extra`. What tells nothing of legs gives nothing.
    """
    at, order, leg = moment_of(row["eventtime"]), int(row["id"]), row["uniqueid"]
    said = Signal(kind="closed", at=at, order=order, leg=leg)
    role = endpoints.role(row["channel"])
    match row["eventtype"]:
        case "CHAN_START":
            yield _began(row, endpoints, said)
        case "ANSWER":
            yield replace(said, kind="answered")
            # A line outside tells by then which number was reached.
            party = number(row["cidnum"]) if role == "client" else ""
            yield replace(said, kind="number", party=party)
        case "BRIDGE_ENTER" | "BRIDGE_EXIT" as did:
            kind = "joined" if did == "BRIDGE_ENTER" else "left"
            yield replace(said, kind=kind, room=_room(row))
        case "APP_START" if row["app"] == "Dial" and role == "person":
            yield replace(said, kind="number", party=number(row["exten"]), rank=1)
        case "HANGUP":
            cause = CAUSES.get(_whole(_extra(row).get("hangupcause")), "")
            yield replace(said, kind="ended", cause=cause)
        case "LINKEDID_END":
            yield said


def _began(row: Mapping[str, Any], endpoints: Endpoints, said: Signal) -> Signal:
    channel = row["channel"]
    role = endpoints.role(channel)
    own = number(row["cidnum"]) if role == "client" else endpoints.extension(channel)
    dialled = number(row["exten"])
    return replace(said, kind="began", role=role, party=own, name=channel, dialled=dialled)


def _room(row: Mapping[str, Any]) -> str:
    return str(_extra(row).get("bridge_id", ""))


def moment_of(told: Any) -> float:
    """Give seconds since 1970 of what databases hold: epoch, or a date in UTC.

    Raises: ValueError.
    """
    text = str(told)
    try:
        return float(text)
    except ValueError:
        said = datetime.fromisoformat(text)
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()


def number(told: Any) -> str:
    """Give a number as the exchange wrote it; "" for a hidden one."""
    text = str(told or "").strip()
    return "" if text.lower() in _UNKNOWN else text


def _extra(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(row.get("extra") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _whole(told: Any) -> int:
    try:
        return int(told)
    except (TypeError, ValueError):
        return 0
