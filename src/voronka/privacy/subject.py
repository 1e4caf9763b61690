"""Whose data is spoken of: the cards, what hangs on them, and the traces in other texts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from voronka.agenda.models import Step
from voronka.clients.models import Client, Contact
from voronka.foundation.traces import Traces
from voronka.journal.models import Fact, FactQuerySet
from voronka.journal.viewer import Viewer
from voronka.privacy.gathering import (
    cards_of,
    held_elsewhere,
    hung_on,
    names_of,
    numbers_on,
    same_cards,
    spoken_with,
)


@dataclass(frozen=True)
class Subject:
    """A client with the cards that were merged into it, or one person there.

    `name`: as the card or the person is called. Of one person only the inquiries and calls
    with the person's own numbers are listed. `same_elsewhere`: other cards with a number or an
    address of this one, id and name.
    """

    client_id: int
    contact_id: int | None
    name: str
    manager_id: int | None
    client_ids: tuple[int, ...]
    deal_ids: tuple[int, ...]
    inquiry_ids: tuple[int, ...]
    call_ids: tuple[int, ...]
    traces: Traces
    same_elsewhere: tuple[tuple[int, str], ...]

    @property
    def is_whole(self) -> bool:
        """Say whether the client as such is meant, not one person there."""
        return self.contact_id is None

    def steps(self) -> Q:
        """Which steps are about these cards and deals."""
        return Q(client_id__in=self.client_ids) | Q(deal_id__in=self.deal_ids)

    def letters(self) -> Q:
        """Which letters were written to these cards; of one person: to that one's addresses."""
        cards = Q(client_id__in=self.client_ids) | Q(deal_id__in=self.deal_ids)
        own = Q(to__in=[*self.traces.phones, *self.traces.mails])
        return cards if self.is_whole else cards & own

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

    Four queries, and one more with `also`. Raises: Client.DoesNotExist, Contact.DoesNotExist.
    """
    standing = Client.objects.visible_to(viewer)
    others = standing.filter(pk__in=also).values_list("pk", flat=True) if also else ()
    cards = cards_of([client_id, *others], standing)
    client = next((one for one in cards if one.pk == client_id and one.is_seen), None)
    if client is None:
        raise Client.DoesNotExist
    ids = tuple(one.pk for one in cards)
    hung = hung_on(ids, contact_id)
    contact = next((said for pk, said in hung["contact"] if pk == contact_id), None)
    if contact_id and contact is None:
        raise Contact.DoesNotExist
    phones, mails = ({said for _, said in hung[what]} for what in ("phone", "mail"))
    deals = tuple(pk for pk, _ in hung["deal"])
    linked = Q() if contact_id else Q(client_id__in=ids) | Q(deal_id__in=deals)
    spoken = spoken_with(linked, Q(client_id__in=ids) | Q(client=None), phones, mails)
    wider = (set(phones), set(mails))
    if not contact_id:
        wider[0].update(number for *_, number, _ in spoken if number.startswith("+"))
        wider[0].update(number for what, *_, number, _ in spoken if what == "call" and number)
        wider[1].update(mail.casefold() for *_, mail in spoken if "@" in mail)
    elsewhere = held_elsewhere(*wider, ids, standing)
    names = [contact or ""] if contact_id else names_of(cards, hung, spoken)
    taken = {(one.what, one.said) for one in elsewhere}
    return Subject(
        client_id=client.pk,
        contact_id=contact_id,
        name=client.name if contact is None else contact,
        manager_id=client.manager_id,
        client_ids=ids,
        deal_ids=deals,
        inquiry_ids=tuple(pk for what, pk, *_ in spoken if what == "inquiry"),
        call_ids=tuple(pk for what, pk, *_ in spoken if what == "call"),
        traces=Traces(
            # What stands on another client's card too is that client's there.
            phones=tuple(sorted(one for one in wider[0] if ("phone", one) not in taken)),
            mails=tuple(sorted(one for one in wider[1] if ("mail", one) not in taken)),
            numbers=() if contact_id else numbers_on(cards),
            names=tuple(dict.fromkeys(name for name in names if name)),
        ),
        same_elsewhere=same_cards(elsewhere, phones | mails),
    )
