"""Whom the exchange should ring when a number calls: read only, quick, never an error."""

from dataclasses import dataclass
from datetime import datetime

from voronka.clients.finding import by_phone
from voronka.deals.models import Deal
from voronka.foundation.errors import RefusalError
from voronka.foundation.phones import parse_phone
from voronka.inquiries.models import Inquiry
from voronka.people.duties import there_or_stand_in
from voronka.people.models import Person


@dataclass(frozen=True, slots=True)
class Ringing:
    """Whom to ring and why: deal, client, inquiry, or default when nobody is responsible."""

    extension: str
    why: str
    person_id: int | None = None
    person: str = ""
    client_id: int | None = None
    client: str = ""


def whom_to_ring(phone: str, *, default: str, at: datetime) -> Ringing:
    """Give the extension of who is responsible for a number: of the open deal, of the client's
    card, of the inquiry from that number; else the default one. At most six queries.

    While somebody is absent their stand-in is rung. Who has no extension, is absent without a
    stand-in or no longer with the firm is passed over.
    """
    try:
        number = parse_phone(phone).e164
    except RefusalError:
        return Ringing(default, "default")
    client = by_phone(number).first()
    client_id, name = (client.pk, client.name) if client else (None, "")
    for why, person_id in _responsible(
        number, client_id, client.manager_id if client else None
    ):
        here = Person.objects.filter(pk=there_or_stand_in(person_id, at) or 0, is_active=True)
        person = here.exclude(extension="").first()
        if person is not None:
            return Ringing(person.extension, why, person.pk, person.name, client_id, name)
    return Ringing(default, "default", client_id=client_id, client=name)


def _responsible(
    number: str, client_id: int | None, manager_id: int | None
) -> list[tuple[str, int]]:
    found: list[tuple[str, int | None]] = []
    if client_id is not None:
        deals = Deal.objects.live().filter(client_id=client_id, outcome="").order_by("-pk")
        found += [("deal", deals.values_list("manager_id", flat=True).first())]
        found += [("client", manager_id)]
    inquiries = Inquiry.objects.live().filter(phone=number, state__in=("new", "targeted"))
    latest = inquiries.order_by("-arrived_at").values_list("manager_id", flat=True).first()
    found += [("inquiry", latest)]
    return [(why, person_id) for why, person_id in found if person_id is not None]
