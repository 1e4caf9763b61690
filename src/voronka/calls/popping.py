"""The card of a caller: what whoever is rung needs to know before answering."""

from dataclasses import dataclass
from datetime import datetime

from voronka.agenda.models import Step
from voronka.calls.models import Call


@dataclass(frozen=True, slots=True)
class CallerCard:
    """Who calls and what stands open with them. `is_open`: it still rings or is spoken."""

    call_id: int
    direction: str
    phone: str
    line: str
    started_at: datetime
    state: str
    client_id: int | None
    client: str
    is_mine: bool
    manager: str
    deal_id: int | None
    deal_number: int
    deal_title: str
    amount_kopecks: int | None
    stage: str
    next_step: str
    next_step_at: datetime | None
    last_talk_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether the call still goes on."""
        return self.state != "ended"


def caller_card(*, call_id: int, person_id: int | None) -> CallerCard:
    """Give the card of a call to somebody who is rung, or was. At most three queries.

    Who is rung may know who rings, whoever keeps the client. Raises: Call.DoesNotExist.
    """
    rows = Call.objects.filter(legs__person_id=person_id) if person_id else Call.objects.none()
    call = rows.select_related("client", "client__manager", "deal", "deal__stage").distinct()
    found = call.get(pk=call_id)
    client, deal = found.client, found.deal
    step = None
    if deal is not None:
        step = Step.objects.filter(deal=deal, removed_at=None).open().order_by("due_at").first()
    before = Call.objects.filter(
        phone=found.phone, is_answered=True, state="ended", started_at__lt=found.started_at
    )
    last = before.order_by("-started_at").values_list("started_at", flat=True).first()
    manager = client.manager if client else None
    return CallerCard(
        call_id=found.pk,
        direction=found.direction,
        phone=found.phone,
        line=found.line,
        started_at=found.started_at,
        state=found.state,
        client_id=client.pk if client else None,
        client=client.name if client else "",
        is_mine=bool(manager and manager.pk == person_id),
        manager=manager.name if manager else "",
        deal_id=deal.pk if deal else None,
        deal_number=deal.number if deal else 0,
        deal_title=deal.title if deal else "",
        amount_kopecks=deal.amount_kopecks if deal else None,
        stage=deal.stage.name if deal else "",
        next_step=step.title if step else "",
        next_step_at=step.due_at if step else None,
        last_talk_at=last if found.phone else None,
    )
