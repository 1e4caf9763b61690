"""When a whole call is told to be over, every telephone of it is."""

from collections.abc import Sequence

from voronka.calls.signals import Signal


def wound_up(signals: Sequence[Signal]) -> list[Signal]:
    """Add the end of each leg of which an exchange says none, once the call is closed."""
    closed = [one.at for one in signals if one.kind == "closed"]
    if not closed:
        return list(signals)
    ended = {one.leg for one in signals if one.kind == "ended"}
    legs = dict.fromkeys(one.leg for one in signals if one.kind == "began")
    last = max(closed)
    added = [
        Signal(kind="ended", at=last, order=9, leg=leg) for leg in legs if leg not in ended
    ]
    return [*signals, *added]
