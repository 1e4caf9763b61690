"""What exchanges say, in our words: one small statement about one leg of one call.

A leg is one end of the line: the client's, a person's telephone, or what the exchange itself
puts in between. A room is where legs hear each other (a bridge). All exchanges are translated
into these, and one reducer makes calls of them.
"""

from dataclasses import dataclass

KINDS = (
    "began", "rang", "answered", "joined", "left", "held", "resumed", "ended", "number",
    "line", "summary", "recording", "closed", "lost",
)  # fmt: skip
ROLES = ("client", "person", "between")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One statement. `at`: seconds since 1970 in UTC; `order` tells apart what is said of the
    same moment, as the exchange counts.

    began: a leg is there (`role`, `party`: the client's number or the extension; `name`: what
    the exchange calls it; `dialled`: what was called).
    rang | answered | held | resumed | ended (`cause`: busy, rejected, unreachable, cancelled,
    or "").
    joined | left: a leg and a `room`. number: the client's number became known, the lowest
    `rank` counts. line: which of our numbers was called.
    summary: what an exchange says of a whole call that is over, None or "" where it does not.
    recording: `name` says where. closed: no more will come. lost: the exchange broke down.
    """

    kind: str
    at: float
    order: int = 0
    leg: str = ""
    role: str = ""
    party: str = ""
    name: str = ""
    dialled: str = ""
    room: str = ""
    cause: str = ""
    rank: int = 0
    direction: str = ""
    outcome: str = ""
    talk_seconds: float | None = None
    wait_seconds: float | None = None


class UnreadableError(Exception):
    """An event no machine can make full sense of; `code` says why. It stays stored, raw, and
    what was understood of it counts.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def moment(one: Signal) -> tuple[float, int]:
    """Sort key: when it was said, as the exchange counts."""
    return one.at, one.order
