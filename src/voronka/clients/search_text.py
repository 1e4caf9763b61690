"""What a card is found by, and how full it is: derived from the card and its people."""

from collections.abc import Iterable

from voronka.clients.models import Client
from voronka.clients.rules import Line, completeness, completeness_lines
from voronka.foundation.text import company_key, fold


def refresh(client: Client) -> None:
    """Work out the derived columns anew after the card, a phone or a mail changed.

    Five queries; to be called inside the action's transaction.
    """
    phones = [phone.e164 for phone in client.phones.all()]
    mails = [mail.address for mail in client.mails.all()]
    people = [contact.name for contact in client.contacts.all()]
    client.search = search_text(
        name=client.name,
        legal_name=client.legal_name,
        inn=client.inn,
        external_id=client.external_id,
        phones=phones,
        mails=mails,
        people=people,
    )
    client.name_key = company_key(client.name)[:300]
    client.completeness = completeness(lines_of(client))
    client.save(update_fields=["search", "name_key", "completeness"])


def search_text(
    *,
    name: str,
    legal_name: str,
    inn: str,
    external_id: str,
    phones: Iterable[str],
    mails: Iterable[str],
    people: Iterable[str],
) -> str:
    """Fold everything a person may type to find the card into one line."""
    words = fold(" ".join([name, legal_name, *people]))
    exact = [
        inn,
        external_id.casefold(),
        *mails,
        *(p.lstrip("+") for p in phones),
    ]
    return " ".join([words, *(word for word in exact if word)])


def lines_of(client: Client) -> list[Line]:
    """List the weighted fields of a card with what is filled."""
    return lines_with(
        client,
        phones=[phone.e164 for phone in client.phones.all()],
        mails=[mail.address for mail in client.mails.all()],
        people=[(contact.name, contact.decides) for contact in client.contacts.all()],
    )


def lines_with(
    client: Client,
    *,
    phones: Iterable[str],
    mails: Iterable[str],
    people: Iterable[tuple[str, str]],
) -> list[Line]:
    """List the weighted fields of a card whose people, (name, decides), were read before."""
    people = list(people)
    values = {
        "phone": next(iter(phones), ""),
        "mail": next(iter(mails), ""),
        "contact": next((name for name, _ in people), ""),
        "decides": next((decides for _, decides in people if decides), ""),
        "source": "set" if client.source_id else "",
        **{name: getattr(client, name) for name in ("inn", "industry", "city", "address")},
    }
    return completeness_lines(client.kind, values)
