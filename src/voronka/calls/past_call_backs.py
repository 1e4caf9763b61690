"""Call-backs of the past: of calls from files, or heard of too late for anybody to ring.

They tell what became of a missed call and put nothing on a desk: no step, no notice, no fact.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from voronka.calls.call_back_models import CallBack
from voronka.calls.missing import Ring, Spell, spells
from voronka.calls.models import Call
from voronka.calls.rings import rings_of
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.models import NotCustomer
from voronka.people import settings
from voronka.people.queries import own_numbers

AT_ONCE = 400
COLUMNS = (
    "phone", "owner_id", "first_missed_at", "last_missed_at", "times", "due_at", "closed_at",
    "closed_by_id", "how", "wait_seconds",
)  # fmt: skip


def lay_past(phones: Iterable[str]) -> int:
    """Bring the call-backs of the past of these numbers up to their calls; give how many stand.

    What has a task is left to `call_backs`. Twice is as once: a pure function of the calls.
    Some hundreds of numbers a transaction, six queries each.
    """
    source, n = iter(sorted(set(phones))), 0
    while chunk := list(islice(source, AT_ONCE)):
        n += _laid(chunk)
    return n


def lay_past_of(batch_id: int) -> int:
    """Do so for all numbers of a load, also after it was taken back."""
    rows = Call.objects.filter(batch_id=batch_id, phone__startswith="+")
    return lay_past(rows.order_by().values_list("phone", flat=True).distinct())


def lay_past_of_all() -> int:
    """Do so for all numbers that ever rang in vain."""
    rows = Call.objects.filter(direction="in", is_answered=False, phone__startswith="+")
    return lay_past(rows.order_by().values_list("phone", flat=True).distinct())


def how_ended(owner_id: int | None, talk: Ring) -> str:
    """Say who ended a wait: they, we (the owner, or anybody where there is none), other."""
    if talk.direction == "in":
        return "they"
    return "we" if owner_id in (None, talk.manager_id) else "other"


def are_no_customers(phones: Collection[str]) -> set[str]:
    """Name those of the numbers that are our own, or were said to be no customer's."""
    said = NotCustomer.objects.filter(address__in=phones, undone_at=None)
    return (set(own_numbers()) & set(phones)) | set(said.values_list("address", flat=True))


@transaction.atomic
def _laid(phones: Collection[str]) -> int:
    rows = CallBack.objects.filter(phone__in=phones)
    with_task = set(rows.filter(is_past=False).values_list("first_call_id", flat=True))
    past = rows.filter(is_past=True).values_list("first_call_id", *COLUMNS)
    there = {pk: tuple(cells) for pk, *cells in past}
    wanted = dict(_wanted(phones, with_task))
    gone = [pk for pk, cells in there.items() if wanted.get(pk) != cells]
    CallBack.objects.filter(first_call__in=gone, is_past=True).delete()
    made = [_row(pk, cells) for pk, cells in wanted.items() if there.get(pk) != cells]
    # Another process may bring the same number up at the same time.
    CallBack.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    return len(wanted)


def _row(first_call_id: int, cells: tuple[Any, ...]) -> CallBack:
    values = dict(zip(COLUMNS, cells, strict=True))
    return CallBack(first_call_id=first_call_id, is_past=True, **values)


def _wanted(
    phones: Collection[str], with_task: set[int]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    known = settings.all_settings()
    calendar, norm = settings.calendar(known), timedelta(minutes=known["call_back_minutes"])
    strangers = are_no_customers(phones)
    for phone, rings in rings_of([one for one in phones if one not in strangers]).items():
        for spell in spells(rings, with_task=with_task) if phone.startswith("+") else ():
            yield spell.first.call_id, _cells(phone, spell, calendar, norm)


def _cells(
    phone: str, spell: Spell, calendar: WorkCalendar, norm: timedelta
) -> tuple[Any, ...]:
    """Give the row of a wait: it belongs to who was rung."""
    owner_id, missed_at, talk = spell.first.manager_id, spell.first.ended_at, spell.talk
    told = (missed_at, spell.last_missed_at, spell.times, calendar.add(missed_at, norm))
    if talk is None:
        return (phone, owner_id, *told, None, None, "", None)
    at = max(talk.at, missed_at)
    worked = int(calendar.between(missed_at, at).total_seconds())
    return (phone, owner_id, *told, at, talk.call_id, how_ended(owner_id, talk), worked)
