"""Cards filled as their managers fill them: some with care, some with a dash."""

from typing import Any

from voronka.clients import rules
from voronka.clients.models import Client, Contact, Mail, Phone
from voronka.clients.search_text import search_text
from voronka.config.seeding import names_ru as words
from voronka.config.seeding.axis import DAY
from voronka.config.seeding.catalogue import FACILITIES
from voronka.config.seeding.texts import NOTES
from voronka.config.seeding.world import Card, Past, World
from voronka.foundation.bulk_rows import insert
from voronka.foundation.text import company_key
from voronka.journal.actions import About
from voronka.journal.kinds import ClientAdded, ClientChanged, NoteWritten

FILLED_LATER = 0.035
"""Of the cards with deals: thin at first, filled after the slip was seen."""


def tell_cards(world: World) -> None:
    """Write down when each card came into the base, and the notes on it."""
    rng, ledger = world.rng, world.ledger
    for card in world.cards:
        if card.created < 0 or card.seller is None:
            continue
        about, at = _about(card), world.axis.epoch(card.created)
        ledger.add(at, ClientAdded(name=card.name), about, card.seller.id)
        if rng.random() < 0.04:
            later = rng.randrange(card.created, world.axis.now)
            note = NoteWritten(text=rng.choice(NOTES))
            ledger.add(world.axis.epoch(later), note, about, card.seller.id)


def write_cards(world: World) -> int:
    """Insert clients, contacts, phones and mails; give how many clients there are."""
    drafts = [_Draft(world, card) for card in world.cards if card.created >= 0 and card.seller]
    batch_id = world.batch_id
    contacts = [(d.contact_id, d.card.id, d.contact, d.post, d.decides, batch_id)
                for d in drafts if d.contact]  # fmt: skip
    Client.objects.bulk_create((draft.row() for draft in drafts), batch_size=500)
    columns = ("id", "client_id", "name", "post", "decides", "batch_id")
    insert(Contact, columns, contacts)
    phones = (
        (d.card.id, d.contact_id if n == 0 and d.contact else None, phone, batch_id)
        for d in drafts
        for n, phone in enumerate(d.card.phones)
    )
    insert(Phone, ("client_id", "contact_id", "e164", "batch_id"), phones)
    mails = ((d.card.id, d.card.mail, batch_id) for d in drafts if d.card.mail)
    insert(Mail, ("client_id", "address", "batch_id"), mails)
    return len(drafts)


def fill_later(world: World) -> None:
    """Let some cards have been thin for some days: a slip that a change of the card closed."""
    rng = world.rng
    for deal in world.deals:
        card, ended = deal.card, deal.visits[-1].end
        if deal.is_repeat or card.is_thin or not card.inn or not world.is_recent(deal.opened):
            continue
        if rng.random() > FILLED_LATER * 4:
            continue
        at = deal.opened + int(rng.uniform(0.1, 3) * DAY)
        if at >= min(ended, world.axis.now):
            continue
        changes: dict[str, list[object]] = {"inn": ["", card.inn], "city": ["-", card.city]}
        body, epoch = ClientChanged(changes=changes), world.axis.epoch(at)
        entry = world.ledger.add(epoch, body, _about(card), deal.seller.id)
        world.past.append(
            Past(
                rule="thin_card",
                subject=f"client:{card.id}",
                seller_id=deal.seller.id,
                since=world.axis.epoch(deal.opened),
                closing=entry,
                amount=deal.amount,
                stage_id=deal.funnel.stages[0].id,
                evidence={"percent": 45, "threshold": 60, "amount": deal.amount},
                client_id=card.id,
                deal_id=deal.id,
            )
        )
        card.is_full = True


class _Draft:
    """One card being filled: what stands in which field."""

    def __init__(self, world: World, card: Card) -> None:
        self.card = card
        self._world = world
        self._rng = world.rng
        care = card.seller.ways.care if card.seller else 0.5
        if card.is_thin:
            care = 0.1
        elif card.is_open or card.is_full:
            care = max(care, 0.9)
        self._care = care
        self._must = (card.is_open or card.is_full) and not card.is_thin
        self.contact = self._kept(card.contact, care + 0.1)
        self.contact_id = world.ids.next(Contact) if self.contact else None
        self.post = self._rng.choice(words.POSTS) if self.contact else ""
        knows = self._rng.random() < care or self._must
        self.decides = self._who_decides() if self.contact and knows else ""
        self._source_id = card.source_id
        if self._must and not card.source_id:
            self._source_id = self._rng.choice(world.catalogue.sources)[0]

    def row(self) -> Client:
        """Give the card with everything that is worked out from it."""
        card, care, world = self.card, self._care, self._world
        is_company = card.kind == "company"
        client = Client(
            id=card.id,
            kind=card.kind,
            name=card.name,
            legal_name=card.legal_name if self._rng.random() < care else "",
            inn=self._kept(card.inn, care) if is_company else "",
            city=self._scribbled(card.city, care + 0.1),
            address=self._scribbled(card.address, care - 0.1) if is_company else "",
            industry=self._scribbled(card.industry, care) if is_company else "",
            source_id=self._source_id,
            manager_id=card.seller.id if card.seller else None,
            custom=self._custom(),
            created_at=world.axis.moment(card.created),
            batch_id=world.batch_id,
        )
        client.kpp = card.kpp if client.inn else ""
        people = [self.contact] if self.contact else []
        mails = [card.mail] if card.mail else []
        client.search = search_text(
            name=client.name,
            legal_name=client.legal_name,
            inn=client.inn,
            external_id=client.external_id,
            phones=card.phones,
            mails=mails,
            people=people,
        )
        client.name_key = company_key(client.name)[:300]
        client.completeness = rules.completeness(self._lines(client))
        return client

    def _lines(self, client: Client) -> list[rules.Line]:
        values = {
            "phone": self.card.phones[0] if self.card.phones else "",
            "mail": self.card.mail,
            "contact": self.contact,
            "decides": self.decides,
            "source": "set" if client.source_id else "",
            "inn": client.inn,
            "industry": client.industry,
            "city": client.city,
            "address": client.address,
        }
        return rules.completeness_lines(client.kind, values)

    def _kept(self, value: str, likely: float) -> str:
        if self._must:
            return value
        return value if self._rng.random() < likely and not self.card.is_thin else ""

    def _scribbled(self, value: str, likely: float) -> str:
        if self._rng.random() < 0.05 and not self._must:
            return self._rng.choice(words.JUNK)
        return value if self._rng.random() < likely else ""

    def _who_decides(self) -> str:
        return self._rng.choices(("yes", "with_others", "no"), weights=(5, 3, 2))[0]

    def _custom(self) -> dict[str, Any]:
        catalogue = self._world.catalogue
        custom: dict[str, Any] = {}
        if self.card.kind == "company" and self._rng.random() < self._care - 0.3:
            custom[catalogue.area_key] = self._rng.randrange(4, 200) * 25
            custom[catalogue.facility_key] = self._rng.choice(FACILITIES)
        return custom


def _about(card: Card) -> About:
    return About(
        case=f"client:{card.id}",
        client_id=card.id,
        owner_id=card.seller.id if card.seller else None,
        source_id=card.source_id,
    )
