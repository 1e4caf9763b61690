"""Inquiries from their plans: rows and facts."""

from typing import Any

from django.db.models import Max

from voronka.config.seeding.arrivals import NORM, InquiryPlan
from voronka.config.seeding.axis import MINUTE
from voronka.config.seeding.calls import Switchboard
from voronka.config.seeding.chains import (
    ACCEPT,
    GIVEN_AFTER,
    LET_PASS,
    let_pass_by,
    let_pass_row,
)
from voronka.config.seeding.consents_and_marks import marks_of
from voronka.config.seeding.department import Seller
from voronka.config.seeding.ledger import Entry
from voronka.config.seeding.strangers import written_late
from voronka.config.seeding.world import Past, World
from voronka.foundation.bulk_rows import insert
from voronka.inquiries.models import Inquiry, LetPass
from voronka.journal.actions import About
from voronka.journal.kinds import (
    FactBody,
    InquiryAccepted,
    InquiryAnswered,
    InquiryAssigned,
    InquiryClassified,
    InquiryPassedOn,
    InquiryRegistered,
)

COLUMNS = (
    "id", "number", "arrived_at", "channel", "source_id", "name", "phone", "mail", "text",
    "marks", "client_id", "deal_id", "manager_id", "assigned_at", "answered_at",
    "answer_seconds", "state", "state_reason", "state_at", "batch_id", "seen_at",
    "accepted_at",
)  # fmt: skip
FIRST_NUMBER = 2842


def write_inquiries(world: World, plans: list[InquiryPlan], board: Switchboard) -> None:
    """Insert the inquiries, tell their facts, and put down the calls that they came with."""
    number = Inquiry.objects.aggregate(top=Max("number"))["top"] or FIRST_NUMBER
    rows, passed = [], []
    for plan in plans:
        number += 1
        pk = world.ids.next(Inquiry)
        passer = let_pass_by(world, plan, number)
        _Story(world, plan, pk, number, passer).tell()
        if passer:
            passed.append(let_pass_row(world, plan, world.ids.next(LetPass), pk, passer))
        board.with_inquiry(plan)
        rows.append(_row(world, plan, pk, number))
    insert(Inquiry, COLUMNS, rows)
    insert(LetPass, LET_PASS, passed)


class _Story:
    """The facts of one inquiry, each with its dimensions as they were then."""

    def __init__(
        self, world: World, plan: InquiryPlan, pk: int, number: int, passer: Seller | None
    ) -> None:
        self._passer = passer
        self._world = world
        self._plan = plan
        self._pk = pk
        self._number = number

    def tell(self) -> None:
        plan, seller = self._plan, self._plan.seller
        at_once = seller if plan.assigned and plan.assigned == plan.arrived else None
        body = InquiryRegistered(
            number=self._number,
            channel=plan.channel,
            source=plan.source[1],
            text=plan.text[:500],
        )
        by_id = seller.id if seller and plan.channel == "hand" else None
        entry = self._add(plan.arrived, body, at_once, by_id)
        written_late(self._world, plan, self._number, entry)
        if self._passer and seller:
            self._tell_pass(self._passer, seller)
        if plan.assigned and seller:
            given = InquiryAssigned(number=self._number, to_id=seller.id)
            leads = self._world.department.lead_ids
            giver = None if at_once or self._passer else leads.get(seller.team_id)
            self._add(plan.assigned, given, seller, giver)
        if plan.answered and seller:
            self._tell_answer(seller)
        elif plan.assigned and seller:
            taken = InquiryAccepted(
                number=self._number, notify_seconds=seen_at(self._world, plan) - plan.assigned
            )
            self._add(seen_at(self._world, plan), taken, seller, seller.id)
        if plan.classified:
            was = InquiryClassified(
                number=self._number, state=plan.state, was="new", reason=plan.state_reason
            )
            holder = holder_of(plan)
            self._add(plan.classified, was, holder, seller.id if seller else None)

    def _tell_pass(self, passer: Seller, seller: Seller) -> None:
        plan = self._plan
        given = InquiryAssigned(number=self._number, to_id=passer.id)
        self._add(plan.arrived + GIVEN_AFTER, given, passer, None)
        passed = InquiryPassedOn(
            number=self._number, hop=1, from_id=passer.id, to_id=seller.id, how="next",
            held_seconds=ACCEPT,
        )  # fmt: skip
        self._add(plan.assigned, passed, passer, None)

    def _tell_answer(self, seller: Seller) -> None:
        plan, axis = self._plan, self._world.axis
        by_call = plan.channel in ("call", "form")
        waited = plan.answered - plan.arrived
        given, seen = plan.assigned or plan.answered, seen_at(self._world, plan)
        body = InquiryAnswered(
            number=self._number,
            channel="call" if by_call else plan.channel,
            working_seconds=waited,
            person_seconds=plan.answered - given,
            assign_seconds=given - plan.arrived,
            notify_seconds=seen - given,
            react_seconds=plan.answered - seen,
            calendar_seconds=axis.epoch(plan.answered) - axis.epoch(plan.arrived),
        )
        entry = self._add(plan.answered, body, seller, seller.id)
        if waited <= NORM or not self._world.is_recent(plan.arrived):
            return
        evidence = {
            "number": self._number,
            "channel": plan.channel,
            "waited": waited,
            "norm": NORM,
            "amount": 0,
        }
        self._world.past.append(
            Past(
                rule="unanswered",
                subject=f"inquiry:{self._pk}",
                seller_id=seller.id,
                since=axis.epoch(plan.arrived + NORM),
                closing=entry,
                amount=None,
                stage_id=None,
                evidence=evidence,
                client_id=plan.card.id if plan.card and plan.is_known else None,
                inquiry_id=self._pk,
            )
        )

    def _add(self, at: int, body: FactBody, owner: Seller | None, by_id: int | None) -> Entry:
        plan = self._plan
        deal = plan.deal if plan.deal and at >= plan.deal.opened else None
        card = plan.card if plan.card and (plan.is_known or deal) else None
        about = About(
            case=f"inquiry:{self._pk}",
            client_id=card.id if card else None,
            deal_id=deal.id if deal else None,
            owner_id=owner.id if owner else None,
            team_id=owner.team_id if owner else None,
            source_id=plan.source[0],
        )
        return self._world.ledger.add(self._world.axis.epoch(at), body, about, by_id)


def seen_at(world: World, plan: InquiryPlan) -> int:
    """Give the position at which its manager opened it: a third of the way, soon at most."""
    given = plan.assigned or plan.answered
    span = (plan.answered or world.axis.now) - given
    return given + max(0, min(span // 3, 4 * MINUTE))


def holder_of(plan: InquiryPlan) -> Seller | None:
    """Give who has the inquiry now: whoever got it or answered it."""
    return plan.seller if plan.assigned or plan.answered else None


def _row(world: World, plan: InquiryPlan, pk: int, number: int) -> tuple[Any, ...]:
    axis, holder = world.axis, holder_of(plan)
    card = plan.card if plan.card and (plan.is_known or plan.deal) else None
    assigned = plan.assigned or plan.answered
    seen = axis.moment(seen_at(world, plan)) if assigned else None
    return (
        pk, number, axis.moment(plan.arrived), plan.channel, plan.source[0], plan.name,
        plan.phone, plan.mail, plan.text, marks_of(plan.source[1], plan.channel, number),
        card.id if card else None, plan.deal.id if plan.deal else None,
        holder.id if holder else None,
        axis.moment(assigned) if assigned else None,
        axis.moment(plan.answered) if plan.answered else None,
        plan.answered - plan.arrived if plan.answered else None,
        plan.state, plan.state_reason,
        axis.moment(plan.classified) if plan.classified else None, world.batch_id,
        seen, seen if assigned and not plan.answered else None,
    )  # fmt: skip
