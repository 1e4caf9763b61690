"""What is known while a year is being made up: plans first, rows and facts from them."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from voronka.config.seeding.axis import WorkAxis
from voronka.config.seeding.catalogue import Catalogue, FunnelPlan, Reason
from voronka.config.seeding.department import Department, Seller
from voronka.config.seeding.ledger import Entry, Ledger
from voronka.foundation.bulk_rows import Ids


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made. `open_days`: after so many working days two of three deals ended."""

    months: int
    clients: int
    old_clients: int
    inquiries: int
    deals: int
    calls: int
    open_days: float
    won_share: float
    slips: int


@dataclass(slots=True)
class Card:
    """A client to be: who it is, whose, and what the deals ask of the card."""

    id: int
    kind: str
    name: str
    legal_name: str
    inn: str
    kpp: str
    city: str
    address: str
    industry: str
    contact: str
    phones: list[str]
    mail: str
    seller: Seller | None = None
    source_id: int | None = None
    created: int = -1
    deals: int = 0
    is_open: bool = False
    is_thin: bool = False
    is_full: bool = False


@dataclass(slots=True)
class Visit:
    """A deal's stay on a stage, in positions; the last one of an open deal lasts till now."""

    attempt: int
    place: int
    start: int
    end: int


@dataclass(slots=True)
class Ending:
    """How an attempt ended; `clarified` when a better reason was named, and which."""

    attempt: int
    start: int
    end: int
    outcome: str
    reason: Reason | None = None
    detail: str = ""
    clarified: int = 0
    better: Reason | None = None


@dataclass(slots=True)
class DealPlan:
    """A deal with its whole course. Positions on the line of working seconds."""

    card: Card
    seller: Seller
    funnel: FunnelPlan
    source_id: int
    odds: float
    title: str
    opened: int
    is_repeat: bool
    id: int = 0
    number: int = 0
    amount: int | None = None
    lines: list[tuple[int, str, int, int, int]] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    is_open: bool = False
    flaw: str = ""
    next_step: int | None = None
    indicators: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Past:
    """A slip that stood some time ago, with the entry that closed it.

    `closed`: when, where that is not the entry's own moment.
    """

    rule: str
    subject: str
    seller_id: int
    since: int
    closing: Entry
    amount: int | None
    stage_id: int | None
    evidence: dict[str, Any]
    client_id: int | None = None
    deal_id: int | None = None
    inquiry_id: int | None = None
    step_id: int | None = None
    closed: int = 0


@dataclass(slots=True)
class World:
    """Everything that the makers share; one random source, so one seed gives one year."""

    rng: Random
    axis: WorkAxis
    ids: Ids
    ledger: Ledger
    size: Size
    department: Department
    catalogue: Catalogue
    began: int
    cards: list[Card] = field(default_factory=list)
    deals: list[DealPlan] = field(default_factory=list)
    past: list[Past] = field(default_factory=list)

    @property
    def batch_id(self) -> int:
        """The batch that every row and fact belongs to."""
        return self.ledger.batch_id

    def is_recent(self, position: int) -> bool:
        """Say whether control already watched then: the last half-year."""
        return position > self.axis.now - 120 * 32_400
