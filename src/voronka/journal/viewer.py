"""Who is asking: one person's reach, worked out once per request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Verb = Literal["read", "change"]
# None: everybody's rows; a set: the rows of these people only; an empty set: nothing.
Reach = frozenset[int] | None
NOTHING: Reach = frozenset()


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person with what they may read and change; what is not granted is refused.

    `person_id` is 0 for the system itself (jobs, imports at the command line).
    """

    person_id: int
    role: str
    read: Mapping[str, Reach]
    change: Mapping[str, Reach]

    def reach(self, object_kind: str, verb: Verb) -> Reach:
        """Give whose rows of `object_kind` this person may read or change."""
        return (self.read if verb == "read" else self.change).get(object_kind, NOTHING)

    def may(self, object_kind: str, verb: Verb) -> bool:
        """Say whether any row at all of that kind is within reach."""
        return self.reach(object_kind, verb) != NOTHING

    @property
    def by_id(self) -> int | None:
        """The author's id for a journal entry; None when the system acts."""
        return self.person_id or None
