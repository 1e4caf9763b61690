"""Rows of a file as cards: new ones are made, known ones filled, doubles put together."""

from collections.abc import Sequence
from typing import Any

from voronka.clients.loading import (
    TEXTS,
    CardChange,
    CardRow,
    change_cards,
    limits,
    put_cards,
)
from voronka.clients.models import Client, Contact, Mail, Phone
from voronka.foundation.text import is_junk
from voronka.importing.client_index import ClientIndex, Entity, Keys
from voronka.importing.loading import Task
from voronka.importing.row_values import Values

TABLE = "clients.client"


class ClientLoader:
    """Loads clients."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._index = ClientIndex(task.batch_id, task.plan.keys)
        self._limits = limits()

    def resume(self) -> None:
        """Recall the cards of the rows that were written."""
        self._index.remember_written()

    def load(self, chunk: Sequence[Values]) -> None:
        """Decide and write a chunk of rows."""
        keyed = [(row, keys_of(row)) for row in chunk]
        self._index.look_up(keys for _, keys in keyed)
        made: list[tuple[Entity, CardRow]] = []
        cards: dict[int, CardRow] = {}
        touched: list[tuple[Entity, CardRow, bool]] = []
        for row, keys in keyed:
            card = self._card(row, keys)
            found = self._index.find(keys)
            entity, level = found or (Entity(row=row.number, is_made=True), "")
            if not found:
                self._task.report.count("created")
                self._task.report.made("clients")
                made.append((entity, card))
                cards[id(entity)] = card
            elif entity.row:
                self._task.report.double(row.number, entity.row, level)
                if entity.is_made and id(entity) in cards:
                    _join(cards[id(entity)], card)
                else:
                    touched.append((entity, card, True))
            else:
                touched.append((entity, card, False))
            self._index.remember(entity, keys, row.number)
        self._write(made, touched)

    def _write(
        self,
        made: list[tuple[Entity, CardRow]],
        touched: list[tuple[Entity, CardRow, bool]],
    ) -> None:
        task = self._task
        if not task.is_dry:
            put_cards(
                [card for _, card in made],
                batch_id=task.batch_id,
                by_id=task.by_id,
                at=task.at,
            )
            for entity, card in made:
                entity.id = card.id
                task.trace(entity.row, TABLE, card.id)
        self._change(touched)

    def _change(self, touched: list[tuple[Entity, CardRow, bool]]) -> None:
        """Fill or overwrite cards that stand; each card is changed once per chunk."""
        task = self._task
        there = _standing([entity.id for entity, _, _ in touched if entity.id])
        changes: dict[int, CardChange] = {}
        for entity, card, is_double in touched:
            # A card made by this very load is not in the base of a dry run.
            if not entity.id:
                continue
            overwrite = task.plan.on_found == "overwrite" and not is_double
            change = _difference(there[entity.id], card, overwrite=overwrite)
            if not is_double:
                is_same = change is None or task.plan.on_found == "skip"
                task.report.count("unchanged" if is_same else "updated")
                if not task.is_dry:
                    task.trace(entity.row, TABLE, entity.id)
            if change and task.plan.on_found != "skip":
                _put_together(changes, change)
                for name, value in change.columns.items():
                    setattr(there[entity.id].card, name, value)
        if not task.is_dry and changes:
            done = change_cards(
                list(changes.values()), batch_id=task.batch_id, by_id=task.by_id, at=task.at
            )
            task.keep_changes(TABLE, done)

    def _card(self, row: Values, keys: Keys) -> CardRow:
        return card_of(row, keys, self._task, self._limits)


def keys_of(row: Values) -> Keys:
    """Give what a row of clients says of who it is about."""
    return Keys(
        external_id=row.text("external_id"),
        inn=row.text("inn"),
        phones=tuple(one.e164 for one in row.many.get("phone", ())),
        mails=tuple(row.many.get("email", ())),
        name=name_of(row),
    )


def name_of(row: Values) -> str:
    """Give the card's name; where a file has none, the contact, the phone or the mail."""
    for name in ("name", "legal_name", "contact_name"):
        if value := row.text(name):
            return value
    phones, mails = row.many.get("phone", ()), row.many.get("email", ())
    return str(phones[0].e164 if phones else mails[0] if mails else "")


def card_of(row: Values, keys: Keys, task: Task, sizes: dict[str, int]) -> CardRow:
    """Make the card that a row describes."""
    fields = {name: row.text(name)[: sizes[name]] for name in TEXTS if row.text(name)}
    fields["name"] = keys.name[: sizes["name"]]
    custom = {task.names.custom_key("client", k): v for k, v in row.custom.items()}
    return CardRow(
        fields=fields,
        phones=list(row.many.get("phone", ())),
        mails=list(row.many.get("email", ())),
        contact_name=row.text("contact_name") if row.text("contact_name") != keys.name else "",
        contact_post=row.text("contact_post"),
        source_id=task.names.source(row.text("source")),
        manager_id=task.names.person(row.text("owner")),
        created_at=row.one.get("created_at"),
        custom=custom,
    )


class _Standing:
    """A card of the base with the numbers that it has."""

    def __init__(self, card: Client) -> None:
        self.card = card
        self.phones: set[tuple[str, str]] = set()
        self.mails: set[str] = set()
        self.people: set[str] = {""}


def _standing(ids: list[int]) -> dict[int, _Standing]:
    found = {pk: _Standing(card) for pk, card in Client.objects.in_bulk(ids).items()}
    for pk, e164, extension in Phone.objects.filter(client_id__in=ids).values_list(
        "client_id", "e164", "extension"
    ):
        found[pk].phones.add((e164, extension))
    for pk, address in Mail.objects.filter(client_id__in=ids).values_list(
        "client_id", "address"
    ):
        found[pk].mails.add(address)
    for pk, name in Contact.objects.filter(client_id__in=ids).values_list("client_id", "name"):
        found[pk].people.add(name)
    return found


def _join(first: CardRow, second: CardRow) -> None:
    """Fill the empty places of the first row's card from a later row about the same client."""
    for name, value in second.fields.items():
        if name != "kind" and is_junk(first.fields.get(name, "")):
            first.fields[name] = value
    first.phones += [one for one in second.phones if one not in first.phones]
    first.mails += [one for one in second.mails if one not in first.mails]
    first.contact_name = first.contact_name or second.contact_name
    first.contact_post = first.contact_post or second.contact_post
    first.source_id = first.source_id or second.source_id
    first.manager_id = first.manager_id or second.manager_id
    first.custom = {**second.custom, **first.custom}


def _put_together(changes: dict[int, CardChange], change: CardChange) -> None:
    there = changes.setdefault(change.id, change)
    if there is not change:
        there.columns.update(change.columns)
        there.phones += [one for one in change.phones if one not in there.phones]
        there.mails += [one for one in change.mails if one not in there.mails]
        there.contact_name = there.contact_name or change.contact_name


def _difference(there: _Standing, card: CardRow, *, overwrite: bool) -> CardChange | None:
    columns: dict[str, Any] = {}
    for name, value in card.fields.items():
        now = getattr(there.card, name)
        is_free = is_junk(now) if name != "kind" else False
        if value and value != now and (overwrite or is_free):
            columns[name] = value
    for name, given in (("source_id", card.source_id), ("manager_id", card.manager_id)):
        now = getattr(there.card, name)
        if given and given != now and (overwrite or now is None):
            columns[name] = given
    custom = {**card.custom, **there.card.custom} if not overwrite else {
        **there.card.custom, **card.custom
    }  # fmt: skip
    if custom != there.card.custom:
        columns["custom"] = custom
    phones = [one for one in card.phones if (one.e164, one.extension) not in there.phones]
    mails = [one for one in card.mails if one not in there.mails]
    contact = card.contact_name if card.contact_name not in there.people else ""
    if not (columns or phones or mails or contact):
        return None
    return CardChange(
        id=there.card.pk,
        columns=columns,
        phones=phones,
        mails=mails,
        contact_name=contact,
        contact_post=card.contact_post,
    )
