"""K6 and K7: who rang in vain and was lost, and how soon the others talked with us.

Unit: share and working seconds. Source: call_back.due, call_back.closed, call_back.reopened.
A call-back belongs to the day of its first missed call and to who is to ring; what the exchange
withdrew later counts nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from voronka.kpi.conventions import Figure, Row, median, percentile, share_parts
from voronka.kpi.kept_facts import Event
from voronka.kpi.source import Material


@dataclass(frozen=True, slots=True)
class Returned:
    """A call-back of the period with the fact that closed it; None: nobody talked yet."""

    due: Event
    closed: Event | None

    @property
    def due_at(self) -> datetime:
        """Until when it was to be done."""
        return datetime.fromisoformat(self.due.body["due_at"])


def lost(material: Material) -> Figure:
    """Give K6: numbers missed and not talked with by the deadline / all numbers missed.

    A number counts once, lost if any of its call-backs was. Those whose deadline is still
    ahead are left out; parts: `waiting` of them, `never`: lost and to this day not talked with.
    """
    rows: dict[str, Row] = {}
    waiting = never = 0
    for one in _call_backs(material):
        if one.closed is None and one.due_at > material.now:
            waiting += 1
            continue
        is_late = one.closed is None or bool(one.closed.body["is_late"])
        never += one.closed is None
        number = one.due.body["phone"] or one.due.case
        if number not in rows or (is_late and not rows[number].value):
            rows[number] = _row(one, int(is_late))
    part, whole = sum(row.value for row in rows.values()), len(rows)
    parts = share_parts(part, whole) | {"waiting": waiting, "never": never}
    share = part / whole if whole else None
    return Figure("K6", 1, "share", share, whole, tuple(rows.values()), parts)


def figure(material: Material) -> Figure:
    """Give K7: the median working time from the first missed call to the first talk.

    Of those whom we rang; who rang again himself and was answered stands apart (`they`, with
    its own median). Parts: p90, `in_norm`: the share we rang within the norm, those due and
    not rung yet included; `still`: how many these are.
    """
    ours, they, rows, still, in_time = [], [], [], 0, 0
    for one in _call_backs(material):
        if one.closed is None:
            still += one.due_at <= material.now
            continue
        seconds = one.closed.measure
        if one.closed.body["how"] == "they":
            they.append(seconds)
            continue
        ours.append(seconds)
        in_time += not one.closed.body["is_late"]
        rows.append(_row(one, seconds))
    asked = len(ours) + still
    parts = {
        "p90": percentile(ours, 0.9),
        "in_norm": in_time / asked if asked else None,
        "norm": int(material.settings["call_back_minutes"]) * 60,
        "they": len(they),
        "they_median": median(they),
        "still": still,
    }
    return Figure("K7", 1, "seconds", median(ours), len(ours), tuple(rows), parts)


def _call_backs(material: Material) -> Iterator[Returned]:
    """Give the period's call-backs as the latest fact of each says."""
    latest: dict[str, Event] = {}
    told = [*material.later("call_back.closed"), *material.later("call_back.reopened")]
    for event in sorted(told, key=lambda one: one.id):
        latest[event.case] = event
    for due in material.of("call_back.due"):
        last = latest.get(due.case)
        closed = last if last and last.kind == "call_back.closed" else None
        if closed is None or closed.body["how"] != "withdrawn":
            yield Returned(due, closed)


def _row(one: Returned, value: int) -> Row:
    due, how = one.due, one.closed.body["how"] if one.closed else "not_called"
    about = (due.case, due.at, due.owner_id, due.client_id, due.deal_id)
    return Row(*about, value, how, due.body["phone"])
