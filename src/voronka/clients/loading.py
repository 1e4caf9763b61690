"""Cards by the thousand: written raw, with their facts, inside the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model

from voronka.clients.models import Client, Contact, Mail, Phone
from voronka.clients.rules import completeness, completeness_lines
from voronka.clients.search_text import search_text
from voronka.foundation import phones as phone_numbers
from voronka.foundation.bulk_rows import insert, reserve
from voronka.foundation.text import company_key
from voronka.journal import actions as journal
from voronka.journal.kinds import ClientAdded, ClientChanged

TEXTS = (
    "kind", "name", "legal_name", "inn", "kpp", "ogrn", "city", "address", "website",
    "industry", "note", "external_id",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class CardRow:
    """A checked card. Phones in E.164, mails in lower case; `fields` by names of TEXTS."""

    fields: dict[str, str]
    phones: list[phone_numbers.Phone] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    contact_name: str = ""
    contact_post: str = ""
    source_id: int | None = None
    manager_id: int | None = None
    created_at: datetime | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass(slots=True, kw_only=True)
class CardChange:
    """New values for columns of a card that stands, and numbers to add to it."""

    id: int
    columns: dict[str, Any]
    phones: list[phone_numbers.Phone] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    contact_name: str = ""
    contact_post: str = ""


def limits() -> dict[str, int]:
    """Give the length that each text column of a card holds."""
    columns = {field.attname: field for field in Client._meta.concrete_fields}
    return {name: columns[name].max_length or 10_000 for name in TEXTS}


def put_cards(
    rows: Sequence[CardRow], *, batch_id: int, by_id: int | None, at: datetime
) -> None:
    """Insert cards with their people and numbers; ids are set on the rows.

    Must run inside a transaction. Records: ClientAdded each, at `created_at` where known.
    """
    for row, pk in zip(rows, reserve(Client, len(rows)), strict=True):
        row.id = pk
    derived = [_derived(row) for row in rows]
    columns = (
        "id", *TEXTS, "source_id", "manager_id", "custom", "created_at", "completeness",
        "name_key", "search", "batch_id",
    )  # fmt: skip
    insert(
        Client,
        columns,
        (
            (
                row.id,
                *(row.fields.get(name, _DEFAULTS.get(name, "")) for name in TEXTS),
                row.source_id,
                row.manager_id,
                row.custom,
                row.created_at or at,
                *more,
                batch_id,
            )
            for row, more in zip(rows, derived, strict=True)
        ),
    )
    _put_numbers(rows, batch_id)
    journal.record_many(
        journal.fact_of(
            ClientAdded(name=row.fields["name"]),
            about=journal.About(
                case=f"client:{row.id}",
                client_id=row.id,
                owner_id=row.manager_id,
                source_id=row.source_id,
            ),
            by_id=by_id,
            at=row.created_at or at,
            batch_id=batch_id,
        )
        for row in rows
    )


def change_cards(
    changes: Sequence[CardChange], *, batch_id: int, by_id: int | None, at: datetime
) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Write changes; give (id, columns before, columns after) of each card.

    Numbers that a card has already are left. Five queries for any number of cards.
    Records: ClientChanged each.
    """
    cards = Client.objects.in_bulk([change.id for change in changes])
    done = []
    for change in changes:
        card = cards[change.id]
        before = {name: getattr(card, name) for name in change.columns}
        for name, value in change.columns.items():
            setattr(card, name, value)
        card.version += 1
        done.append((change.id, before, dict(change.columns)))
    _put_numbers(changes, batch_id)
    refresh_many(list(cards.values()))
    columns = sorted({name for change in changes for name in change.columns})
    Client.objects.bulk_update(cards.values(), [*columns, "version"], batch_size=200)
    journal.record_many(
        journal.fact_of(
            ClientChanged(changes=_told(before, after, change)),
            about=journal.About(
                case=f"client:{pk}",
                client_id=pk,
                owner_id=cards[pk].manager_id,
                source_id=cards[pk].source_id,
            ),
            by_id=by_id,
            at=at,
            batch_id=batch_id,
        )
        for (pk, before, after), change in zip(done, changes, strict=True)
    )
    return done


def refresh_many(cards: Sequence[Client]) -> None:
    """Work out the derived columns of many cards anew; four queries and the update."""
    ids = [card.pk for card in cards]
    phones = _grouped(Phone, ids, "e164")
    mails = _grouped(Mail, ids, "address")
    people = _grouped(Contact, ids, "name", "decides")
    for card in cards:
        contacts = people.get(card.pk, [])
        values = {name: getattr(card, name) for name in TEXTS} | {
            "phone": next((row[0] for row in phones.get(card.pk, [])), ""),
            "mail": next((row[0] for row in mails.get(card.pk, [])), ""),
            "contact": next((row[0] for row in contacts), ""),
            "decides": next((row[1] for row in contacts if row[1]), ""),
            "source": "set" if card.source_id else "",
        }
        card.search = search_text(
            name=card.name,
            legal_name=card.legal_name,
            inn=card.inn,
            external_id=card.external_id,
            phones=[row[0] for row in phones.get(card.pk, [])],
            mails=[row[0] for row in mails.get(card.pk, [])],
            people=[row[0] for row in contacts],
        )
        card.name_key = company_key(card.name)[:300]
        card.completeness = completeness(completeness_lines(card.kind, values))
    Client.objects.bulk_update(cards, ["search", "name_key", "completeness"], batch_size=200)


_DEFAULTS = {"kind": "company"}


def _grouped(model: type[Model], ids: Iterable[int], *names: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    rows = model._default_manager.filter(client_id__in=list(ids)).order_by("pk")
    for client_id, *values in rows.values_list("client_id", *names):
        found.setdefault(client_id, []).append(values)
    return found


def _derived(row: CardRow) -> tuple[int, str, str]:
    fields = row.fields
    values = dict(row.fields) | {
        "phone": row.phones[0].e164 if row.phones else "",
        "mail": row.mails[0] if row.mails else "",
        "contact": row.contact_name,
        "source": "set" if row.source_id else "",
    }
    search = search_text(
        name=fields["name"],
        legal_name=fields.get("legal_name", ""),
        inn=fields.get("inn", ""),
        external_id=fields.get("external_id", ""),
        phones=[phone.e164 for phone in row.phones],
        mails=row.mails,
        people=[row.contact_name] if row.contact_name else [],
    )
    kind = fields.get("kind", "company")
    filled = completeness(completeness_lines(kind, values))
    return filled, company_key(fields["name"])[:300], search


def _put_numbers(rows: Sequence[CardRow | CardChange], batch_id: int) -> None:
    with_people = [row for row in rows if row.contact_name]
    ids = reserve(Contact, len(with_people))
    contact_ids = {row.id: pk for row, pk in zip(with_people, ids, strict=True)}
    insert(
        Contact,
        ("id", "client_id", "name", "post", "batch_id"),
        (
            (
                contact_ids[row.id],
                row.id,
                row.contact_name[:200],
                row.contact_post[:200],
                batch_id,
            )
            for row in with_people
        ),
    )
    phones = {(row.id, one.e164, one.extension[:10]) for row in rows for one in row.phones}
    mails = {(row.id, one) for row in rows for one in row.mails}
    insert(
        Phone,
        ("client_id", "e164", "extension", "contact_id", "batch_id"),
        ((*one, contact_ids.get(one[0]), batch_id) for one in _new(Phone, phones)),
    )
    insert(
        Mail,
        ("client_id", "address", "contact_id", "batch_id"),
        ((*one, contact_ids.get(one[0]), batch_id) for one in _new(Mail, mails)),
    )


def _new(model: type[Model], wanted: set[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    names = ("client_id", "e164", "extension") if model is Phone else ("client_id", "address")
    ids = {one[0] for one in wanted}
    there = model._default_manager.filter(client_id__in=ids).values_list(*names)
    return sorted(wanted - set(there))


def _told(
    before: Mapping[str, Any], after: Mapping[str, Any], change: CardChange
) -> dict[str, list[object]]:
    told: dict[str, list[object]] = {k: [before[k], after[k]] for k in after if k != "custom"}
    come = [phone.e164 for phone in change.phones] + change.mails + [change.contact_name]
    if any(come):
        told["contacts"] = ["", "; ".join(filter(None, come))]
    return told
