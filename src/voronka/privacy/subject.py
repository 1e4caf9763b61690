"""Whose data is spoken of: the cards, what hangs on them, and the traces in other texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from voronka.agenda.models import Step
from voronka.calls.models import Call
from voronka.clients.models import Client, Contact, Mail, Phone
from voronka.deals.models import Deal
from voronka.foundation.traces import Traces
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact, FactQuerySet
from voronka.journal.viewer import Viewer

LEAST_NUMBER = 6


@dataclass(frozen=True)
class Subject:
    """A client with the cards that were merged into it, or one person there.

    `name`: as the card or the person is called. Of one person only the inquiries and calls
    with the person's own numbers are listed.
    """

    client_id: int
    contact_id: int | None
    name: str
    client_ids: tuple[int, ...]
    deal_ids: tuple[int, ...]
    inquiry_ids: tuple[int, ...]
    call_ids: tuple[int, ...]
    traces: Traces

    @property
    def is_whole(self) -> bool:
        """Say whether the client as such is meant, not one person there."""
        return self.contact_id is None

    def steps(self) -> Q:
        """Which steps are about these cards and deals."""
        return Q(client_id__in=self.client_ids) | Q(deal_id__in=self.deal_ids)

    def facts(self) -> FactQuerySet:
        """The journal about the cards, their deals, inquiries and calls."""
        cases = [f"client:{pk}" for pk in self.client_ids]
        cases += [f"inquiry:{pk}" for pk in self.inquiry_ids]
        cases += [f"call:{pk}" for pk in self.call_ids]
        steps = Step.objects.filter(self.steps())
        cases += [f"step:{pk}" for pk in steps.values_list("pk", flat=True)]
        about = Q(client_id__in=self.client_ids) | Q(deal_id__in=self.deal_ids)
        return Fact.objects.filter(about | Q(case__in=cases))


def subject(
    *, client_id: int, viewer: Viewer, contact_id: int | None = None, also: Sequence[int] = ()
) -> Subject:
    """Gather a client with all cards merged into it, and `also` other cards of the same.

    Raises: Client.DoesNotExist, Contact.DoesNotExist.
    """
    standing = Client.objects.visible_to(viewer)
    client = standing.get(pk=client_id)
    others = standing.filter(pk__in=also).values_list("pk", flat=True)
    cards = _with_merged([client.pk, *others])
    deals = tuple(Deal.objects.filter(client_id__in=cards).values_list("pk", flat=True))
    contact = Contact.objects.get(pk=contact_id, client_id__in=cards) if contact_id else None
    whose = Q(contact=contact) if contact else Q(client_id__in=cards)
    phones = set(Phone.objects.filter(whose).values_list("e164", flat=True))
    mails = set(Mail.objects.filter(whose).values_list("address", flat=True))
    linked = Q() if contact else Q(client_id__in=cards) | Q(deal_id__in=deals)
    free = Q(client_id__in=cards) | Q(client=None)
    inquiries = Inquiry.objects.filter(
        linked | free & (Q(phone__in=phones) | Q(mail__in=mails) & ~Q(mail=""))
    )
    calls = Call.objects.filter(linked | free & Q(phone__in=phones))
    said = list(inquiries.values_list("pk", "name", "phone", "mail"))
    if not contact:
        phones |= {phone for _, _, phone, _ in said if phone.startswith("+")}
        phones |= {phone for phone in calls.values_list("phone", flat=True) if phone}
        mails |= {mail.casefold() for *_, mail in said if "@" in mail}
    names = [contact.name] if contact else _names(cards) + [name for _, name, *_ in said]
    return Subject(
        client_id=client.pk,
        contact_id=contact_id,
        name=contact.name if contact else client.name,
        client_ids=cards,
        deal_ids=deals,
        inquiry_ids=tuple(pk for pk, *_ in said),
        call_ids=tuple(calls.values_list("pk", flat=True)),
        traces=Traces(
            phones=_own(Phone, "e164", phones, cards),
            mails=_own(Mail, "address", mails, cards),
            numbers=() if contact else _numbers(cards),
            names=tuple(dict.fromkeys(name for name in names if name)),
        ),
    )


def same_elsewhere(one: Subject, *, viewer: Viewer) -> list[tuple[int, str]]:
    """List other cards with a number or an address of this one: id and name; one query."""
    phones = Phone.objects.filter(client_id__in=one.client_ids).values("e164")
    mails = Mail.objects.filter(client_id__in=one.client_ids).values("address")
    rows = Client.objects.visible_to(viewer).filter(
        Q(phones__e164__in=phones) | Q(mails__address__in=mails)
    )
    found = rows.exclude(pk__in=one.client_ids).order_by("pk").distinct()
    return list(found.values_list("pk", "name"))


def _with_merged(ids: Iterable[int]) -> tuple[int, ...]:
    found, fresh = set(ids), set(ids)
    while fresh:
        merged = Client.objects.filter(merged_into_id__in=fresh)
        fresh = set(merged.values_list("pk", flat=True)) - found
        found |= fresh
    return tuple(sorted(found))


def _names(cards: Sequence[int]) -> list[str]:
    rows = Client.objects.filter(pk__in=cards).values_list("name", "legal_name")
    people = Contact.objects.filter(client_id__in=cards).values_list("name", flat=True)
    return [name for row in rows for name in row] + list(people)


def _numbers(cards: Sequence[int]) -> tuple[str, ...]:
    rows = Client.objects.filter(pk__in=cards).values_list("inn", "ogrn", "external_id")
    return tuple({one for row in rows for one in row if len(one) >= LEAST_NUMBER})


def _own(
    table: type[Phone] | type[Mail], column: str, values: set[str], cards: Sequence[int]
) -> tuple[str, ...]:
    """Leave out what stands on another client's card too: there it is that client's."""
    rows = table._default_manager.filter(**{f"{column}__in": values}).exclude(
        client_id__in=cards
    )
    others = rows.filter(client__removed_at=None).values_list(column, flat=True)
    return tuple(sorted(values - set(others)))
