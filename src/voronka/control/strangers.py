"""Numbers talked to that nobody wrote down: the daily list, and the slips of what is late.

A room with other contacts (mail, messengers) joins by one function like `calls.strangers.talks`
in SOURCES: all sources are read by one query.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from voronka.calls.strangers import talks
from voronka.clients.models import Client
from voronka.control.looking import Breach, Look
from voronka.control.models import Slip
from voronka.control.rules import RULES, money_at_risk
from voronka.control.usual_sales import usual_sale_of
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.strangers import PREFIX, Stranger, inquiry_of
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer
from voronka.people.viewers import SYSTEM

RULE = "unregistered"
DAYS = 30
"""How far back a talk is still asked about; what has a slip stays until it is settled."""

Source = Callable[..., "QuerySet[Any, tuple[Any, ...]]"]
SOURCES: tuple[Source, ...] = (talks,)


def strangers(
    *, viewer: Viewer, now: datetime, calendar: WorkCalendar, settings: dict[str, Any]
) -> list[Stranger]:
    """List whom the viewer's people were in touch with and nobody wrote down; one query.

    Each number once, by its first contact; the latest stand first. Left out are numbers whose
    slip was accepted until a later day.
    """
    since = now - timedelta(days=DAYS)
    return _gathered(viewer, since, now, calendar, settings)


def unregistered(look: Look) -> Iterator[Breach]:
    """Give the numbers that stand nowhere though their day is over; one query."""
    since = look.now - timedelta(days=DAYS) if look.deal_ids is None else None
    for one in _gathered(SYSTEM, since, look.now, look.calendar, look.settings):
        if one.due_at > look.now:
            continue
        amount, chance = usual_sale_of(one.channel)
        yield Breach(
            rule=RULE,
            subject=one.case,
            manager_id=one.manager_id,
            since=one.due_at,
            evidence={
                "channel": one.channel,
                "address": one.address,
                "at": one.at.isoformat(),
                "direction": one.direction,
                "talk": one.talk_seconds,
                "times": one.times,
                "proof": f"{one.channel}:{one.row_id}",
                "amount": amount,
            },
            amount_kopecks=amount,
            win_permille=chance,
        )


def price_of(stranger: Stranger) -> int:
    """Give what is at risk by a stranger, in kopecks, as the slip prices it."""
    amount, chance = usual_sale_of(stranger.channel)
    return money_at_risk(amount, chance, RULES[RULE].prior_drop)


def registering_fact(slip: Slip) -> Fact | None:
    """Give the fact that settled a stranger: an inquiry, a card, or "no customer"."""
    address = slip.evidence["address"]
    if inquiry := inquiry_of(address).first():
        facts = Fact.objects.filter(case=inquiry.case, kind="inquiry.registered")
        return facts.order_by("-pk").first()
    here = Client.objects.live().filter(Q(phones__e164=address) | Q(mails__address=address))
    card = Fact.objects.filter(
        client_id__in=here.values("pk"), kind__in=("client.added", "client.changed")
    )
    dismissed = Fact.objects.filter(case=slip.subject, kind="stranger.dismissed")
    return card.order_by("-pk").first() or dismissed.order_by("-pk").first()


def _gathered(
    viewer: Viewer,
    since: datetime | None,
    now: datetime,
    calendar: WorkCalendar,
    settings: dict[str, Any],
) -> list[Stranger]:
    """Read the contacts of all sources, and put those of one number together."""
    slips = Slip.objects.filter(rule=RULE).annotate(address=Substr("subject", len(PREFIX) + 1))
    also = slips.filter(closed_at=None).values("address")
    resting = slips.filter(how="accepted", check_on__gt=now.date()).values("address")
    first, *others = (
        source(viewer=viewer, since=since, also=also, settings=settings).exclude(
            address__in=resting
        )
        for source in SOURCES
    )
    rows = first.union(*others, all=True) if others else first
    contacts: dict[str, list[tuple[Any, ...]]] = {}
    for row in sorted(rows, key=lambda row: row[2]):
        if row[2] <= now:
            contacts.setdefault(row[1], []).append(row)
    found = [_stranger(rows, calendar) for rows in contacts.values()]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _stranger(contacts: list[tuple[Any, ...]], calendar: WorkCalendar) -> Stranger:
    first, times = contacts[0], len(contacts)
    _channel, _address, at, waited, talked, *_rest = first
    due_at = calendar.closing(at + timedelta(seconds=waited + talked))
    return Stranger(*(*first, times, due_at))
