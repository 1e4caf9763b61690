"""The people at a client and their numbers: adding, changing, taking off."""

from datetime import datetime
from typing import Any

from django.db import transaction

from voronka.clients import search_text
from voronka.clients.cards import (
    NameMissingError,
    about_client,
    add_mail_row,
    add_phone_row,
    changeable,
)
from voronka.clients.models import Client, Contact
from voronka.journal import actions as journal
from voronka.journal.kinds import ClientChanged
from voronka.journal.viewer import Viewer


@transaction.atomic
def put_contact(
    *,
    client_id: int,
    contact_id: int | None,
    name: str,
    post: str,
    decides: str,
    phones: list[str],
    mails: list[str],
    by: Viewer,
    at: datetime,
) -> Contact | None:
    """Add a person to a card, or change one. Numbers are added, known ones are left.

    A contact without a name may still bring numbers: they go to the card itself.

    Raises: Client.DoesNotExist, Contact.DoesNotExist, NameMissingError when nothing was given,
        BadPhoneError, BadMailError; none leaves a trace.
    Records: ClientChanged.
    """
    client = changeable(client_id, by)
    before = _lines(client)
    contact = _contact(client, contact_id, name.strip(), post.strip(), decides)
    for text in phones:
        add_phone_row(client, text, contact)
    for text in mails:
        add_mail_row(client, text, contact)
    if contact is None and not phones and not mails:
        raise NameMissingError(field="contact")
    _settle(client, before, by, at)
    return contact


@transaction.atomic
def drop_number(*, client_id: int, table: str, row_id: int, by: Viewer, at: datetime) -> None:
    """Take a phone ("phones"), a mail ("mails") or a person ("contacts") off a card.

    Twice does nothing. The journal keeps what stood there.

    Raises: Client.DoesNotExist. Records: ClientChanged.
    """
    client = changeable(client_id, by)
    before = _lines(client)
    rows: dict[str, Any] = {
        "phones": client.phones,
        "mails": client.mails,
        "contacts": client.contacts,
    }
    if table in rows:
        rows[table].filter(pk=row_id).delete()
    _settle(client, before, by, at)


def _contact(
    client: Client, contact_id: int | None, name: str, post: str, decides: str
) -> Contact | None:
    if contact_id is None and not name:
        return None
    contact = client.contacts.get(pk=contact_id) if contact_id else Contact(client=client)
    if not name:
        raise NameMissingError(field="contact")
    contact.name, contact.post, contact.decides = name[:200], post[:200], decides[:12]
    contact.save()
    return contact


def _lines(client: Client) -> list[str]:
    people = [f"{c.name}, {c.post}, {c.decides}" for c in client.contacts.order_by("pk")]
    phones = [phone.e164 + phone.extension for phone in client.phones.order_by("pk")]
    return people + phones + [mail.address for mail in client.mails.order_by("pk")]


def _settle(client: Client, before: list[str], by: Viewer, at: datetime) -> None:
    after = _lines(client)
    if before == after:
        return
    client.version += 1
    client.save(update_fields=["version"])
    search_text.refresh(client)
    gone = "; ".join(line for line in before if line not in after)
    come = "; ".join(line for line in after if line not in before)
    body = ClientChanged(changes={"contacts": [gone, come]})
    journal.record(body, about=about_client(client), by_id=by.by_id, at=at)
