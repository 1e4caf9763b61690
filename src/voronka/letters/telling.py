"""What the journal hears of letters."""

from datetime import datetime

from voronka.clients.cards import about_client
from voronka.deals.dealing import about_deal
from voronka.deals.models import Deal
from voronka.journal import actions as journal
from voronka.journal.kinds import FactBody
from voronka.letters.models import Letter


def tell(body: FactBody, letter: Letter, *, by_id: int | None, at: datetime) -> None:
    """Record a fact of a letter: it belongs to its deal, else to the client's card."""
    if letter.deal_id:
        about = about_deal(Deal.objects.select_related("manager").get(pk=letter.deal_id))
    else:
        about = about_client(letter.client)
    journal.record(body, about=about, by_id=by_id, at=at)
