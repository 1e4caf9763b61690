"""Opening and closing slips: what stands against what is known, after every change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from voronka.control.finding import breaches
from voronka.control.looking import Breach, Look
from voronka.control.missed_calls import closing_fact
from voronka.control.models import Slip, Watermark
from voronka.control.rules import OF_CALLS, OF_INQUIRIES, RULES, Outcomes, drop, money_at_risk
from voronka.control.strangers import registering_fact
from voronka.deals.models import Deal
from voronka.foundation.recent import kept_for
from voronka.journal import actions as journal
from voronka.journal.kinds import SlipClosed, SlipOpened
from voronka.journal.models import Fact
from voronka.people import settings as people_settings

WATERMARK = "slips"
OWN_KINDS = (
    "slip.opened", "slip.closed", "slip.escalated", "client.opened", "inquiry.seen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look changed."""

    opened: int
    closed: int


def catch_up(*, now: datetime) -> Seen:
    """Look at the cases that the journal speaks of since the last look.

    Called after every change made on a page, so that a slip is gone, or there, at once.
    """
    mark = Watermark.objects.filter(name=WATERMARK).values("fact_id")[:1]
    fresh = Fact.objects.filter(pk__gt=Coalesce(Subquery(mark), 0)).order_by("pk")
    found = list(fresh.values_list("pk", "kind", "case", "deal_id", "client_id")[:2001])
    if not found:
        return Seen(0, 0)
    if len(found) > 2000:
        return look_at_all(now=now)
    others = [row for row in found if row[1] not in OWN_KINDS]
    told_of = {kind.split(".")[0] for _, kind, *_ in others}
    cases = [case for _, _, case, _, _ in others if case.startswith("inquiry:")]
    return _look(
        now=now,
        seen_to=found[-1][0],
        deal_ids=frozenset(deal_id for *_, deal_id, _ in others if deal_id),
        client_ids=frozenset(client_id for *_, client_id in others if client_id),
        inquiry_ids=frozenset(int(case.split(":")[1]) for case in cases),
        with_strangers=bool(told_of & {"inquiry", "client", "stranger"}),
        with_calls=bool(told_of & {"call", "call_back", "step", "inquiry", "deal"}),
    )


def look_at_all(*, now: datetime) -> Seen:
    """Look at every open case: deadlines pass without anybody doing anything."""
    top = Fact.objects.aggregate(top=Max("pk"))["top"] or 0
    return _look(now=now, seen_to=top)


def _mark(top: int) -> None:
    if not Watermark.objects.filter(name=WATERMARK).update(fact_id=Greatest("fact_id", top)):
        Watermark.objects.get_or_create(name=WATERMARK, defaults={"fact_id": top})


@transaction.atomic
def _look(
    *,
    now: datetime,
    seen_to: int,
    deal_ids: frozenset[int] | None = None,
    client_ids: frozenset[int] | None = None,
    inquiry_ids: frozenset[int] | None = None,
    with_strangers: bool = True,
    with_calls: bool = True,
) -> Seen:
    known = people_settings.all_settings()
    look = Look(
        now=now,
        calendar=people_settings.calendar(known),
        settings=known,
        deal_ids=deal_ids,
        client_ids=client_ids,
        inquiry_ids=inquiry_ids,
        with_strangers=with_strangers,
        with_calls=with_calls,
    )
    standing = {(breach.rule, breach.subject): breach for breach in breaches(look)}
    rows = _within(look)
    open_slips = {(slip.rule, slip.subject): slip for slip in rows}
    gone = [slip for key, slip in open_slips.items() if key not in standing]
    fresh = [breach for key, breach in standing.items() if key not in open_slips]
    resting = _resting(now) if fresh else set()
    fresh = [breach for breach in fresh if (breach.rule, breach.subject) not in resting]
    _close_by_evidence(gone, now)
    # A year of deals is recounted by the full look alone: it cost 57 ms of every change.
    drops = {}
    if standing:
        drops = measured_drops(now) if deal_ids is None else _usual_drops()
    _open(fresh, drops, now)
    _reprice([(open_slips[key], standing[key]) for key in open_slips.keys() & standing], drops)
    _mark(seen_to)
    return Seen(len(fresh), len(gone))


@kept_for(600)
def _usual_drops() -> dict[str, float]:
    return measured_drops(datetime.now(UTC))


def measured_drops(now: datetime) -> dict[str, float]:
    """Give each rule's drop from the department's own last 12 months; two queries."""
    year = now - timedelta(days=365)
    ended = Deal.objects.live().filter(closed_at__gte=year, closed_at__lt=now)
    total = ended.aggregate(n=Count("pk"), won=Count("pk", filter=Q(outcome="won")))
    with_slip = (
        Slip.objects.filter(deal__closed_at__gte=year, deal__removed_at=None)
        .exclude(deal__outcome="")
        .values_list("rule")
        .annotate(
            n=Count("deal", distinct=True),
            won=Count("deal", distinct=True, filter=Q(deal__outcome="won")),
        )
    )
    found = {rule: (won, n) for rule, n, won in with_slip}
    drops = {}
    for code, rule in RULES.items():
        won, n = found.get(code, (0, 0))
        seen = Outcomes(won, n, total["won"] - won, total["n"] - n)
        drops[code] = drop(rule, seen)
    return drops


def _within(look: Look) -> Iterable[Slip]:
    rows = Slip.objects.filter(closed_at=None)
    if look.deal_ids is None:
        return rows
    of_deals = ("no_step", "stuck", "overdue", "other_reason")
    in_view = Q(rule__in=of_deals, deal_id__in=look.deal_ids)
    in_view |= Q(rule="thin_card", client_id__in=look.client_ids or ())
    in_view |= Q(rule__in=OF_INQUIRIES, inquiry_id__in=look.inquiry_ids or ())
    if look.with_strangers:
        in_view |= Q(rule="unregistered")
    if look.with_calls:
        in_view |= Q(rule__in=OF_CALLS)
    return rows.filter(in_view)


def _resting(now: datetime) -> set[tuple[str, str]]:
    rows = Slip.objects.filter(how="accepted", check_on__gt=now.date())
    return set(rows.values_list("rule", "subject"))


def _close_by_evidence(slips: list[Slip], now: datetime) -> None:
    for slip in slips:
        fact = _closing_fact(slip)
        closed = Slip.objects.filter(pk=slip.pk, closed_at=None).update(
            closed_at=now,
            how="evidence",
            closing={"fact_id": fact.pk, "kind": fact.kind} if fact else {},
        )
        if closed:
            body = SlipClosed(
                slip_id=slip.pk,
                rule=slip.rule,
                version=slip.version,
                money_kopecks=slip.money_kopecks,
                how="evidence",
                evidence_id=fact.pk if fact else None,
                reason=fact.kind if fact else "",
            )
            journal.record(body, about=about_slip(slip), by_id=None, at=now)


def _closing_fact(slip: Slip) -> Fact | None:
    if slip.rule == "unregistered":
        return registering_fact(slip)
    if slip.rule in OF_CALLS:
        return closing_fact(slip)
    about = Q(case=slip.subject)
    if slip.deal_id:
        about |= Q(deal_id=slip.deal_id)
    elif slip.client_id:
        about |= Q(client_id=slip.client_id)
    facts = Fact.objects.filter(about, recorded_at__gte=slip.opened_at)
    return facts.exclude(kind__in=OWN_KINDS).order_by("-pk").first()


def _open(fresh: list[Breach], drops: dict[str, float], now: datetime) -> None:
    made = Slip.objects.bulk_create(
        [
            Slip(
                rule=breach.rule,
                version=RULES[breach.rule].version,
                deal_id=breach.deal_id,
                client_id=breach.client_id,
                inquiry_id=breach.inquiry_id,
                step_id=breach.step_id,
                subject=breach.subject,
                manager_id=breach.manager_id,
                since=breach.since,
                opened_at=now,
                money_kopecks=_price(breach, drops),
                evidence=_told(breach, drops),
            )
            for breach in fresh
        ],
        batch_size=500,
    )
    journal.record_many(
        journal.fact_of(
            SlipOpened(
                slip_id=slip.pk,
                rule=slip.rule,
                version=slip.version,
                money_kopecks=slip.money_kopecks,
            ),
            about=about_slip(slip),
            by_id=None,
            at=now,
        )
        for slip in made
    )


def _reprice(pairs: list[tuple[Slip, Breach]], drops: dict[str, float]) -> None:
    changed = []
    for slip, breach in pairs:
        price = _price(breach, drops)
        told = _told(breach, drops)
        now_is = (slip.money_kopecks, slip.evidence, slip.manager_id)
        if now_is != (price, told, breach.manager_id):
            slip.money_kopecks, slip.evidence = price, told
            slip.manager_id = breach.manager_id
            changed.append(slip)
    Slip.objects.bulk_update(changed, ["money_kopecks", "evidence", "manager"], batch_size=500)


def _price(breach: Breach, drops: dict[str, float]) -> int:
    return money_at_risk(breach.amount_kopecks, breach.win_permille, drops[breach.rule])


def _told(breach: Breach, drops: dict[str, float]) -> dict[str, Any]:
    """Keep beside the evidence what the price was made of."""
    made_of = {"chance": breach.win_permille, "drop": round(drops[breach.rule], 3)}
    return breach.evidence | made_of


def about_slip(slip: Slip) -> journal.About:
    """Name what the slip is about for the journal."""
    return journal.About(
        case=slip.subject,
        owner_id=slip.manager_id,
        client_id=slip.client_id,
        deal_id=slip.deal_id,
    )
