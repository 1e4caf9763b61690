"""Events of Asterisk's manager interface, translated: what happens now.

They are hints. A call is final when the exchange's own record (CEL) tells of it; without one,
when every leg has ended.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from voronka.calls.asterisk.cel import CAUSES, number
from voronka.calls.asterisk.endpoints import Endpoints
from voronka.calls.signals import Signal

WANTED = (
    "Newchannel", "Newstate", "NewCallerid", "BridgeEnter", "BridgeLeave", "Hangup",
    "DialBegin", "Hold", "Unhold",
)  # fmt: skip
_DID = {"BridgeEnter": "joined", "BridgeLeave": "left", "Hold": "held", "Unhold": "resumed"}
_STATES = {"Up": "answered", "Ringing": "rang"}


def signals_of_event(
    event: Mapping[str, str], endpoints: Endpoints, at: float, order: int
) -> Iterator[Signal]:
    """Translate one event that came at `at`. Of strangers' events nothing is given."""
    kind, channel = event.get("Event", ""), event.get("Channel", "")
    said = Signal(kind="began", at=at, order=order, leg=event.get("Uniqueid", ""))
    if kind == "Newchannel":
        yield _began(event, endpoints, said)
    elif kind in _DID:
        yield replace(said, kind=_DID[kind], room=event.get("BridgeUniqueid", ""))
    elif kind == "Newstate" and event.get("ChannelStateDesc") in _STATES:
        yield replace(said, kind=_STATES[event["ChannelStateDesc"]])
    elif kind == "NewCallerid" and endpoints.role(channel) == "client":
        yield replace(said, kind="number", party=number(event.get("CallerIDNum")))
    elif kind == "DialBegin" and endpoints.role(event.get("DestChannel", "")) == "client":
        called, leg = number(event.get("DestCallerIDNum")), event.get("DestUniqueid", "")
        yield replace(said, kind="number", leg=leg, party=called, rank=1)
    elif kind == "Hangup":
        cause = event.get("Cause", "")
        told = CAUSES.get(int(cause), "") if cause.isdigit() else ""
        yield replace(said, kind="ended", cause=told)


def _began(event: Mapping[str, str], endpoints: Endpoints, said: Signal) -> Signal:
    channel = event.get("Channel", "")
    role = endpoints.role(channel)
    own = number(event.get("CallerIDNum")) if role == "client" else endpoints.extension(channel)
    dialled = number(event.get("Exten"))
    return replace(said, role=role, party=own, name=channel, dialled=dialled)
