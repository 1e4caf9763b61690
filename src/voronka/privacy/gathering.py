"""What hangs on a client's cards, asked of several tables at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from voronka.calls.models import Call
from voronka.clients.models import Client, ClientQuerySet, Contact, Mail, Phone
from voronka.deals.models import Deal
from voronka.inquiries.models import Inquiry, Thread

LEAST_NUMBER = 6


class Card(NamedTuple):
    """A card; `is_seen`: it stands, and the asker may see it."""

    pk: int
    name: str
    legal_name: str
    inn: str
    ogrn: str
    external_id: str
    manager_id: int | None
    is_seen: bool


class Other(NamedTuple):
    """A number ("phone") or an address ("mail") that stands on another card, with its name."""

    what: str
    pk: int
    said: str
    name: str
    is_seen: bool


def cards_of(ids: Sequence[int], standing: ClientQuerySet) -> list[Card]:
    """Give these cards and all that were merged into them, however often; one query."""
    marks = ", ".join(["%s"] * len(ids))
    merged = RawSQL(_MERGED.replace("MARKS", marks), list(ids))
    rows = Client.objects.filter(pk__in=merged).order_by("pk")
    rows = rows.annotate(is_seen=Exists(standing.filter(pk=OuterRef("pk"))))
    return [Card(*row) for row in rows.values_list(*Card._fields)]


_MERGED = """WITH RECURSIVE card(id) AS (
    SELECT id FROM clients_client WHERE id IN (MARKS)
    UNION SELECT one.id FROM clients_client one JOIN card ON one.merged_into_id = card.id
) SELECT id FROM card"""


def hung_on(ids: Sequence[int], contact_id: int | None) -> dict[str, list[tuple[int, str]]]:
    """List deals, people, numbers and mails of the cards as id and text, by kind; one query."""
    cards = Q(client_id__in=ids)
    whose = Q(contact_id=contact_id) if contact_id else cards
    found: dict[str, list[tuple[int, str]]] = {
        what: [] for what in ("deal", "contact", "phone", "mail")
    }
    rows = _together(
        Deal.objects.filter(cards).annotate(what=Value("deal"), said=Value("")),
        Contact.objects.filter(cards).annotate(what=Value("contact"), said=F("name")),
        Phone.objects.filter(whose).annotate(what=Value("phone"), said=F("e164")),
        Mail.objects.filter(whose).annotate(what=Value("mail"), said=F("address")),
        columns=("what", "pk", "said"),
    )
    for what, pk, said in rows:
        found[what].append((pk, said))
    return found


def spoken_with(
    linked: Q, free: Q, phones: set[str], mails: set[str]
) -> list[tuple[str, int, str, str, str]]:
    """List inquiries and calls as kind, id, name, number, mail; one query."""
    which = linked | free & (Q(phone__in=phones) | Q(mail__in=mails) & ~Q(mail=""))
    # What the same chats wrote before they were known belongs to them as well.
    chats = Thread.objects.filter(inquiry__in=Inquiry.objects.filter(which)).values("chat_id")
    inquiries = Inquiry.objects.filter(which | Q(client=None, thread__chat_id__in=chats))
    calls = Call.objects.filter(linked | free & Q(phone__in=phones))
    named = {"who": F("name"), "number_": F("phone"), "address": F("mail")}
    blank = {"who": Value(""), "number_": F("phone"), "address": Value("")}
    return _together(
        inquiries.annotate(what=Value("inquiry"), **named),
        calls.annotate(what=Value("call"), **blank),
        columns=("what", "pk", "who", "number_", "address"),
    )


def held_elsewhere(
    phones: set[str], mails: set[str], ids: Sequence[int], standing: ClientQuerySet
) -> list[Other]:
    """List where other cards hold these numbers and mails; one query."""
    seen = Exists(standing.filter(pk=OuterRef("client_id")))
    parts = []
    for table, what, column, values in (
        (Phone, "phone", "e164", phones), (Mail, "mail", "address", mails)
    ):  # fmt: skip
        rows = table._default_manager.filter(**{f"{column}__in": values})
        rows = rows.filter(client__removed_at=None).exclude(client_id__in=ids)
        parts.append(
            rows.annotate(
                what=Value(what), said=F(column), name=F("client__name"), is_seen=seen
            )
        )
    columns = ("what", "client_id", "said", "name", "is_seen")
    return [Other(*row) for row in _together(*parts, columns=columns)]


def _together(*parts: "QuerySet[Any]", columns: tuple[str, ...]) -> list[Any]:
    """Ask several tables at once; rows by kind and id."""
    first, *more = (rows.order_by().values_list(*columns) for rows in parts)
    return sorted(first.union(*more, all=True))


def same_cards(elsewhere: list[Other], own: set[str]) -> tuple[tuple[int, str], ...]:
    """List the visible cards among them with one of these own values: id and name."""
    found = {(one.pk, one.name) for one in elsewhere if one.is_seen and one.said in own}
    return tuple(sorted(found))


def names_of(
    cards: list[Card],
    hung: dict[str, list[tuple[int, str]]],
    spoken: list[tuple[str, int, str, str, str]],
) -> list[str]:
    """List what the client is called: on the cards, by its people, in inquiries."""
    names = [name for one in cards for name in (one.name, one.legal_name)]
    return names + [said for _, said in hung["contact"]] + [who for _, _, who, *_ in spoken]


def numbers_on(cards: list[Card]) -> tuple[str, ...]:
    """List the numbers of the firm on the cards that are long enough to be told."""
    found = {one for card in cards for one in (card.inn, card.ogrn, card.external_id)}
    return tuple(one for one in found if len(one) >= LEAST_NUMBER)
