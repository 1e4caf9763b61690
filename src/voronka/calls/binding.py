"""Whose call it is: the client with the number, the deal and stage of then, the person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from voronka.clients.finding import by_phone
from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.foundation.errors import RefusalError
from voronka.foundation.phones import parse_phone
from voronka.foundation.recent import recent
from voronka.foundation.text import storable
from voronka.journal.models import Fact
from voronka.people.models import Person

TOP_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Bound:
    """To whom a call belongs: the card, the deal with its stage as they were then, and where
    the client had come from.
    """

    client: Client | None
    deal: Deal | None
    stage_id: int | None
    source_id: int | None = None


def clean_number(text: str) -> str:
    """Give a number in E.164; as it came, shortened, where it is none (40 digits, a name)."""
    try:
        return parse_phone(text).e164
    except RefusalError:
        return storable(text).strip()[:TOP_NUMBER]


def bound_to(phone: str, *, at: datetime) -> Bound:
    """Find whose number it is and which deal was open then. At most three queries."""
    client = by_phone(phone).first() if phone.startswith("+") else None
    if client is None:
        return Bound(None, None, None)
    open_then = Q(closed_at__isnull=True) | Q(closed_at__gt=at)
    deals = client.deals.live().filter(open_then, created_at__lte=at)
    deal = deals.select_related("manager").order_by("-pk").first()
    source_id = (deal.source_id if deal else None) or client.source_id
    return Bound(client, deal, _stage_then(deal, at) if deal else None, source_id)


def _stage_then(deal: Deal, at: datetime) -> int:
    if deal.stage_since <= at:
        return deal.stage_id
    entered = Fact.objects.filter(deal_id=deal.pk, kind="deal.stage_entered", at__lte=at)
    to = entered.order_by("-at", "-pk").values_list("body", flat=True).first()
    return int(to["to_stage_id"]) if to else deal.stage_id


@recent()
def people_by_extension() -> dict[str, int]:
    """Give who has which extension; of two the one who came later to the firm."""
    rows = Person.objects.exclude(extension="").order_by("is_active", "pk")
    return {extension.strip(): pk for extension, pk in rows.values_list("extension", "pk")}
