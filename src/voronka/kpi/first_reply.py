"""K3 and K4: whom we answered at all, and how long people wait for our first reply.

Unit: share and working seconds. Source: inquiry.registered, inquiry.assigned,
inquiry.answered, inquiry.classified. Whoever is still unanswered counts as having waited until
now, by both clocks: silence must never make the figure look better.
"""

from collections.abc import Iterator

from voronka.kpi.conventions import Figure, Row, median, percentile, share_parts
from voronka.kpi.kept_facts import Event
from voronka.kpi.source import Material
from voronka.people.calendars import calendar_of_person

PARTS = ("assign", "notify", "react")


def replied(material: Material) -> Figure:
    """Give K3: the share answered by a human, of those that were to be answered by now.

    Due is what was answered, and what waits longer than the norm. Spam and duplicates are left
    out (C10); so is the past loaded without replies.
    """
    norm = _norm(material)
    rows = []
    for event, reply in _asked(material):
        if reply is None and _waited(material, event) <= norm:
            continue
        label = "" if reply else "unanswered"
        rows.append(_row(event, reply, int(reply is not None), label))
    part, whole = sum(row.value for row in rows), len(rows)
    share = part / whole if whole else None
    return Figure("K3", 1, "share", share, whole, tuple(rows), share_parts(part, whole))


def figure(material: Material) -> Figure:
    """Give K4: the median wait by the company's clock, from arrival to the first human reply.

    Parts: p90, median of the person's clock from the latest assignment, medians of what the
    wait is made of (`assign`, `notify`, `react`, of those that were measured), share within
    the norm, unanswered. Spam and duplicates are left out (C10); so is the past loaded
    without replies (`unknown`).
    """
    given = {event.case: event for event in material.later("inquiry.assigned")}
    rows, own, unanswered = [], [], 0
    made_of: dict[str, list[int]] = {name: [] for name in PARTS}
    for event, reply in _asked(material):
        if reply is None:
            unanswered += 1
            rows.append(_row(event, None, _waited(material, event), "unanswered"))
            if last := given.get(event.case):
                theirs = calendar_of_person(last.body["to_id"])
                own.append(int(theirs.between(last.at, material.now).total_seconds()))
            continue
        rows.append(_row(event, reply, reply.measure, ""))
        own.append(reply.body["person_seconds"])
        for name, seconds in made_of.items():
            measured = reply.body.get(f"{name}_seconds")
            if measured is not None:
                seconds.append(measured)
    waits, norm = [row.value for row in rows], _norm(material)
    parts = {
        "p90": percentile(waits, 0.9),
        "person": median(own),
        "in_norm": sum(wait <= norm for wait in waits) / len(waits) if waits else None,
        "norm": norm,
        "unanswered": unanswered,
        "unknown": len(list(_asked(material, is_known=False))),
    } | {name: median(seconds) for name, seconds in made_of.items()}
    return Figure("K4", 2, "seconds", median(waits), len(waits), tuple(rows), parts)


def _asked(
    material: Material, *, is_known: bool = True
) -> Iterator[tuple[Event, Event | None]]:
    """Give the period's inquiries that count with their first reply, None for none so far.

    With `is_known` False instead those of the past of which no reply is known.
    """
    dropped = {
        event.case
        for event in material.later("inquiry.classified")
        if event.body["state"] in ("spam", "duplicate")
    }
    replies = {event.case: event for event in reversed(material.later("inquiry.answered"))}
    for event in material.of("inquiry.registered"):
        reply = replies.get(event.case)
        knows = reply is not None or event.body.get("is_reply_known", True)
        if event.case not in dropped and knows == is_known:
            yield event, reply


def _waited(material: Material, since: Event) -> int:
    return int(material.calendar.between(since.at, material.now).total_seconds())


def _norm(material: Material) -> int:
    return int(material.settings["answer_norm_minutes"]) * 60


def _row(event: Event, reply: Event | None, value: int, label: str) -> Row:
    owner_id = reply.owner_id if reply else event.owner_id
    return Row(event.case, event.at, owner_id, event.client_id, event.deal_id, value, label)
