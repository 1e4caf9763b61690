"""From what was stored to calls: each touched call is made anew out of all that was said."""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from voronka.calls.adapters import NAMERS, READERS, TELL_OF_ROOMS, chosen
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.putting import Put, put_call
from voronka.calls.reducing import reduce
from voronka.calls.signals import Signal, UnreadableError
from voronka.foundation.turns import take_turn

AT_ONCE = 500
log = logging.getLogger("voronka.calls")


def keep_events(events: Iterable[CallEvent]) -> None:
    """Store what an exchange said; what is there already is left as it is."""
    CallEvent.objects.bulk_create(events, batch_size=500, ignore_conflicts=True)


def read_waiting(
    *,
    now: datetime,
    exchange_id: int | None = None,
    older_than: timedelta = timedelta(0),
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> int:
    """Make or renew the calls of all that waits to be read; give how many times.

    Each call is a step of its own; one that fails is left to a person and holds up no other.
    `around` is entered for each; `older_than`: only what came so long ago.
    """
    rows = CallEvent.objects.filter(state="waiting").order_by("pk")
    if older_than:
        rows = rows.filter(at__lt=now - older_than)
    if exchange_id is not None:
        rows = rows.filter(exchange_id=exchange_id)
    n = 0
    while found := list(rows.select_related("exchange")[:AT_ONCE]):
        calls: dict[tuple[int, str], list[CallEvent]] = {}
        for event in found:
            ref = event.call_ref or _named(event)
            if ref:
                calls.setdefault((event.exchange_id, ref), []).append(event)
        for (_, ref), events in calls.items():
            with around():
                _made(events[0].exchange, ref, [event.pk for event in events], now)
        n += len(calls)
    return n


def _named(event: CallEvent) -> str:
    """Find out which call an event speaks of; one that speaks of none is put aside."""
    problem = "no_call"
    try:
        ref = NAMERS[event.exchange.kind](event.exchange, event)[:120]
    except UnreadableError as error:
        ref, problem = "", error.code
    except (ValueError, KeyError, TypeError, AttributeError):
        ref, problem = "", "torn"
    row = CallEvent.objects.filter(pk=event.pk)
    if ref:
        row.update(call_ref=ref)
    else:
        row.update(state="unread", problem=problem)
    return ref


def _made(exchange: Exchange, ref: str, event_ids: list[int], now: datetime) -> None:
    try:
        rebuild(exchange, ref, now=now)
    except (OperationalError, InterfaceError):
        # The database is busy or away: these wait as all others do.
        raise
    except Exception:
        log.exception("call %s of exchange %s could not be made", ref, exchange.pk)
        CallEvent.objects.filter(pk__in=event_ids).update(state="unread", problem="failed")


def rebuild(exchange: Exchange, ref: str, *, now: datetime) -> Put | None:
    """Make a call out of all that was said of it; None when that tells of no call.

    A pure function of what is stored: twice is as once.
    """
    with transaction.atomic():
        take_turn(f"call {exchange.pk} {ref}")
        events = CallEvent.objects.filter(exchange=exchange, call_ref=ref).order_by("pk")
        told, read, torn = _translated(exchange, list(events))
        signals = chosen(exchange.kind, told)
        record = reduce(signals, answers_are_talk=exchange.kind not in TELL_OF_ROOMS)
        put = None
        if record is not None:
            is_final = record.is_closed or (
                record.state == "ended" and not exchange.options.get("record")
            )
            put = put_call(exchange, ref, record, is_final=is_final, now=now)
        CallEvent.objects.filter(pk__in=read).exclude(state="done").update(state="done")
        for problem, pks in torn.items():
            CallEvent.objects.filter(pk__in=pks).update(state="unread", problem=problem)
        return put


def _translated(
    exchange: Exchange, events: list[CallEvent]
) -> tuple[list[tuple[str, Signal]], list[int], dict[str, list[int]]]:
    """Signals with the way each came, the events read, and those nobody can read, by why."""
    read_one = READERS[exchange.kind]
    told: list[tuple[str, Signal]] = []
    read: list[int] = []
    torn: dict[str, list[int]] = {}
    for event in events:
        try:
            # What was erased stays with its name alone.
            for one in read_one(exchange, event) if event.body else ():
                told.append((event.source, one))
        except UnreadableError as error:
            torn.setdefault(error.code, []).append(event.pk)
        except (ValueError, KeyError, TypeError, AttributeError):
            torn.setdefault("torn", []).append(event.pk)
        else:
            read.append(event.pk)
    return told, read, torn
