"""Who turns to the department and when, and what becomes of it: plans of inquiries."""

from dataclasses import dataclass
from random import Random

from voronka.config.seeding import texts
from voronka.config.seeding.axis import MINUTE
from voronka.config.seeding.department import Seller
from voronka.config.seeding.firms import full_name, stranger
from voronka.config.seeding.openings import plan_deal, sell_again
from voronka.config.seeding.world import Card, DealPlan, World

CHANNELS = {
    "Форма на сайте": ("form",),
    "Звонок по рекламе": ("call",),
    "Почта": ("mail",),
    "Рекомендация": ("call", "messenger", "hand"),
    "Отраслевая выставка": ("hand",),
    "Повторное обращение": ("call", "mail"),
}
# How much longer than usual the first reply takes.
SLOWNESS = {"form": 1.3, "mail": 2.4, "messenger": 0.8, "call": 0.9}
LIVE_MINUTES = (4, 9, 15, 22, 41, 58, 95, 170, 255, 390)
"""How long ago those came who wait for an answer now, in working minutes."""
TARGETED_SHARE, WITH_DEAL_SHARE = 0.66, 0.9
NORM = 30 * MINUTE


@dataclass(slots=True)
class InquiryPlan:
    """An inquiry's way, in positions; 0 is "not yet". `is_direct`: the call was taken."""

    arrived: int
    channel: str
    source: tuple[int, str, int, float]
    card: Card | None
    name: str
    phone: str
    mail: str
    text: str
    seller: Seller | None = None
    assigned: int = 0
    answered: int = 0
    is_direct: bool = False
    state: str = "new"
    state_reason: str = ""
    classified: int = 0
    is_known: bool = False
    deal: DealPlan | None = None


class Reception:
    """Takes inquiries one after another; remembers who is a client already."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = world.rng
        self._known = [card for card in world.cards if card.created >= 0]
        self._fresh = [card for card in world.cards if card.created < 0][::-1]
        expected = world.size.inquiries * TARGETED_SHARE * WITH_DEAL_SHARE
        self._new_share = len(self._fresh) / max(1.0, expected)
        self._shares = [seller.ways.share for seller in world.department.sellers]
        self._source_shares = [source[2] for source in world.catalogue.sources]

    def take(self, arrived: int, *, is_live: bool = False) -> InquiryPlan:
        """Plan one inquiry from its arrival to the deal that it becomes."""
        rng = self._rng
        plan = self._who(arrived, 1.0 if is_live else rng.random())
        if is_live:
            # Who came in the last minutes has not been given to anybody yet.
            is_taken = arrived < self._world.axis.now - 10 * MINUTE
            plan.state, plan.assigned = "new", arrived if is_taken else 0
            return plan
        self._answer(plan)
        self._classify(plan)
        return plan

    def rest(self) -> list[Card]:
        """Give the cards that no inquiry asked for: they are put in by hand."""
        return self._fresh

    def _who(self, arrived: int, roll: float) -> InquiryPlan:
        rng = self._rng
        source = rng.choices(self._world.catalogue.sources, self._source_shares)[0]
        channel = rng.choice(CHANNELS[source[1]])
        state = _state(roll)
        if state == "spam":
            channel, text = rng.choice(("form", "mail")), rng.choice(texts.SPAM_TEXTS)
        else:
            text = rng.choice(texts.INQUIRY_TEXTS)
            text = text.format(area=rng.randrange(4, 90) * 20, n=rng.randrange(3, 20))
        card = self._client(state, source[1])
        is_known = card is not None and card.created >= 0
        name, phone, mail = _said(rng, card, channel)
        text = "" if channel == "call" else text
        plan = InquiryPlan(arrived, channel, source, card, name, phone, mail, text)
        plan.state, plan.is_known = state, is_known
        plan.seller = card.seller if card and is_known else self._seller()
        return plan

    def _client(self, state: str, source: str) -> Card | None:
        rng = self._rng
        if state == "targeted":
            likely = self._new_share * (0.4 if source == "Повторное обращение" else 1.08)
            if self._fresh and rng.random() < likely:
                return self._fresh.pop()
        elif state != "duplicate":
            return None
        if not self._known:
            return None
        # The longer in the base, the more often again.
        return self._known[int(len(self._known) * rng.random() ** 1.35)]

    def _seller(self) -> Seller:
        return self._rng.choices(self._world.department.sellers, self._shares)[0]

    def _answer(self, plan: InquiryPlan) -> None:
        rng, now = self._rng, self._world.axis.now
        silent = {"spam": 0.85, "duplicate": 0.4, "not_targeted": 0.01}
        if plan.seller is None or rng.random() < silent.get(plan.state, 0):
            return
        plan.is_direct = plan.channel == "call" and rng.random() < 0.75
        usual = plan.seller.ways.answer_minutes * MINUTE
        if plan.is_direct:
            wait = rng.uniform(4, 38)
        elif plan.channel == "hand":
            wait = rng.uniform(1, 90)
        else:
            wait = usual * SLOWNESS[plan.channel] * rng.lognormvariate(0, 0.85)
        left = now - plan.arrived
        if wait >= left - 60:
            if left < NORM:
                return
            wait = left * rng.uniform(0.1, 0.8)
        plan.answered = plan.arrived + max(1, int(wait))
        self._assign(plan)

    def _assign(self, plan: InquiryPlan) -> None:
        handed = plan.arrived + int(self._rng.uniform(30, 200))
        if plan.is_known:
            plan.assigned = plan.arrived
        elif handed < plan.answered and self._rng.random() < 0.75:
            plan.assigned = handed

    def _classify(self, plan: InquiryPlan) -> None:
        rng, now = self._rng, self._world.axis.now
        after = (plan.answered or plan.arrived) + int(rng.uniform(1, 25) * MINUTE)
        if plan.state == "targeted" and not plan.answered or after >= now:
            plan.state = "new"
            return
        plan.classified = after
        if plan.state != "targeted":
            reason = {"spam": "Реклама", "duplicate": "Уже обращались"}.get(plan.state)
            plan.state_reason = reason or rng.choice(texts.NOT_TARGETED)
        elif plan.card and (not plan.is_known or rng.random() < WITH_DEAL_SHARE):
            self._open_deal(plan, plan.card, after)

    def _open_deal(self, plan: InquiryPlan, card: Card, at: int) -> None:
        world, source = self._world, plan.source
        if card.created < 0:
            card.created, card.seller, card.source_id = at, plan.seller, source[0]
            self._known.append(card)
        seller = card.seller or plan.seller
        if seller is not None:
            plan.deal = plan_deal(world, card, seller, (source[0], source[3]), at)


def receive(world: World) -> list[InquiryPlan]:
    """Plan all inquiries of the year, the deals from them, and further deals with clients."""
    size, axis = world.size, world.axis
    live = len(LIVE_MINUTES) if size.inquiries > 500 else 4
    ago = [LIVE_MINUTES[i * len(LIVE_MINUTES) // live] for i in range(live)]
    waiting = [(axis.now - minutes * MINUTE, True) for minutes in ago]
    moments = axis.arrivals(world.rng, size.inquiries - live, since=world.began)
    reception = Reception(world)
    plans = [
        reception.take(at, is_live=is_live)
        for at, is_live in sorted([*((at, False) for at in moments), *waiting])
    ]
    for card in reception.rest():
        card.created = world.rng.randrange(world.began, axis.now)
        card.seller = world.rng.choice(world.department.sellers)
    sell_again(world, size.deals - len(world.deals))
    world.deals.sort(key=lambda deal: deal.opened)
    return plans


def _state(roll: float) -> str:
    for state, top in (("spam", 0.06), ("duplicate", 0.11), ("not_targeted", 0.34)):
        if roll < top:
            return state
    return "targeted"


def _said(rng: Random, card: Card | None, channel: str) -> tuple[str, str, str]:
    if card is None:
        name = full_name(rng) if channel != "call" else ""
        mail = f"mail{rng.randrange(10_000)}@post.example" if channel == "mail" else ""
        return name, "" if channel == "mail" else stranger(rng), mail
    phone = card.phones[0] if card.phones and channel != "mail" else ""
    mail = card.mail if channel in ("mail", "form") else ""
    return card.contact or card.name, phone or (card.phones[0] if not mail else ""), mail
