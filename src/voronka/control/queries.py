"""Reads about slips for screens. One deal counts once in every total, by its dearest slip."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Q, Sum, Value
from django.db.models.functions import Coalesce

from voronka.calls.conditions import not_returned
from voronka.control.models import Slip
from voronka.control.rules import RULES
from voronka.deals.models import Deal
from voronka.inquiries.models import Inquiry, Received
from voronka.journal.viewer import Reach, Viewer


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A loss with a price, a person, an age and its evidence."""

    id: int
    rule: str
    version: int
    money_kopecks: int
    since: datetime
    opened_at: datetime
    evidence: dict[str, Any]
    manager_id: int | None
    manager: str
    deal_id: int | None
    deal_number: int | None
    deal_title: str
    client_id: int | None
    client: str
    inquiry_id: int | None
    step_id: int | None
    closed_at: datetime | None
    how: str
    closing: dict[str, Any]
    check_on: Any
    subject: str
    escalated_at: datetime | None
    escalated_to: str
    raised_at: datetime | None

    @property
    def group(self) -> str:
        """The group of kinds that the slip belongs to."""
        return RULES[self.rule].group


@dataclass(frozen=True, slots=True)
class KindTotal:
    """The open slips of one kind."""

    rule: str
    group: str
    n: int
    money_kopecks: int


@dataclass(frozen=True, slots=True)
class RiskTotal:
    """Money at risk now, each deal counted once; how many slips in how many deals."""

    money_kopecks: int
    slips: int
    deals: int


COLUMNS = (
    "pk", "rule", "version", "money_kopecks", "since", "opened_at", "evidence", "manager_id",
    "manager__name", "deal_id", "deal__number", "deal__title", "client_id", "client__name",
    "inquiry_id", "step_id", "closed_at", "how", "closing", "check_on", "subject",
    "escalated_at", "escalated_to__name", "raised_at",
)  # fmt: skip
_NAMES = ("manager__name", "deal__title", "client__name", "escalated_to__name")
_TEXTS = {COLUMNS.index(name) for name in _NAMES}


def open_slips(
    *,
    viewer: Viewer,
    rules: tuple[str, ...] = (),
    manager_id: int | None = None,
    manager_ids: frozenset[int] | None = None,
    limit: int | None = None,
    after: tuple[int, int] | None = None,
    escalated_to_id: int | None = None,
    only_escalated: bool = False,
) -> list[SlipRow]:
    """List open slips by money, the dearest first, one query. `after`: (money, id).

    `escalated_to_id`: only those passed up to that person; `only_escalated`: to anybody.
    """
    rows = _narrowed(viewer, rules, manager_id)
    if only_escalated:
        rows = rows.filter(escalated_to__isnull=False)
    if escalated_to_id is not None:
        rows = rows.filter(escalated_to_id=escalated_to_id)
    if manager_ids is not None:
        rows = rows.filter(manager_id__in=manager_ids)
    if after is not None:
        rows = rows.filter(
            Q(money_kopecks__lt=after[0]) | Q(money_kopecks=after[0], pk__lt=after[1])
        )
    return [
        _row(row)
        for row in rows.order_by("-money_kopecks", "-pk").values_list(*COLUMNS)[:limit]
    ]


def slip(*, viewer: Viewer, slip_id: int) -> SlipRow:
    """Give one slip. Raises: Slip.DoesNotExist."""
    return _row(Slip.objects.visible_to(viewer).filter(pk=slip_id).values_list(*COLUMNS).get())


def slips_of_deal(*, viewer: Viewer, deal_id: int) -> list[SlipRow]:
    """List the open slips of a deal, the dearest first."""
    rows = Slip.objects.visible_to(viewer).filter(deal_id=deal_id, closed_at=None)
    return [_row(row) for row in rows.order_by("-money_kopecks").values_list(*COLUMNS)]


def closed_slips(*, viewer: Viewer, since: datetime, limit: int = 20) -> list[SlipRow]:
    """List the slips closed since a moment, the latest first."""
    rows = Slip.objects.visible_to(viewer).filter(closed_at__gte=since)
    return [
        _row(row) for row in rows.order_by("-closed_at", "-pk").values_list(*COLUMNS)[:limit]
    ]


def kind_totals(*, viewer: Viewer, manager_id: int | None = None) -> list[KindTotal]:
    """Sum the open slips by kind, the dearest kind first, one query."""
    rows = _narrowed(viewer, (), manager_id).values_list("rule")
    found = rows.annotate(n=Count("pk"), money=Sum("money_kopecks"))
    totals = [KindTotal(rule, RULES[rule].group, n, money) for rule, n, money in found]
    return sorted(totals, key=lambda kind: (-kind.money_kopecks, kind.rule))


def risk_total(*, viewer: Viewer, manager_id: int | None = None) -> RiskTotal:
    """Sum the money at risk, one query; a deal, or an inquiry, counts by its dearest slip."""
    per_case = (
        _narrowed(viewer, (), manager_id)
        .values(case=Coalesce("deal_id", -2 * F("inquiry_id"), -2 * F("pk") - 1))
        .annotate(money=Max("money_kopecks"), n=Count("pk"))
    )
    total = per_case.aggregate(
        m=Sum("money"), s=Sum("n"), d=Count("case", filter=Q(case__gt=0))
    )
    return RiskTotal(total["m"] or 0, total["s"] or 0, total["d"] or 0)


def people_totals(*, viewer: Viewer) -> list[tuple[int | None, str, int, int]]:
    """List (person id, name, slips, money) of open slips, the dearest first, one query."""
    rows = _narrowed(viewer, (), None).values_list("manager_id", "manager__name")
    found = rows.annotate(n=Count("pk"), money=Sum("money_kopecks"))
    return sorted(
        ((pk, name or "", n, money) for pk, name, n, money in found), key=lambda row: -row[3]
    )


def moved(*, viewer: Viewer, start: datetime, end: datetime) -> tuple[int, int, int]:
    """Count the slips opened, closed by evidence and accepted in [start, end), one query."""
    rows = Slip.objects.visible_to(viewer)
    inside = Q(closed_at__gte=start, closed_at__lt=end)
    total = rows.aggregate(
        opened=Count("pk", filter=Q(opened_at__gte=start, opened_at__lt=end)),
        proven=Count("pk", filter=inside & Q(how="evidence")),
        accepted=Count("pk", filter=inside & Q(how="accepted")),
    )
    return total["opened"], total["proven"], total["accepted"]


def since_by_rule(*, viewer: Viewer, since: datetime) -> dict[str, tuple[int, int]]:
    """Count, by rule, slips opened since a moment and those accepted as wrong; one query."""
    rows = Slip.objects.visible_to(viewer).filter(
        Q(opened_at__gte=since) | Q(closed_at__gte=since)
    )
    found = rows.values_list("rule").annotate(
        opened=Count("pk", filter=Q(opened_at__gte=since)),
        wrong=Count("pk", filter=Q(closed_at__gte=since, closing__reason="slip_is_wrong")),
    )
    return {rule: (opened, wrong) for rule, opened, wrong in found}


def _narrowed(viewer: Viewer, rules: tuple[str, ...], manager_id: int | None) -> Any:
    rows = Slip.objects.visible_to(viewer).filter(closed_at=None)
    if rules:
        rows = rows.filter(rule__in=rules)
    return rows if manager_id is None else rows.filter(manager_id=manager_id)


def _row(values: tuple[Any, ...]) -> SlipRow:
    cells: list[Any] = [
        ("" if cell is None and n in _TEXTS else cell) for n, cell in enumerate(values)
    ]
    return SlipRow(*cells)


def shell_counts(*, viewer: Viewer) -> tuple[int, int, int, int, int]:
    """Count waiting inquiries, open deals and open slips within reach; what came in and nobody
    could read, for who sees all inquiries; and numbers missed within a week that nobody has
    talked to since; in one query.
    """
    kinds = ("inquiry", "deal", "slip", "call")
    reaches = tuple(viewer.reach(kind, "read") for kind in kinds)
    sql, params = _counts_sql(viewer, reaches)
    counts = dict.fromkeys("abcde", 0)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        counts |= dict(cursor.fetchall())
    return counts["a"], counts["b"], counts["c"], counts["d"], counts["e"]


# Every page asks this; putting the query together cost more than running it.
_known_sql: dict[tuple[Reach, ...], tuple[str, tuple[Any, ...]]] = {}


def _counts_sql(viewer: Viewer, reaches: tuple[Reach, ...]) -> tuple[str, tuple[Any, ...]]:
    known = _known_sql.get(reaches)
    if known is None:
        waiting = Inquiry.objects.visible_to(viewer).waiting()
        deals = Deal.objects.visible_to(viewer).filter(outcome="")
        slips = Slip.objects.visible_to(viewer).filter(closed_at=None)
        unread = Received.objects.filter(state="unread")
        asked = [("a", waiting), ("b", deals), ("c", slips)]
        if viewer.reach("inquiry", "read") is None:
            asked.append(("d", unread))
        parts = [
            rows.annotate(what=Value(letter)).values("what").annotate(n=Count("pk"))
            for letter, rows in asked
        ]
        # The time is the database's own: the query is put together once for all.
        lost = not_returned(viewer, within=timedelta(days=7))
        lost_n = lost.annotate(what=Value("e")).values("what")
        parts.append(lost_n.annotate(n=Count("pk")))
        found = parts[0].union(*parts[1:], all=True).values_list("what", "n")
        if len(_known_sql) > 200:
            _known_sql.clear()
        known = _known_sql[reaches] = found.query.sql_with_params()
    return known


@dataclass(frozen=True, slots=True)
class LightSlip:
    """What totals need of an open slip."""

    rule: str
    manager_id: int | None
    deal_id: int | None
    money_kopecks: int
    escalated_to_id: int | None
    inquiry_id: int | None = None


def light_slips(
    *, viewer: Viewer, manager_ids: frozenset[int] | None = None
) -> list[LightSlip]:
    """List all open slips by kind, person, deal, money and whom they were passed up to.

    One query for every total.
    """
    rows = _narrowed(viewer, (), None)
    if manager_ids is not None:
        rows = rows.filter(manager_id__in=manager_ids)
    columns = (
        "rule", "manager_id", "deal_id", "money_kopecks", "escalated_to_id", "inquiry_id",
    )  # fmt: skip
    return [LightSlip(*row) for row in rows.values_list(*columns)]


def risk_of(slips: list[LightSlip]) -> RiskTotal:
    """Sum the money at risk of slips read before; each deal or inquiry counts once,
    by its dearest.
    """
    dearest: dict[tuple[str, int], int] = {}
    alone = 0
    for slip_ in slips:
        if slip_.deal_id is not None:
            case = ("deal", slip_.deal_id)
        elif slip_.inquiry_id is not None:
            case = ("inquiry", slip_.inquiry_id)
        else:
            alone += slip_.money_kopecks
            continue
        dearest[case] = max(dearest.get(case, 0), slip_.money_kopecks)
    deals = sum(kind == "deal" for kind, _ in dearest)
    return RiskTotal(sum(dearest.values()) + alone, len(slips), deals)
