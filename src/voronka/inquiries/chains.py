"""Reads about chains: why an inquiry is with whom, who would be next, who let how many pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from voronka.inquiries.choosing import still_next
from voronka.inquiries.models import LetPass, Routing
from voronka.inquiries.queries import InquiryRow
from voronka.inquiries.routed import RoutedRow, routed_row
from voronka.journal.viewer import Viewer
from voronka.people import settings
from voronka.people.queries import directory


@dataclass(frozen=True, slots=True)
class Next:
    """To whom an inquiry goes when it is not accepted in time. `how`: "person", "anew" (a new
    decision will tell) or "up" (a lead or head).
    """

    how: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Why an inquiry is with whom: the latest decision, None where nobody decided."""

    routed: RoutedRow | None = None

    @property
    def passed(self) -> list[int]:
        """List who had let it pass by then: each move on names them."""
        barred = self.routed.barred if self.routed else []
        return [one[0] for one in barred if one[1] == "passed"]


@dataclass(frozen=True, slots=True)
class LetPassRow:
    """How many inquiries a person let pass; `latest`: their ids and numbers, newest first."""

    person_id: int
    n: int
    latest: list[tuple[int, int]]


def chains_of(rows: Iterable[InquiryRow]) -> dict[int, Chain]:
    """Give the chain of each of these inquiries by its id, one query."""
    ids = [row.id for row in rows]
    made = Routing.objects.filter(inquiry_id__in=ids).order_by("pk") if ids else []
    known = {one.inquiry_id: Chain(routed_row(one)) for one in made}
    return {pk: known.get(pk) or Chain() for pk in ids}


def next_of(row: InquiryRow, chain: Chain) -> Next:
    """Tell who would be next for an inquiry, as far as the decision that stands tells."""
    known = settings.all_settings()
    people = {one.id: one for one in directory()}
    holder = people.get(row.manager_id or 0)
    is_lead = holder is None or holder.role != "manager"
    if is_lead or not known["routing_on"] or len(chain.passed) >= known["accept_hops"]:
        return Next("up")
    without = frozenset([*chain.passed, row.manager_id or 0])
    free = {one.id for one in people.values() if one.is_active and one.role == "manager"}
    left = still_next(chain.routed.scored if chain.routed else [], without, free)
    return Next("person", left[0]["person"]) if left else Next("anew")


def let_pass_since(*, viewer: Viewer, since: datetime, shown: int = 5) -> list[LetPassRow]:
    """List the people within reach who let inquiries pass since a moment; one query.

    Who let most pass stands first. An inquiry counts once for a person.
    """
    rows = LetPass.objects.filter(at__gte=since, inquiry__removed_at=None).order_by("-pk")
    reach = viewer.reach("inquiry", "read")
    if reach is not None:
        rows = rows.filter(person_id__in=reach)
    held: dict[int, dict[int, int]] = {}
    for person_id, pk, number in rows.values_list("person_id", "inquiry_id", "inquiry__number"):
        held.setdefault(person_id, {})[pk] = number
    found = [LetPassRow(pk, len(own), list(own.items())[:shown]) for pk, own in held.items()]
    return sorted(found, key=lambda row: (-row.n, row.person_id))
