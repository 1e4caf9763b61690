"""Reads about clients for screens."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q

from voronka.clients.contact_rows import ContactRow, people_at
from voronka.clients.finding import matching
from voronka.clients.models import Client, CustomField, Merge, Source
from voronka.clients.rules import Line
from voronka.clients.search_text import lines_with
from voronka.foundation.recent import kept_for
from voronka.journal.viewer import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A card in the list."""

    id: int
    name: str
    kind: str
    city: str
    inn: str
    manager: str
    completeness: int
    created_at: datetime
    phone: str


@dataclass(frozen=True, slots=True)
class Card:
    """All of a client's card."""

    id: int
    version: int
    kind: str
    fields: dict[str, str]
    source: str
    manager_id: int | None
    manager: str
    created_at: datetime
    completeness: int
    lines: list[Line]
    contacts: list[ContactRow]
    custom: dict[str, Any]
    merged: list[tuple[int, int, str, datetime]] = field(default_factory=list)
    merged_ids: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The client's name."""
        return self.fields["name"]


def client_list(
    *,
    viewer: Viewer,
    query: str = "",
    manager_id: int | None = None,
    below: int | None = None,
    after: tuple[str, int] | None = None,
) -> list[ClientRow]:
    """List cards by name, a page of 50 from `after` (name, id), two queries.

    `below`: only cards less complete than this percentage.
    """
    rows = Client.objects.visible_to(viewer)
    if query:
        rows = matching(rows, query)
    if manager_id is not None:
        rows = rows.filter(manager_id=manager_id)
    if below is not None:
        rows = rows.filter(completeness__lt=below)
    if after is not None:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    page = list(
        rows.order_by("name", "pk").values_list(
            "pk", "name", "kind", "city", "inn", "manager__name", "completeness", "created_at"
        )[: PAGE + 1]
    )
    with_phones = Client.objects.filter(pk__in=[row[0] for row in page], phones__isnull=False)
    phones = dict(with_phones.order_by("-phones__pk").values_list("pk", "phones__e164"))
    return [ClientRow(*row[:5], row[5] or "", *row[6:], phones.get(row[0], "")) for row in page]


def client_count(*, viewer: Viewer) -> int:
    """Count the visible cards."""
    return Client.objects.visible_to(viewer).count()


def card(*, viewer: Viewer, client_id: int) -> Card:
    """Give a card; a merged one gives the card it went into. Three queries, one more for those.

    Raises: Client.DoesNotExist when there is none, or the viewer may not see it.
    """
    rows = Client.objects.visible_to(viewer).select_related("manager", "source")
    rows = rows.prefetch_related(Prefetch("merges", _live_merges()))
    client = rows.filter(pk=client_id).first() or rows.get(pk=_standing(client_id))
    people = people_at(client.pk)
    phones = [phone.text for row in people for phone in row.phones]
    mails = [mail.text for row in people for mail in row.mails]
    named = [(row.name, row.decides) for row in people if row.id]
    names = (
        "kind", "name", "legal_name", "inn", "kpp", "ogrn", "city", "address", "website",
        "industry", "note", "external_id",
    )  # fmt: skip
    return Card(
        id=client.pk,
        version=client.version,
        kind=client.kind,
        fields={name: getattr(client, name) for name in names},
        source=client.source.name if client.source else "",
        manager_id=client.manager_id,
        manager=client.manager.name if client.manager else "",
        created_at=client.created_at,
        completeness=client.completeness,
        lines=lines_with(client, phones=phones, mails=mails, people=named),
        contacts=people,
        custom=client.custom,
        merged=[(m.pk, m.other_id, m.other.name, m.at) for m in client.merges.all()],
        merged_ids=[m.other_id for m in client.merges.all()],
    )


def _live_merges() -> Any:
    return Merge.objects.filter(undone_at=None).select_related("other").order_by("-at")


def _standing(client_id: int) -> int:
    """Follow merges to the card that stands; one query for a card that was never merged."""
    for _ in range(10):
        into = (
            Client.objects.filter(pk=client_id).values_list("merged_into_id", flat=True).first()
        )
        if into is None:
            break
        client_id = into
    return client_id


def contacts_of(*, client_id: int) -> list[tuple[str, str, str]]:
    """List a client's numbers with whose they are: name, post, E.164. One query."""
    rows = Client.objects.filter(pk=client_id, phones__isnull=False)
    found = rows.order_by("phones__pk").values_list(
        "phones__contact__name", "phones__contact__post", "phones__e164"
    )
    return [(name or "", post or "", e164) for name, post, e164 in found]


def sources() -> list[tuple[int, str]]:
    """List the sources by name."""
    return list(Source.objects.order_by("name").values_list("pk", "name"))


@kept_for(30)
def source_names() -> dict[int, str]:
    """Give the names of the sources by id; one that is just made may lack for half a minute."""
    return dict(Source.objects.values_list("pk", "name"))


def custom_field_usage() -> dict[int, int]:
    """Count, for each live field of a client's card, the cards that fill it."""
    keys = CustomField.objects.filter(scope="client", retired_at=None)
    found = {}
    for field_row in keys:
        rows = Client.objects.live().filter(**{f"custom__{field_row.key}__isnull": False})
        found[field_row.pk] = rows.aggregate(n=Count("pk"))["n"]
    return found


def client_names(*, viewer: Viewer, ids: Iterable[int]) -> dict[int, str]:
    """Give the names of the cards among `ids` that the viewer may see, one query."""
    rows = Client.objects.visible_to(viewer).filter(pk__in=list(ids))
    return dict(rows.values_list("pk", "name"))
