"""The peers' base: 20 sellers, all alike, and two years behind them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from random import Random

from django.db import transaction

from voronka.calls.past_call_backs import lay_past_of
from voronka.config.benching.shares import draw_shares
from voronka.config.seeding import cards, catalogue, deal_rows, deals, department, slips
from voronka.config.seeding.agenda import Diary
from voronka.config.seeding.arrivals import InquiryPlan, receive
from voronka.config.seeding.axis import line
from voronka.config.seeding.calls import Switchboard
from voronka.config.seeding.firms import draw_cards
from voronka.config.seeding.inquiries import write_inquiries
from voronka.config.seeding.ledger import Ledger
from voronka.config.seeding.openings import sell_again
from voronka.config.seeding.world import Size, World
from voronka.control.watch import look_at_all
from voronka.deals.chances import refresh_chances
from voronka.foundation.bulk_rows import Ids, refresh_statistics
from voronka.foundation.recent import changed
from voronka.journal.kinds import NoteWritten
from voronka.journal.models import Batch
from voronka.people import settings as people_settings
from voronka.people.models import Setting

KIND = "bench"
# What is being made, and when it begins: of a thousand parts of the whole time.
PARTS = {
    "people": 0, "plans": 10, "clients": 60, "deals": 165, "inquiries": 395, "calls": 420,
    "facts": 445, "slips": 950,
}  # fmt: skip
WHOLE = 1000
SLICE = 50_000
Progress = Callable[[int, str], None]
SELLERS, ACTIVITIES = 20, 200_000
SIZE = Size(
    months=24,
    clients=20_000,
    old_clients=8_000,
    inquiries=24_000,
    deals=50_000,
    calls=0,
    open_days=60.0,
    won_share=0.25,
    slips=6_000,
)
OPEN_SHARE, WON_SHARE = 0.12, 0.25
CALLS = 0.2
"""How much a seller telephones about deals; what lacks then is other calls."""
FLAWED = 9.0
"""As many times more deals with a flaw than in the demonstration as there are deals."""


def seed_peers(
    *, now: datetime, seed: int = 11, progress: Progress, scale: float = 1.0
) -> None:
    """Fill an empty, migrated database; one transaction, a batch of the kind "bench".

    `progress` gets how far it is of WHOLE, and what is being made. Activities are calls,
    steps, inquiries and notes, each counted once. `scale` is for tests.
    """
    now = now.replace(microsecond=0)
    with transaction.atomic():
        plan = {"company_name": "Bench", "month_plan_kopecks": round(190_000_000_00 * scale)}
        for name, value in plan.items():
            Setting.objects.update_or_create(name=name, defaults={"value": value})
        changed()
        batch = Batch.objects.create(kind=KIND, title="Bench", at=now)
        _fill(_world(now, Random(seed), scale, batch.pk), now, scale, progress)
        look_at_all(now=now)
    refresh_statistics()
    changed()
    progress(WHOLE, "")


def scaled(scale: float) -> Size:
    """Give the size of the base, or of a part of it for tests."""
    counts = ("clients", "old_clients", "inquiries", "deals", "slips")
    return replace(SIZE, **{name: round(getattr(SIZE, name) * scale) for name in counts})


def _world(now: datetime, rng: Random, scale: float, batch_id: int) -> World:
    ids, size = Ids(), scaled(scale)
    calendar = people_settings.calendar(people_settings.all_settings())
    axis = line(calendar, now=now, months=size.months + 18)
    began = axis.now - round(axis.now * size.months / (size.months + 18))
    ledger = Ledger(ids, batch_id)
    staff = department.hire_peers(ids=ids, ledger=ledger, now=now, n=SELLERS)
    quiet = [replace(one, ways=replace(one.ways, calls=CALLS)) for one in staff.sellers]
    staff = replace(staff, sellers=quiet)
    goods = catalogue.stock(ids=ids, batch_id=batch_id)
    world = World(rng, axis, ids, ledger, size, staff, goods, began)
    world.cards = draw_cards(rng, ids, size.clients, spread=True)
    for card in world.cards[: size.old_clients]:
        card.created, card.seller = rng.randrange(0, began), rng.choice(staff.sellers)
        card.source_id = rng.choice(goods.sources)[0]
    return world


def _fill(world: World, now: datetime, scale: float, progress: Progress) -> None:
    progress(PARTS["plans"], "plans")
    plans = receive(world)
    _sell_up(world)
    draw_shares(world, open_share=OPEN_SHARE, won_share=WON_SHARE, flawed=FLAWED * scale)
    deals.number_deals(world)
    progress(PARTS["clients"], "clients")
    cards.tell_cards(world)
    cards.fill_later(world)
    cards.write_cards(world)
    _act(world, plans, round(ACTIVITIES * scale), progress)
    _tell(world, progress)
    progress(PARTS["slips"], "slips")
    refresh_chances(now=now)
    slips.write_slips(world, now=now)
    world.ids.settle()
    lay_past_of(world.batch_id)


def _act(world: World, plans: list[InquiryPlan], whole: int, progress: Progress) -> None:
    """Write deals, their steps, inquiries and so many calls that all is `whole` activities."""
    progress(PARTS["deals"], "deals")
    deals.tell_deals(world)
    diary, board = Diary(world), Switchboard(world)
    diary.fill()
    deal_rows.write_deals(world)
    steps = diary.write()
    progress(PARTS["inquiries"], "inquiries")
    write_inquiries(world, plans, board)
    progress(PARTS["calls"], "calls")
    notes = sum(isinstance(entry.body, NoteWritten) for entry in world.ledger.entries)
    world.size = replace(world.size, calls=whole - steps - notes - len(plans))
    board.write()


def _sell_up(world: World) -> None:
    """Plan deals until there are as many as wanted: some arrivals find no client yet."""
    while (lacking := world.size.deals - len(world.deals)) > 0:
        sell_again(world, lacking)
    world.deals.sort(key=lambda deal: deal.opened)


def _tell(world: World, progress: Progress) -> None:
    """Write the facts, oldest first, in slices, so that progress is seen."""
    entries = sorted(world.ledger.entries, key=attrgetter("at"))
    length = PARTS["slips"] - PARTS["facts"]
    for start in range(0, len(entries), SLICE):
        progress(PARTS["facts"] + length * start // len(entries), "facts")
        world.ledger.entries = entries[start : start + SLICE]
        world.ledger.write()
