"""Putting an inquiry's facts into the journal, with its dimensions as they are."""

from datetime import datetime

from voronka.inquiries.models import Inquiry, Routing
from voronka.journal import actions as journal
from voronka.journal.kinds import FactBody
from voronka.people.notices import tell as tell_person


def tell(
    body: FactBody,
    inquiry: Inquiry,
    *,
    by_id: int | None,
    at: datetime,
    batch_id: int | None = None,
) -> None:
    """Record a fact of an inquiry: it belongs to whoever has the inquiry at that moment."""
    team_id = inquiry.manager.team_id if inquiry.manager else None
    about = journal.About(
        case=inquiry.case,
        client_id=inquiry.client_id,
        deal_id=inquiry.deal_id,
        owner_id=inquiry.manager_id,
        team_id=team_id,
        source_id=inquiry.source_id,
    )
    journal.record(body, about=about, by_id=by_id, at=at, batch_id=batch_id)


def tell_holder(inquiry: Inquiry, *, by_id: int | None, at: datetime) -> None:
    """Tell whoever got an inquiry, on every open page; not who took it by their own hand."""
    if inquiry.manager_id is None or inquiry.manager_id == by_id:
        return
    decided = Routing.objects.filter(inquiry=inquiry, person_id=inquiry.manager_id)
    about = {
        "id": inquiry.pk,
        "number": inquiry.number,
        "who": inquiry.client.name if inquiry.client else inquiry.name or inquiry.phone,
        "channel": inquiry.channel,
        "why": decided.order_by("-pk").values_list("how", flat=True).first() or "",
    }
    tell_person(person_id=inquiry.manager_id, kind="inquiry", about=about, at=at)
