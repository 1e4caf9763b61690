"""The demonstration: «Север-Климат», a department with a year behind it."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.db import transaction

from voronka.calls.past_call_backs import lay_past_of
from voronka.config.seeding import (
    cards,
    catalogue,
    consents_and_marks,
    courses,
    deal_rows,
    deals,
    department,
    indicators,
    slips,
)
from voronka.config.seeding.agenda import Diary
from voronka.config.seeding.arrivals import receive
from voronka.config.seeding.axis import line
from voronka.config.seeding.call_backs import write_call_backs
from voronka.config.seeding.calls import Switchboard
from voronka.config.seeding.chains import give_out
from voronka.config.seeding.chats import write_chats
from voronka.config.seeding.firms import draw_cards
from voronka.config.seeding.inquiries import write_inquiries
from voronka.config.seeding.ledger import Ledger
from voronka.config.seeding.letters import write_letters
from voronka.config.seeding.routing import write_routing
from voronka.config.seeding.talks import write_talks
from voronka.config.seeding.world import Size, World
from voronka.control.escalating import escalate
from voronka.control.watch import look_at_all
from voronka.deals.chances import refresh_chances
from voronka.foundation.bulk_rows import Ids, refresh_statistics
from voronka.foundation.recent import changed
from voronka.inquiries.learning import learn
from voronka.journal.models import Batch
from voronka.people import settings as people_settings
from voronka.people.models import Person, Setting

KIND = "demo"
Progress = Callable[[int, int, str], None]
PARTS = ("people", "plans", "clients", "deals", "inquiries", "calls", "facts", "slips")
SETTINGS: dict[str, str | int | bool] = {
    "company_name": department.COMPANY,
    "month_plan_kopecks": 42_000_000_00,
    "routing_on": True,
    "intake_key": "demo",
    "accept_minutes": 5,
}
USUAL_WIN_SHARE = 0.235
"""Won of the attempts that ended, before the sellers' own ways."""


def seed_demo(
    *,
    now: datetime,
    seed: int = 7,
    progress: Progress | None = None,
    scale: float = 1.0,
    with_settings: bool = True,
) -> None:
    """Fill an empty, migrated database with the year before `now`; one transaction.

    The same seed, moment and scale give the same rows. `progress` gets (done, all, part) with
    a part of PARTS. `scale` is for tests. Everything belongs to a batch of the kind "demo".
    Without `with_settings` the firm's name and plan stay (examples in a real installation).
    """
    now = now.replace(microsecond=0)
    report = progress or _silent
    with transaction.atomic():
        if with_settings:
            _write_settings(scale)
        batch = Batch.objects.create(kind=KIND, title=department.COMPANY, at=now)
        _fill(now=now, seed=seed, size=_size(scale), batch_id=batch.pk, report=report)
        if with_settings:
            # In a firm's own base the examples must not decide who gets real inquiries.
            head = Person.objects.filter(batch_id=batch.pk, role="head").get()
            write_routing(head_id=head.pk, batch_id=batch.pk, now=now)
        write_talks(rng=Random(seed), batch_id=batch.pk, now=now)
        look_at_all(now=now)
        escalate(now=now)
        learn(now=now)
        give_out(now=now)
    refresh_statistics()
    changed()
    report(len(PARTS), len(PARTS), "")


def _size(scale: float) -> Size:
    def of(n: int) -> int:
        return max(1, round(n * scale))

    return Size(
        months=12,
        clients=of(4000),
        old_clients=of(1500),
        inquiries=max(40, of(9000)),
        deals=of(5500),
        calls=of(45_000),
        open_days=14.0,
        won_share=USUAL_WIN_SHARE,
        slips=max(12, of(700)),
    )


def _fill(*, now: datetime, seed: int, size: Size, batch_id: int, report: Progress) -> None:
    def begin(part: str) -> None:
        report(PARTS.index(part), len(PARTS), part)

    begin("people")
    world = _world(now=now, seed=seed, size=size, batch_id=batch_id)
    begin("plans")
    plans = receive(world)
    courses.draw_courses(world, flawed=min(1.0, size.deals / 5500))
    deals.number_deals(world)
    begin("clients")
    cards.tell_cards(world)
    cards.fill_later(world)
    cards.write_cards(world)
    begin("deals")
    deals.tell_deals(world)
    diary, board = Diary(world), Switchboard(world)
    diary.fill()
    indicators.tell_indicators(world, indicators.put_demands(world))
    deal_rows.write_deals(world)
    begin("inquiries")
    diary.write()
    write_inquiries(world, plans, board)
    consents_and_marks.write_consents(world)
    begin("calls")
    board.write()
    _finish(world, now, begin)


def _finish(world: World, now: datetime, begin: Callable[[str], None]) -> None:
    begin("facts")
    write_chats(world)
    write_letters(world)
    world.ledger.write()
    begin("slips")
    refresh_chances(now=now)
    slips.write_slips(world, now=now)
    world.ids.settle()
    consents_and_marks.one_takes_it_back(world, now=now)
    write_call_backs(world.batch_id, now=now)
    lay_past_of(world.batch_id)


def _world(*, now: datetime, seed: int, size: Size, batch_id: int) -> World:
    rng, ids = Random(seed), Ids()
    calendar = people_settings.calendar(people_settings.all_settings())
    axis = line(calendar, now=now, months=size.months + 18)
    began = round(axis.now * size.months / (size.months + 18))
    began = axis.now - began
    ledger = Ledger(ids, batch_id)
    staff = department.hire(ids=ids, ledger=ledger, now=now, began=axis.epoch(began))
    goods = catalogue.stock(ids=ids, batch_id=batch_id)
    world = World(rng, axis, ids, ledger, size, staff, goods, began)
    world.cards = draw_cards(rng, ids, size.clients)
    for card in world.cards[: size.old_clients]:
        card.created = rng.randrange(0, began)
        card.seller = rng.choice(staff.sellers)
        if rng.random() < 0.7:
            card.source_id = rng.choice(goods.sources)[0]
    return world


def _write_settings(scale: float) -> None:
    for name, value in SETTINGS.items():
        # A smaller department has a smaller plan; its norms are the same.
        is_sum = name.endswith("kopecks") and isinstance(value, int)
        scaled = round(int(value) * scale) if is_sum else value
        Setting.objects.update_or_create(name=name, defaults={"value": scaled})
    changed()


def _silent(done: int, whole: int, part: str) -> None:
    pass
