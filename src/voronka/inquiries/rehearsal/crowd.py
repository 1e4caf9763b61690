"""Everybody who could be given an inquiry, as they were at a past moment."""

from collections import Counter
from collections.abc import Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from voronka.inquiries.rehearsal.past import Past
from voronka.inquiries.sellers import Moment, candidate
from voronka.people import settings
from voronka.people.duties import USUAL, DutyRow, duties
from voronka.people.queries import Seller, directory
from voronka.routing.barring import Candidate


class Crowd:
    """People of a past time: who was with the firm, their hours, limits, pauses, absences.

    As far as the journal and the cards know it; skills and teams are those of now.
    """

    def __init__(self, past: Past) -> None:
        self._past = past
        self._people = directory()
        self._duties = duties()
        self._cap: int | None = settings.all_settings()["routing_cap"] or None

    def moment(self, at: datetime) -> Moment:
        """Give what is the same for everybody at a moment, before any load."""
        return Moment(at, self._past.calendar.day_of(at), Counter(), Counter(), self._cap)

    def seen(
        self, wanted: Set[int], moment: Moment, taken: Counter[int], work: Counter[int]
    ) -> list[Candidate]:
        """Give those people with what each has on; no query."""
        now = replace(moment, taken=taken, work=work)
        return [self._seen(one, now) for one in self._people if one.id in wanted]

    def _seen(self, one: Seller, now: Moment) -> Candidate:
        found = candidate(one, self._duty(one.id, now.at), now)
        is_active = self._is_there(one, now.at)
        return found if found.is_active == is_active else replace(found, is_active=is_active)

    def _is_there(self, one: Seller, at: datetime) -> bool:
        came = one.hired_on is None or one.hired_on <= self._past.calendar.day_of(at)
        # Gone, and nobody wrote down when: not there at all.
        return came and (
            one.is_active or (one.dismissed_at is not None and at < one.dismissed_at)
        )

    def _duty(self, person_id: int, at: datetime) -> DutyRow:
        duty, changes = self._duties.get(person_id, USUAL), self._past.changes
        if person_id in changes.duties:
            was = next((told for when, told in changes.duties[person_id] if when > at), None)
            duty = _with(duty, was) if was is not None else duty
        is_paused = duty.paused_at is not None and duty.paused_at <= at
        for when, is_set in changes.pauses.get(person_id, ()):
            if when > at:
                break
            is_paused = is_set
        paused_at = at if is_paused else None
        return duty if paused_at == duty.paused_at else replace(duty, paused_at=paused_at)


def _with(duty: DutyRow, told: dict[str, Any]) -> DutyRow:
    week = tuple((one[0], one[1]) if one else None for one in told["week"])
    return replace(
        duty,
        week=week,
        cap=told["cap"],
        weight_percent=told["weight_percent"],
        most_open=told["most_open"],
    )
