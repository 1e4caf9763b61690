"""Slips: those of the last half-year that evidence closed, and those that stand now."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from voronka.config.seeding.axis import MINUTE, moment_of
from voronka.config.seeding.world import Past, World
from voronka.control.finding import breaches
from voronka.control.looking import Breach, Look
from voronka.control.models import Slip
from voronka.control.rules import RULES, money_at_risk
from voronka.control.usual_sales import usual_sale_of
from voronka.deals.models import Stage
from voronka.foundation.bulk_rows import insert
from voronka.journal.actions import About
from voronka.journal.kinds import SlipClosed, SlipOpened
from voronka.people import settings as people_settings

COLUMNS = (
    "id", "rule", "version", "deal_id", "client_id", "inquiry_id", "step_id", "subject",
    "manager_id", "since", "opened_at", "money_kopecks", "evidence", "closed_at", "how",
    "closing", "check_on", "batch_id",
)  # fmt: skip
SHARES = {
    "unanswered": 0.2, "unregistered": 0.1, "stuck": 0.18, "no_step": 0.18, "overdue": 0.18,
    "thin_card": 0.09, "other_reason": 0.07,
}  # fmt: skip
"""Which part of the past slips belongs to each rule."""
FOUND_WITHIN = 5 * MINUTE
ACCEPTED = 3


def write_slips(world: World, *, now: datetime) -> tuple[int, int]:
    """Insert past and standing slips with their facts; give how many of each.

    The year's facts are written already: a past slip names the one that closed it.
    """
    stages = dict(Stage.objects.values_list("pk", "win_permille"))
    past = [_past_row(world, one, stages) for one in _chosen(world)]
    standing = [_standing_row(world, one, n, now) for n, one in enumerate(_standing(now))]
    insert(Slip, COLUMNS, [*past, *standing])
    world.ledger.write()
    return len(past), len(standing)


def _chosen(world: World) -> Iterable[Past]:
    """Draw from each rule's past slips as many as its share of all says."""
    for rule, share in SHARES.items():
        found = [one for one in world.past if one.rule == rule]
        wanted = math.ceil(share * world.size.slips)
        yield from found if len(found) <= wanted else world.rng.sample(found, wanted)


def _past_row(world: World, one: Past, stages: dict[int, int]) -> tuple[Any, ...]:
    pk, closed = world.ids.next(Slip), one.closed or one.closing.at
    opened = min(one.since + world.rng.randrange(1, FOUND_WITHIN), closed)
    rule, amount, chance = RULES[one.rule], one.amount, stages.get(one.stage_id or 0, 0)
    if one.rule == "unanswered":
        amount, chance = 30_000_000, 300
    elif one.rule == "unregistered":
        amount, chance = usual_sale_of(one.evidence["channel"])
        one.evidence["amount"] = amount
    money = money_at_risk(amount, chance, rule.prior_drop)
    fact = one.closing
    about = About(
        case=one.subject,
        owner_id=one.seller_id,
        client_id=one.client_id,
        deal_id=one.deal_id,
    )
    _tell_opened(world, pk, opened, about, one.rule, money)
    ended = SlipClosed(
        slip_id=pk,
        rule=rule.code,
        version=rule.version,
        money_kopecks=money,
        how="evidence",
        evidence_id=fact.id,
        reason=fact.body.kind,
    )
    world.ledger.add(closed, ended, about, None)
    return (
        pk, one.rule, rule.version, one.deal_id, one.client_id, one.inquiry_id, one.step_id,
        one.subject, one.seller_id, moment_of(one.since), moment_of(opened), money,
        one.evidence, moment_of(closed), "evidence",
        {"fact_id": fact.id, "kind": fact.body.kind}, None, world.batch_id,
    )  # fmt: skip


def _standing(now: datetime) -> list[Breach]:
    known = people_settings.all_settings()
    look = Look(now=now, calendar=people_settings.calendar(known), settings=known)
    return sorted(breaches(look), key=lambda breach: (breach.since, breach.subject))


def _standing_row(world: World, one: Breach, n: int, now: datetime) -> tuple[Any, ...]:
    """Open a slip for a breach that stands now; a few old ones were accepted by the head."""
    pk, rule = world.ids.next(Slip), RULES[one.rule]
    money = money_at_risk(one.amount_kopecks, one.win_permille, rule.prior_drop)
    top = int(now.timestamp())
    opened = min(int(one.since.timestamp()) + world.rng.randrange(1, FOUND_WITHIN), top)
    about = About(
        case=one.subject,
        owner_id=one.manager_id,
        client_id=one.client_id,
        deal_id=one.deal_id,
    )
    _tell_opened(world, pk, opened, about, one.rule, money)
    closed, how, closing, check_on = None, "", {}, None
    if n < ACCEPTED and one.rule not in ("unanswered", "unregistered"):
        moment = world.axis.now - world.rng.randrange(1, 120 * MINUTE)
        closed, how = world.axis.moment(moment), "accepted"
        closing, check_on = _accept(world, pk, moment, about, one.rule, money), now.date()
        check_on += timedelta(days=world.rng.randrange(4, 12))
    return (
        pk, one.rule, rule.version, one.deal_id, one.client_id, one.inquiry_id, one.step_id,
        one.subject, one.manager_id, one.since, moment_of(opened), money, one.evidence,
        closed, how, closing, check_on, world.batch_id,
    )  # fmt: skip


def _accept(
    world: World, pk: int, moment: int, about: About, rule: str, money: int
) -> dict[str, Any]:
    known, by_id = "Клиент в отпуске, просил вернуться позже", world.department.head_id
    body = SlipClosed(
        slip_id=pk,
        rule=rule,
        version=RULES[rule].version,
        money_kopecks=money,
        how="accepted",
        evidence_id=None,
        reason=f"client_asked_later: {known}",
    )
    world.ledger.add(world.axis.epoch(moment), body, about, by_id)
    return {"reason": "client_asked_later", "known": known, "by": by_id}


def _tell_opened(
    world: World, pk: int, opened: int, about: About, rule: str, money: int
) -> None:
    body = SlipOpened(slip_id=pk, rule=rule, version=RULES[rule].version, money_kopecks=money)
    world.ledger.add(opened, body, about, None)
