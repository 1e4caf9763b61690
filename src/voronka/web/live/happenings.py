"""What happened within reach of who listens: pages that show it draw themselves anew.

Unlike a notice it is written for nobody: the journal says it anyway.
"""

from collections.abc import Mapping

from voronka.journal.queries import last_fact_id, later_facts
from voronka.journal.viewer import Viewer

TOLD = {
    "slip.opened": "slips",
    "slip.closed": "slips",
    "slip.escalated": "slips",
    "inquiry.registered": "inquiries",
    "inquiry.assigned": "inquiries",
    "inquiry.passed_on": "inquiries",
    "inquiry.answered": "inquiries",
    "inquiry.classified": "inquiries",
    "step.set": "tasks",
    "step.moved": "tasks",
    "step.done": "tasks",
    "step.cancelled": "tasks",
    "call_back.due": "call_backs",
    "call_back.closed": "call_backs",
    "call_back.reopened": "call_backs",
}
ABOUT = {"slips": "slip", "inquiries": "inquiry", "tasks": "step", "call_backs": "call"}
AT_ONCE, LATE = 2000, 200


class Happenings:
    """Reads on in the journal from look to look."""

    def __init__(self) -> None:
        self._last = self._from = last_fact_id()
        self._passed: set[int] = set()

    def fresh(self, viewers: Mapping[int, Viewer]) -> list[tuple[int, str]]:
        """Give who is to hear of what, each once a look; one query.

        A fact numbered earlier may be committed later, hence the look at a few that are past
        already. After a flood (a load, the watch's first look) all hear of everything.
        """
        rows = later_facts(max(self._from, self._last - LATE), limit=AT_ONCE + LATE)
        if len(rows) == AT_ONCE + LATE:
            self._last = self._from = last_fact_id()
            return [(person_id, event) for person_id in viewers for event in ABOUT]
        news = [row for row in rows if row[0] not in self._passed]
        self._last = max([self._last, *(row[0] for row in news)])
        self._passed |= {row[0] for row in news}
        self._passed = {one for one in self._passed if one > self._last - LATE}
        said = {(TOLD[kind], owner_id) for _, kind, owner_id in news if kind in TOLD}
        heard = {
            (person_id, event)
            for person_id, by in viewers.items()
            for event, owner_id in said
            if _is_within(by, event, owner_id)
        }
        return sorted(heard)


def _is_within(by: Viewer, event: str, owner_id: int | None) -> bool:
    reach = by.reach(ABOUT[event], "read")
    # What nobody took yet, all sellers see; nobody's slips belong to the head.
    is_open_to_all = owner_id is None and event == "inquiries" and bool(reach)
    return reach is None or is_open_to_all or owner_id in reach
