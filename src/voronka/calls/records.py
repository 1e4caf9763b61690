"""A call as the reducer gives it: what happened, before anybody knows whose client it was."""

from dataclasses import dataclass, field

OUTCOMES = ("", "answered", "missed", "busy", "no_answer", "failed", "lost")
LEG_OUTCOMES = ("", "talked", "made", "not_first", "missed", "rejected", "unreachable")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRecord:
    """One person's telephone within a call. Moments: seconds since 1970, None: never.

    `outcome`: talked; made (called out, without an answer); not_first (another one answered);
    missed (rang, nobody answered); rejected (the person declined); unreachable; "" while it
    goes on.
    """

    ref: str
    extension: str
    began_at: float
    answered_at: float | None = None
    ended_at: float | None = None
    outcome: str = ""
    spans: tuple[tuple[float, float], ...] = ()
    held_seconds: float = 0.0
    is_rung: bool = True

    @property
    def talk_seconds(self) -> float:
        """How long this person and the client heard each other."""
        return sum(end - begin for begin, end in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One physical call. Moments: seconds since 1970 in UTC; lengths in seconds.

    `direction`: in, out, internal. `state`: ringing, talking, ended. `outcome`: answered,
    missed (inbound, nobody), busy, no_answer (outbound), failed, lost (the exchange broke
    down), "" while it goes on. `rang`: extensions rung before the first answer; `talked`: in
    their order.
    `wait_seconds`: from the first ring of a person until the first talk or the end;
    `menu_seconds`: before the first person was rung, spent with the exchange itself.
    """

    direction: str
    client: str
    line: str
    started_at: float
    ended_at: float | None
    state: str
    outcome: str
    answered_by: str = ""
    rang: tuple[str, ...] = ()
    talked: tuple[str, ...] = ()
    answered_at: float | None = None
    talk_seconds: float = 0.0
    wait_seconds: float = 0.0
    menu_seconds: float = 0.0
    hold_seconds: float = 0.0
    recordings: tuple[str, ...] = ()
    is_closed: bool = False
    legs: tuple[LegRecord, ...] = field(default=())
