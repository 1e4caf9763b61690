"""Finding a client by any fragment of a name, phone, mail, INN or number."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from voronka.clients.models import Client, ClientQuerySet
from voronka.foundation.phones import search_digits
from voronka.foundation.text import fix_layout, fold
from voronka.journal.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the search palette."""

    id: int
    name: str
    phone: str
    inn: str


def find_clients(*, viewer: Viewer, query: str, limit: int = 8) -> list[Found]:
    """List the visible cards that hold the fragment (3 signs or more), one or two queries.

    A phone may be typed in any form; keys typed in the wrong layout are tried second.
    """
    rows = list(_lines(matching(Client.objects.visible_to(viewer), query), limit))
    if not rows and (other := fix_layout(query)) != query:
        rows = list(_lines(matching(Client.objects.visible_to(viewer), other), limit))
    return [Found(*row) for row in rows]


def matching(clients: ClientQuerySet, query: str) -> ClientQuerySet:
    """Keep the cards that hold every word of the query; digits are read as a phone or INN."""
    terms = _terms(query)
    if not terms:
        return clients.none()
    if connection.vendor == "sqlite" and all(len(term) >= 3 for term in terms):
        words = " ".join(f'"{term}"' for term in terms)
        found = "SELECT rowid FROM clients_search WHERE clients_search MATCH %s"
        return clients.filter(pk__in=RawSQL(found, [words]))
    for term in terms:
        clients = clients.filter(search__contains=term)
    return clients


def _terms(query: str) -> list[str]:
    digits = search_digits(query)
    letters = any(sign.isalpha() for sign in query)
    if digits and len(digits) >= 3 and not letters:
        return [digits]
    text = query.strip().casefold()
    if "@" in text:
        return [text.replace('"', "")] if len(text) >= 3 else []
    return [word for word in fold(query).split() if len(word) >= 2][:6]


def _lines(clients: ClientQuerySet, limit: int) -> list[tuple[int, str, str, str]]:
    rows = list(clients.order_by("name", "pk").values_list("pk", "name", "inn")[:limit])
    from_phones = Client.objects.filter(pk__in=[row[0] for row in rows], phones__isnull=False)
    phones = dict(from_phones.order_by("-phones__pk").values_list("pk", "phones__e164"))
    return [(pk, name, phones.get(pk, ""), inn) for pk, name, inn in rows]


def by_phone(e164: str) -> ClientQuerySet:
    """Give the live cards with exactly this number, the oldest first."""
    return Client.objects.live().filter(Q(phones__e164=e164)).order_by("created_at", "pk")
