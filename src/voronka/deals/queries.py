"""Reads about deals for screens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, Sum

from voronka.deals.dealing import total_of
from voronka.deals.models import Deal, Funnel, Product, RefusalReason, SavedView, Stage
from voronka.deals.recorded_figures import Recorded, recorded
from voronka.foundation.recent import recent
from voronka.journal.viewer import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage of a funnel in its place."""

    id: int
    name: str
    place: int
    norm_seconds: int | None
    win_permille: int
    win_n: int
    hint: str = ""
    indicator_name: str = ""
    indicator_kind: str = ""
    indicator_unit: str = ""
    indicator_choices: tuple[str, ...] = ()
    origin_id: int | None = None


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal in a list or as a card on the board."""

    id: int
    number: int
    title: str
    client_id: int
    client: str
    amount_kopecks: int | None
    manager_id: int | None
    manager: str
    stage_id: int
    stage: str
    stage_since: datetime
    norm_seconds: int | None
    win_permille: int
    next_step_at: datetime | None
    created_at: datetime
    outcome: str
    closed_at: datetime | None
    version: int
    completeness: int


@dataclass(frozen=True, slots=True)
class Column:
    """A stage on the board: what stands on it in all, and the first page of cards."""

    stage: StageRow
    n: int
    amount_kopecks: int
    cards: list[DealRow]
    has_more: bool

    @property
    def weighted_kopecks(self) -> int:
        """The sum times the stage's chance."""
        return self.amount_kopecks * self.stage.win_permille // 1000


@dataclass(frozen=True, slots=True)
class ListTotals:
    """What the whole filter sums up to."""

    n: int
    amount_kopecks: int
    weighted_kopecks: int
    without_step: int


COLUMNS = (
    "pk", "number", "title", "client_id", "client__name", "amount_kopecks", "manager_id",
    "manager__name", "stage_id", "stage__name", "stage_since", "stage__norm_seconds",
    "stage__win_permille", "next_step_at", "created_at", "outcome", "closed_at", "version",
    "client__completeness",
)  # fmt: skip
_MANAGER = COLUMNS.index("manager__name")


@recent()
def funnels() -> list[tuple[int, str]]:
    """List the active funnels in their order."""
    rows = Funnel.objects.filter(is_active=True).order_by("place", "pk")
    return list(rows.values_list("pk", "name"))


def stages(funnel_id: int) -> list[StageRow]:
    """List the live stages of a funnel in their order."""
    return _live_stages().get(funnel_id, [])


@recent()
def _live_stages() -> dict[int, list[StageRow]]:
    columns = (
        "pk", "name", "place", "norm_seconds", "win_permille", "win_n", "hint",
        "indicator_name", "indicator_kind", "indicator_unit", "indicator_choices", "origin_id",
    )  # fmt: skip
    found: dict[int, list[StageRow]] = {}
    rows = Stage.objects.filter(retired_at=None).order_by("place", "pk")
    for values in rows.values_list("funnel_id", *columns):
        cells: list[Any] = list(values)
        cells[-2] = tuple(cells[-2])
        found.setdefault(cells[0], []).append(StageRow(*cells[1:]))
    return found


def live_stage(stage_id: int) -> tuple[int, StageRow]:
    """Give a live stage with its funnel's id, from what is kept; none of a draft.

    Raises: Stage.DoesNotExist.
    """
    for funnel_id, _name in funnels():
        for row in stages(funnel_id):
            if row.id == stage_id:
                return funnel_id, row
    raise Stage.DoesNotExist


def indicator_name(stage_id: int) -> str:
    """Name what is recorded on a live stage, "" for nothing; no query of its own."""
    rows = (row for stages_ in _live_stages().values() for row in stages_)
    return next((row.indicator_name for row in rows if row.id == stage_id), "")


def board(
    *, viewer: Viewer, funnel_id: int, manager_id: int | None = None, only: str = ""
) -> list[Column]:
    """Give the columns of a funnel: totals of everything, and up to 50 cards each.

    Three queries, however many stages and deals. `only`: "stuck_none" no filter; "no_step"
    keeps deals without a next step. Cards stand by sum, the dearest first.
    """
    columns = stages(funnel_id)
    rows = _open_rows(viewer, funnel_id, manager_id, only)
    totals = {
        stage_id: (n, amount or 0)
        for stage_id, n, amount in rows.values_list("stage_id").annotate(
            n=Count("pk"), amount=Sum("amount_kopecks")
        )
    }
    cards: dict[int, list[DealRow]] = {}
    share = max(6, PAGE // max(1, len(columns)))
    parts = [_cards(rows, stage.id, share + 1) for stage in columns if stage.id in totals]
    if parts:
        tops = Q()
        for part in parts:
            tops |= Q(pk__in=part)
        for values in Deal.objects.filter(tops).values_list(*COLUMNS):
            row = _row(values)
            cards.setdefault(row.stage_id, []).append(row)
    return [
        Column(
            stage,
            *totals.get(stage.id, (0, 0)),
            _by_sum(cards.get(stage.id, []))[:share],
            len(cards.get(stage.id, [])) > share,
        )
        for stage in columns
    ]


def column_page(
    *,
    viewer: Viewer,
    stage_id: int,
    after: tuple[int, int],
    manager_id: int | None = None,
    only: str = "",
) -> list[DealRow]:
    """List the next 50 cards of a stage after (sum or -1, id), and one more if there is."""
    stage = Stage.objects.get(pk=stage_id)
    rows = _open_rows(viewer, stage.funnel_id, manager_id, only).filter(stage_id=stage_id)
    amount, pk = after
    if amount < 0:
        rows = rows.filter(amount_kopecks=None, pk__lt=pk)
    else:
        rows = rows.filter(
            Q(amount_kopecks__lt=amount)
            | Q(amount_kopecks=amount, pk__lt=pk)
            | Q(amount_kopecks=None)
        )
    order = (F("amount_kopecks").desc(nulls_last=True), "-pk")
    return [_row(row) for row in rows.order_by(*order).values_list(*COLUMNS)[: PAGE + 1]]


def deal_list(
    *, viewer: Viewer, conditions: Mapping[str, Any], after: tuple[Any, int] | None = None
) -> list[DealRow]:
    """List deals by the conditions of a view, a page of 50 and one more, one query.

    Conditions: state open/won/lost/all, funnel, stage, manager, q, min_kopecks, no_step,
    closing_until; sort amount/created/stage_since.
    """
    rows = filtered(viewer, conditions)
    sort = conditions.get("sort", "amount")
    if sort == "created":
        rows = rows.order_by("-created_at", "-pk")
        if after:
            rows = rows.filter(
                Q(created_at__lt=after[0]) | Q(created_at=after[0], pk__lt=after[1])
            )
    elif sort == "stage_since":
        rows = rows.order_by("stage_since", "pk")
        if after:
            rows = rows.filter(
                Q(stage_since__gt=after[0]) | Q(stage_since=after[0], pk__gt=after[1])
            )
    else:
        rows = rows.order_by(F("amount_kopecks").desc(nulls_last=True), "-pk")
        if after and after[0] is None:
            rows = rows.filter(amount_kopecks=None, pk__lt=after[1])
        elif after:
            lower = Q(amount_kopecks__lt=after[0]) | Q(amount_kopecks=None)
            rows = rows.filter(lower | Q(amount_kopecks=after[0], pk__lt=after[1]))
    return [_row(row) for row in rows.values_list(*COLUMNS)[: PAGE + 1]]


def filtered_ids(*, viewer: Viewer, conditions: Mapping[str, Any], most: int) -> list[int]:
    """Give the ids of all that fit, the dearest first, but at most `most` and one."""
    rows = filtered(viewer, conditions).order_by(F("amount_kopecks").desc(nulls_last=True))
    return list(rows.values_list("pk", flat=True)[: most + 1])


def list_totals(*, viewer: Viewer, conditions: Mapping[str, Any]) -> ListTotals:
    """Sum up everything that fits the conditions, one query."""
    total = filtered(viewer, conditions).aggregate(
        n=Count("pk"),
        amount=Sum("amount_kopecks"),
        weighted=Sum(F("amount_kopecks") * F("stage__win_permille") / 1000),
        bare=Count("pk", filter=Q(next_step_at=None, outcome="")),
    )
    return ListTotals(
        total["n"], total["amount"] or 0, int(total["weighted"] or 0), total["bare"]
    )


def filtered(viewer: Viewer, conditions: Mapping[str, Any]) -> Any:
    """Narrow the visible deals by conditions; those that are not known are ignored."""
    rows = Deal.objects.visible_to(viewer)
    state = conditions.get("state", "open")
    if state != "all":
        rows = rows.filter(outcome="" if state == "open" else state)
    exact = {"funnel": "funnel_id", "stage": "stage_id", "manager": "manager_id"}
    for name, column in exact.items():
        if conditions.get(name):
            rows = rows.filter(**{column: int(conditions[name])})
    if conditions.get("min_kopecks"):
        rows = rows.filter(amount_kopecks__gte=int(conditions["min_kopecks"]))
    if conditions.get("no_step"):
        rows = rows.filter(next_step_at=None)
    if query := str(conditions.get("q", "")).strip():
        fits = Q(title__icontains=query) | Q(client__search__contains=query.casefold())
        rows = rows.filter(fits | Q(number=int(query)) if query.isdecimal() else fits)
    return rows


@dataclass(frozen=True, slots=True)
class LineRow:
    """A product line with its sum."""

    name: str
    price_kopecks: int
    quantity_milli: int
    discount_hundredths: int
    vat_percent: int
    total_kopecks: int


@dataclass(frozen=True, slots=True)
class DealCard:
    """All of a deal's card."""

    row: DealRow
    funnel_id: int
    source: str
    expected_close_on: date | None
    attempt: int
    attempt_since: datetime
    refusal: str
    refusal_detail: str
    note: str
    external_id: str
    custom: dict[str, Any]
    recorded: dict[int, Recorded]
    lines: list[LineRow]


def deal(*, viewer: Viewer, deal_id: int) -> DealCard:
    """Give a deal's card, two queries. Raises: Deal.DoesNotExist when it is not visible."""
    found = (
        Deal.objects.visible_to(viewer)
        .select_related("client", "stage", "manager", "source", "refusal_reason__group")
        .get(pk=deal_id)
    )
    reason = found.refusal_reason
    group = f"{reason.group.name} → " if reason and reason.group else ""
    return DealCard(
        row=_row(tuple(_reach(found, column) for column in COLUMNS)),
        funnel_id=found.funnel_id,
        source=found.source.name if found.source else "",
        expected_close_on=found.expected_close_on,
        attempt=found.attempt,
        attempt_since=found.attempt_since,
        refusal=group + reason.name if reason else "",
        refusal_detail=found.refusal_detail,
        note=found.note,
        external_id=found.external_id,
        custom=found.custom,
        recorded=recorded(found.indicators),
        lines=[
            LineRow(
                line.name,
                line.price_kopecks,
                line.quantity_milli,
                line.discount_hundredths,
                line.vat_percent,
                total_of(line),
            )
            for line in found.lines.order_by("pk")
        ],
    )


def deals_of_client(*, viewer: Viewer, client_id: int) -> list[DealRow]:
    """List a client's deals that the viewer may see, open ones first, one query."""
    rows = Deal.objects.visible_to(viewer).filter(client_id=client_id)
    return [_row(row) for row in rows.order_by("outcome", "-created_at").values_list(*COLUMNS)]


def find_deals(*, viewer: Viewer, query: str, client_ids: list[int]) -> list[DealRow]:
    """List up to 8 deals by number, or of the clients found, the newest first, one query."""
    fits = Q(client_id__in=client_ids)
    digits = query.strip().lstrip("№# ")
    if digits.isdecimal() and len(digits) < 10:
        fits |= Q(number=int(digits))
    rows = Deal.objects.visible_to(viewer).filter(fits).order_by("outcome", "-pk")
    return [_row(row) for row in rows.values_list(*COLUMNS)[:8]]


def has_deals() -> bool:
    """Say whether any deal stands in the base, whoever asks."""
    return Deal.objects.live().exists()


def open_count(*, viewer: Viewer) -> int:
    """Count the open deals within reach."""
    return Deal.objects.visible_to(viewer).filter(outcome="").count()


def refusal_reasons() -> list[tuple[str, list[tuple[int, str]]]]:
    """List the reasons of refusal in use, grouped, in their order, one query."""
    rows = RefusalReason.objects.filter(retired_at=None, group__isnull=False)
    grouped: dict[str, list[tuple[int, str]]] = {}
    order = ("group__place", "group_id", "place", "pk")
    for pk, name, group in rows.order_by(*order).values_list("pk", "name", "group__name"):
        grouped.setdefault(group or "", []).append((pk, name))
    return list(grouped.items())


def products() -> list[tuple[int, str, int]]:
    """List the products in use: id, name, price in kopecks."""
    rows = Product.objects.filter(is_active=True).order_by("name")
    return list(rows.values_list("pk", "name", "price_kopecks"))


def saved_views(*, person_id: int) -> list[tuple[int, str, dict[str, Any], bool]]:
    """List a person's own views and the shared ones: id, name, conditions, is own."""
    return [
        (pk, name, conditions, owner == person_id)
        for pk, name, conditions, owner, is_shared in _all_views()
        if is_shared or owner == person_id
    ]


@recent()
def _all_views() -> list[tuple[int, str, dict[str, Any], int, bool]]:
    columns = ("pk", "name", "conditions", "owner_id", "is_shared")
    return list(SavedView.objects.order_by("pk").values_list(*columns))


def _open_rows(viewer: Viewer, funnel_id: int, manager_id: int | None, only: str) -> Any:
    rows = Deal.objects.visible_to(viewer).filter(outcome="", funnel_id=funnel_id)
    if manager_id is not None:
        rows = rows.filter(manager_id=manager_id)
    return rows.filter(next_step_at=None) if only == "no_step" else rows


def _cards(rows: Any, stage_id: int, n: int) -> Any:
    order = (F("amount_kopecks").desc(nulls_last=True), "-pk")
    return rows.filter(stage_id=stage_id).order_by(*order).values("pk")[:n]


def _by_sum(cards: list[DealRow]) -> list[DealRow]:
    def place(card: DealRow) -> tuple[bool, int, int]:
        return (card.amount_kopecks is None, -(card.amount_kopecks or 0), -card.id)

    return sorted(cards, key=place)


def _row(values: tuple[Any, ...]) -> DealRow:
    cells: list[Any] = list(values)
    cells[_MANAGER] = cells[_MANAGER] or ""
    return DealRow(*cells)


def _reach(found: Deal, column: str) -> Any:
    value: Any = found
    for name in column.split("__"):
        value = getattr(value, name) if value is not None else None
    return value


def norm_of(stage_id: int) -> int | None:
    """Give a stage's norm in working seconds."""
    return Stage.objects.values_list("norm_seconds", flat=True).get(pk=stage_id)


def deals_among(*, viewer: Viewer, ids: Sequence[int]) -> list[DealRow]:
    """Give the deals among `ids` that the viewer may see, in that order; one query."""
    rows = Deal.objects.visible_to(viewer).filter(pk__in=ids).values_list(*COLUMNS)
    known = {row[0]: _row(row) for row in rows}
    return [known[pk] for pk in ids if pk in known]


def origin_of(stage_id: int) -> int | None:
    """Give the stage in force that a stage is or will change; None: there is none yet."""
    stage = Stage.objects.select_related("funnel").get(pk=stage_id)
    return stage.origin_id if stage.funnel.draft_of_id else stage.pk


def stages_beside(stage_id: int) -> list[StageRow]:
    """List the stages of the funnel a stage belongs to. Raises: Stage.DoesNotExist."""
    return stages(Stage.objects.get(pk=stage_id).funnel_id)


def all_stages() -> list[tuple[str, list[tuple[int, str]]]]:
    """List the live stages of every active funnel: funnel name, (id, name) in order."""
    return [
        (name, [(stage.id, stage.name) for stage in stages(pk)])
        for pk, name in funnels()
        if stages(pk)
    ]


def deal_titles(*, viewer: Viewer, ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Give number and title of the deals among `ids` that the viewer may see, one query."""
    rows = Deal.objects.visible_to(viewer).filter(pk__in=list(ids))
    return {
        pk: (number, title) for pk, number, title in rows.values_list("pk", "number", "title")
    }
