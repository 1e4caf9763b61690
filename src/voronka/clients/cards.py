"""Adding and changing a client's card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from voronka.clients import search_text
from voronka.clients.custom_fields import clean_custom
from voronka.clients.models import Client, Contact, Mail, Phone, Source
from voronka.foundation import tax_numbers
from voronka.foundation.errors import RefusalError
from voronka.foundation.phones import parse_phone
from voronka.journal import actions as journal
from voronka.journal.kinds import ClientAdded, ClientChanged, ClientHandedOver, NoteWritten
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

TEXT_FIELDS = (
    "kind", "name", "legal_name", "inn", "kpp", "ogrn", "city", "address", "website",
    "industry", "note", "external_id",
)  # fmt: skip


class NameMissingError(RefusalError):
    """A card needs a name."""

    code = "name_missing"


class BadMailError(RefusalError):
    """The text is no mail address. details: text."""

    code = "bad_mail"


class ChangedMeanwhileError(RefusalError):
    """Somebody else changed the row since it was read; nothing was overwritten."""

    code = "changed_meanwhile"


@dataclass(frozen=True, kw_only=True)
class NewClient:
    """What a new card starts with. Phones and mails as typed; they are normalised here."""

    name: str
    kind: str = "company"
    fields: Mapping[str, str] = field(default_factory=dict)
    phones: Sequence[str] = ()
    mails: Sequence[str] = ()
    contact_name: str = ""
    contact_post: str = ""
    source: str = ""
    manager_id: int | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_client(new: NewClient, *, by: Viewer, at: datetime) -> Client:
    """Put a card into the base; the manager is `by` unless said otherwise.

    Raises: NameMissingError, BadPhoneError, BadMailError, BadTaxNumberError,
        PermissionError when `by` may not change clients; none leaves a trace.
    Records: ClientAdded.
    """
    if not by.may("client", "change"):
        raise PermissionError("client")
    client = Client(created_at=at, manager_id=new.manager_id or by.by_id)
    _put(client, {"name": new.name, "kind": new.kind, **new.fields})
    client.custom = clean_custom("client", new.custom, before={})
    client.source = source_named(new.source)
    client.save(force_insert=True)
    contact = None
    if new.contact_name.strip():
        contact = client.contacts.create(
            name=new.contact_name.strip()[:200], post=new.contact_post.strip()[:200]
        )
    for text in new.phones:
        add_phone_row(client, text, contact)
    for text in new.mails:
        add_mail_row(client, text, contact)
    search_text.refresh(client)
    about = about_client(client)
    journal.record(ClientAdded(name=client.name), about=about, by_id=by.by_id, at=at)
    return client


@transaction.atomic
def change_client(
    *,
    client_id: int,
    fields: Mapping[str, str],
    by: Viewer,
    at: datetime,
    source: str | None = None,
    custom: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Client:
    """Change fields of a card; unchanged ones are no change, a second click records nothing.

    `version` is the one that the person saw: another one means that somebody was faster.

    Raises: Client.DoesNotExist (also when `by` may not change it), ChangedMeanwhileError,
        NameMissingError, BadTaxNumberError; none leaves a trace.
    Records: ClientChanged.
    """
    client = changeable(client_id, by)
    if version is not None and version != client.version:
        raise ChangedMeanwhileError(version=client.version)
    before = _snapshot(client)
    _put(client, fields)
    if source is not None:
        client.source = source_named(source)
    if custom is not None:
        client.custom = clean_custom("client", custom, before=client.custom)
    after = _snapshot(client)
    names = dict.fromkeys([*before, *after])
    changes = {k: [before.get(k), after.get(k)] for k in names if before.get(k) != after.get(k)}
    if not changes:
        return client
    client.version += 1
    client.save()
    search_text.refresh(client)
    about = about_client(client)
    journal.record(ClientChanged(changes=changes), about=about, by_id=by.by_id, at=at)
    return client


@transaction.atomic
def hand_over_client(*, client_id: int, to_id: int, by: Viewer, at: datetime) -> Client:
    """Give the card to another active person; to the same one does nothing.

    Raises: Client.DoesNotExist, Person.DoesNotExist.
    Records: ClientHandedOver.
    """
    client = changeable(client_id, by)
    to = Person.objects.get(pk=to_id, is_active=True)
    if client.manager_id == to.pk:
        return client
    body = ClientHandedOver(from_id=client.manager_id, to_id=to.pk)
    client.manager = to
    Client.objects.filter(pk=client.pk).update(manager=to, version=F("version") + 1)
    journal.record(body, about=about_client(client), by_id=by.by_id, at=at)
    return client


@transaction.atomic
def write_note(*, client_id: int, text: str, by: Viewer, at: datetime) -> None:
    """Put a note on the card's timeline.

    Raises: Client.DoesNotExist, NameMissingError when the note is empty.
    Records: NoteWritten.
    """
    client = changeable(client_id, by)
    if not text.strip():
        raise NameMissingError(field="note")
    note = NoteWritten(text=text.strip()[:10_000])
    journal.record(note, about=about_client(client), by_id=by.by_id, at=at)


def changeable(client_id: int, by: Viewer) -> Client:
    """Fetch and lock a card that `by` may change. Raises: Client.DoesNotExist."""
    rows = Client.objects.changeable_by(by).select_for_update(of=("self",))
    return rows.get(pk=client_id)


def about_client(client: Client) -> journal.About:
    """Name the card and its dimensions for the journal."""
    return journal.About(
        case=client.case,
        client_id=client.pk,
        owner_id=client.manager_id,
        source_id=client.source_id,
    )


def source_named(name: str) -> Source | None:
    """Find a source by name, making it when it is new; "" is none."""
    name = name.strip()[:120]
    return Source.objects.get_or_create(name=name)[0] if name else None


def known_source(name: str) -> Source | None:
    """Find a source by name among those there are."""
    name = name.strip()[:120]
    return Source.objects.filter(name=name).first() if name else None


def add_phone_row(client: Client, text: str, contact: Contact | None) -> Phone:
    """Normalise and add a number, once per card. Raises: BadPhoneError."""
    phone = parse_phone(text)
    row, _ = Phone.objects.get_or_create(
        client=client,
        e164=phone.e164,
        extension=phone.extension[:10],
        defaults={"contact": contact},
    )
    return row


def add_mail_row(client: Client, text: str, contact: Contact | None) -> Mail:
    """Clean and add a mail address, once per card. Raises: BadMailError."""
    address = clean_mail(text)
    row, _ = Mail.objects.get_or_create(
        client=client, address=address, defaults={"contact": contact}
    )
    return row


def clean_mail(text: str) -> str:
    """Give the address in lower case. Raises: BadMailError."""
    address = text.strip().strip("<>").casefold()
    name, at_sign, domain = address.rpartition("@")
    is_sound = name and at_sign and "." in domain and " " not in address
    if not is_sound or len(address) > 200 or domain.startswith(".") or domain.endswith("."):
        raise BadMailError(text=text[:100])
    return address


def _put(client: Client, fields: Mapping[str, str]) -> None:
    for name in TEXT_FIELDS:
        if name in fields:
            limit = getattr(Client._meta.get_field(name), "max_length", None)
            value = fields[name].strip()
            setattr(client, name, value[:limit] if limit else value)
    if not client.name:
        raise NameMissingError(field="name")
    checks = (
        ("inn", tax_numbers.check_inn),
        ("kpp", tax_numbers.check_kpp),
        ("ogrn", tax_numbers.check_ogrn),
    )
    for name, check in checks:
        if fields.get(name, "").strip():
            setattr(client, name, check(fields[name]))


def _snapshot(client: Client) -> dict[str, Any]:
    seen: dict[str, Any] = {name: getattr(client, name) for name in TEXT_FIELDS}
    seen["source"] = client.source.name if client.source else ""
    return seen | client.custom
