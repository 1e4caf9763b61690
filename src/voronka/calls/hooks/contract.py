"""What an adapter does at the door: prove the sender, name what came, say what to answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from voronka.calls.hooks.request import Hook


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDoor:
    """An exchange as the door knows it. `secret` is open here and goes nowhere."""

    id: int
    kind: str
    path_key: str
    secret: str
    zone: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What becomes of a request that is genuine.

    `key`: its own name, told once; "" takes the fingerprint of what was sent. `ref`: the call
    it speaks of, where that is plain. `keeps`: it is an event and is stored. `said`: the JSON
    answer, with `status`; `text`: a plain one in its place. `look`: something has to be read
    first: called in a thread of its own, it gives what really becomes of it; those of one
    `turn` are looked at and stored one after another.
    """

    key: str = ""
    ref: str = ""
    keeps: bool = True
    status: int = 200
    said: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    look: "Callable[[], Taken] | None" = None
    turn: str = ""


Door = Callable[[AtDoor, Hook], Taken]


class ForgedError(Exception):
    """Not from whom it claims to be: nothing is stored. `status`: 401 shown nothing, 403 wrong.

    `said`: the answer where the sender wants one in its own form.
    """

    def __init__(self, status: int, said: Mapping[str, Any] | None = None) -> None:
        super().__init__(status)
        self.status, self.said = status, said or {}


def is_same(shown: str, secret: str) -> bool:
    """Compare in constant time; an empty secret is never met."""
    return bool(secret) and compare_digest(shown.encode("utf-8"), secret.encode("utf-8"))
