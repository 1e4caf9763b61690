"""What is told in the journal of an inquiry's chat."""

from datetime import datetime

from voronka.inquiries.models import Inquiry
from voronka.journal import actions as journal
from voronka.journal.kinds import FactBody
from voronka.journal.viewer import Viewer


def record_message(body: FactBody, inquiry: Inquiry, by: Viewer, at: datetime) -> None:
    """Append a fact about an inquiry's chat."""
    about = journal.About(
        case=inquiry.case,
        client_id=inquiry.client_id,
        deal_id=inquiry.deal_id,
        owner_id=inquiry.manager_id,
        team_id=inquiry.manager.team_id if inquiry.manager else None,
        source_id=inquiry.source_id,
    )
    journal.record(body, about=about, by_id=by.by_id, at=at)
