"""Finding cards that are probably the same client: before saving and on the card."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from voronka.clients.cards import BadMailError, clean_mail
from voronka.clients.models import Client, Mail, NotTwins, Phone
from voronka.clients.queries import Card
from voronka.clients.rules import are_twins, name_likeness
from voronka.foundation.errors import RefusalError
from voronka.foundation.phones import parse_phone
from voronka.foundation.text import company_key
from voronka.journal.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Twin:
    """A likely twin. Only `why` is told of a card the reader may not see: id is then None."""

    id: int | None
    name: str
    why: tuple[str, ...]
    likeness: float


def twins(
    *,
    viewer: Viewer,
    name: str = "",
    phones: Iterable[str] = (),
    mails: Iterable[str] = (),
    inn: str = "",
    except_id: int | None = None,
    limit: int = 5,
) -> list[Twin]:
    """List the cards that share a phone, mail or INN, or are named nearly the same.

    Half-typed numbers are no error, they just match nothing. At most five queries.
    """
    reasons: dict[int, set[str]] = {}
    _by_numbers(reasons, phones, mails, inn)
    likeness = _by_name(reasons, name)
    ids = set(reasons) - {except_id} - _told_apart(except_id)
    if not ids:
        return []
    reach = viewer.reach("client", "read")
    rows = Client.objects.live().filter(pk__in=ids)
    found = []
    for pk, card_name, manager_id in rows.values_list("pk", "name", "manager_id"):
        is_visible = reach is None or manager_id in reach
        found.append(
            Twin(
                id=pk if is_visible else None,
                name=card_name if is_visible else "",
                why=tuple(sorted(reasons[pk])),
                likeness=likeness.get(pk, 0.0),
            )
        )
    return sorted(found, key=lambda twin: (-len(twin.why), -twin.likeness, twin.name))[:limit]


def twins_of_card(*, viewer: Viewer, card: Card) -> list[Twin]:
    """List the likely twins of a card that stands in the base."""
    return twins(
        viewer=viewer,
        name=card.name,
        phones=[phone.text for contact in card.contacts for phone in contact.phones],
        mails=[mail.text for contact in card.contacts for mail in contact.mails],
        inn=card.fields["inn"],
        except_id=card.id,
    )


def _by_numbers(
    reasons: dict[int, set[str]], phones: Iterable[str], mails: Iterable[str], inn: str
) -> None:
    numbers = {e164 for text in phones if (e164 := _phone(text))}
    addresses = {address for text in mails if (address := _mail(text))}
    if numbers:
        rows = Phone.objects.filter(e164__in=numbers)
        for pk in rows.values_list("client_id", flat=True)[:50]:
            reasons.setdefault(pk, set()).add("phone")
    if addresses:
        letters = Mail.objects.filter(address__in=addresses)
        for pk in letters.values_list("client_id", flat=True)[:50]:
            reasons.setdefault(pk, set()).add("mail")
    if len(inn) in (10, 12):
        for pk in Client.objects.live().filter(inn=inn).values_list("pk", flat=True)[:50]:
            reasons.setdefault(pk, set()).add("inn")


def _by_name(reasons: dict[int, set[str]], name: str) -> dict[int, float]:
    """Compare with the cards whose key begins alike: an index range, not the whole base."""
    key = company_key(name)
    if len(key) < 3:
        return {}
    starts = Q(name_key=key)
    for word in sorted(key.split(), key=len)[-2:]:
        starts |= Q(name_key__gte=word[:4], name_key__lt=word[:4] + "\uffff")
    rows = Client.objects.live().filter(starts).values_list("pk", "name_key")[:500]
    likeness = {}
    for pk, other in rows:
        score = name_likeness(key, other)
        if are_twins(score, min(len(key), len(other))):
            reasons.setdefault(pk, set()).add("name")
            likeness[pk] = score
    return likeness


def _told_apart(client_id: int | None) -> set[int]:
    if client_id is None:
        return set()
    rows = NotTwins.objects.filter(Q(first_id=client_id) | Q(second_id=client_id))
    return {pk for pair in rows.values_list("first_id", "second_id") for pk in pair}


def _phone(text: str) -> str:
    try:
        return parse_phone(text).e164
    except RefusalError:
        return ""


def _mail(text: str) -> str:
    try:
        return clean_mail(text)
    except BadMailError:
        return ""
