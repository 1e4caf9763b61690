"""Putting an inquiry's facts into the journal, with its dimensions as they are."""

from datetime import datetime

from voronka.inquiries.models import Inquiry
from voronka.journal import actions as journal
from voronka.journal.kinds import FactBody


def tell(body: FactBody, inquiry: Inquiry, *, by_id: int | None, at: datetime) -> None:
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
    journal.record(body, about=about, by_id=by_id, at=at)
