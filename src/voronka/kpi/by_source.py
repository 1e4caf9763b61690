"""Where inquiries and money come from: source and campaign, by the first or the last touch.

Sums to K1, K2 and K13 of the same period: each of their rows stands at exactly one origin.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from voronka.deals.models import Deal
from voronka.inquiries.touches import Origin, Touched, touched_deals, touches_by_id
from voronka.journal.viewer import Viewer
from voronka.kpi import inquiries_arrived, targeted, won_money
from voronka.kpi.conventions import Row, total
from voronka.kpi.source import Material

FIRST, LAST = "first", "last"
WHATS = ("inquiries", "targeted", "deals", "won")


@dataclass(slots=True)
class Line:
    """One origin with the rows behind each of its numbers. `won` holds sums in kopecks, those
    of reopened deals below zero. `other_won_kopecks`: the money by the other touch.
    """

    origin: Origin
    inquiries: list[Row] = field(default_factory=list)
    targeted: list[Row] = field(default_factory=list)
    deals: list[Row] = field(default_factory=list)
    won: list[Row] = field(default_factory=list)
    other_won_kopecks: int = 0

    @property
    def wins(self) -> int:
        """How many deals were won."""
        return sum(row.label == "deal.won" for row in self.won)

    @property
    def won_kopecks(self) -> int:
        """Money won, less what was taken back."""
        return total(self.won)

    def rows(self, what: str) -> list[Row]:
        """Give the rows behind a number: "inquiries", "targeted", "deals" or "won"."""
        return {
            "inquiries": self.inquiries,
            "targeted": self.targeted,
            "deals": self.deals,
            "won": self.won,
        }[what]


def by_source(material: Material, *, viewer: Viewer, touch: str = FIRST) -> list[Line]:
    """List the origins, the most money first; five queries.

    Inquiries stand at their own origin; deals and money at that of the client's first touch,
    or of the last one before the deal. A deal without any inquiry stands at its own source.
    """
    lines: dict[Origin, Line] = {}
    for what in WHATS[:2]:
        for row, origin in _inquiries(material, what):
            lines.setdefault(origin, Line(origin)).rows(what).append(row)
    opened, won = _opened(material, viewer), won_money.figure(material).rows
    deals = touched_deals({row.deal_id or 0 for row in (*won, *opened)})
    other = LAST if touch == FIRST else FIRST
    for what, rows in (("deals", opened), ("won", won)):
        for row in rows:
            origin = _origin(deals, row, touch)
            lines.setdefault(origin, Line(origin)).rows(what).append(row)
    for row in won:
        origin = _origin(deals, row, other)
        lines.setdefault(origin, Line(origin)).other_won_kopecks += row.value
    return sorted(
        lines.values(), key=lambda one: (-one.won_kopecks, -len(one.inquiries), one.origin)
    )


def rows_of(
    material: Material, *, viewer: Viewer, what: str, origin: Origin, touch: str = FIRST
) -> list[Row]:
    """List the rows behind one number of one origin; at most three queries."""
    if what in WHATS[:2]:
        return [row for row, there in _inquiries(material, what) if there == origin]
    rows = _opened(material, viewer) if what == "deals" else won_money.figure(material).rows
    deals = touched_deals({row.deal_id or 0 for row in rows})
    return [row for row in rows if _origin(deals, row, touch) == origin]


def _inquiries(material: Material, what: str) -> Iterator[tuple[Row, Origin]]:
    """The rows of K1, or the targeted ones of K2, with where each came from."""
    rows: Iterable[Row] = inquiries_arrived.figure(material).rows
    if what == "targeted":
        rows = [row for row in targeted.figure(material).rows if row.value]
    met = touches_by_id(_id(row) for row in rows)
    for row in rows:
        touch = met.get(_id(row))
        yield row, touch.origin if touch else Origin()


def _origin(deals: Mapping[int, Touched], row: Row, touch: str) -> Origin:
    deal = deals.get(row.deal_id or 0)
    if deal is None:
        return Origin()
    return deal.first if touch == FIRST else deal.last


def _opened(material: Material, viewer: Viewer) -> list[Row]:
    """The deals opened in the period; one query."""
    period = material.period
    end = min(period.end, material.now)
    rows = Deal.objects.visible_to(viewer).filter(
        created_at__gte=period.start, created_at__lt=end
    )
    columns = ("pk", "created_at", "manager_id", "client_id")
    return [
        Row(f"deal:{pk}", at, owner_id, client_id, pk, 1)
        for pk, at, owner_id, client_id in rows.order_by("created_at", "pk").values_list(
            *columns
        )
    ]


def _id(row: Row) -> int:
    return int(row.case.partition(":")[2])
