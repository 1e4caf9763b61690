"""Whether we have every call that an exchange had: what is missing comes in by its history."""

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.conf import settings as django_settings
from django.db import transaction

from voronka.calls import adapters
from voronka.calls.asterisk.checking import DemoClosedError
from voronka.calls.asterisk.past import past_of
from voronka.calls.exchange_models import Exchange, Reconciliation
from voronka.calls.exchanges import exchange_to_change, tell_change
from voronka.calls.histories import History, NoHistoryError, Past
from voronka.calls.models import Call, InternalCall
from voronka.calls.rebuilding import keep_events, rebuild
from voronka.calls.telling_administrators import tell_administrators
from voronka.calls.their_calls import calls_of
from voronka.foundation.errors import RefusalError
from voronka.journal.viewer import Viewer
from voronka.people import settings

log = logging.getLogger("voronka.calls")
HISTORIES: dict[str, History] = {"asterisk": past_of} | adapters.HISTORIES
"""Of the kinds that can be asked what calls they had."""
NOT_COMPARED = "not_compared"
"""In `cursor`: why a provider could not be asked by the clock the last time."""
SETTLED, TOP_DAYS, TOP_GAPS, REFS_AT_ONCE = timedelta(minutes=5), 92, 20, 400


class BadPeriodError(RefusalError):
    """A period cannot be so: turned round, longer than 92 days, or not begun yet."""

    code = "bad_period"


def reconcile(
    *, exchange_id: int, since: date, until: date, by: Viewer, at: datetime
) -> Reconciliation:
    """Compare an exchange's calls of some days with ours, and add what we have not.

    The days are those of the department. Twice adds nothing. Raises: Exchange.DoesNotExist,
    PermissionError, BadPeriodError, NoHistoryError, HistoryProblemError,
    DemoClosedError. Records: ExchangeChanged, and of each call added what its end records.
    """
    with transaction.atomic():
        exchange = exchange_to_change(exchange_id, by)
        _check(since, until, at)
        tell_change(exchange, "compared", by, at)
    return compare(exchange, since=since, until=until, by_clock=False, now=at)


def reconcile_yesterday(*, now: datetime) -> int:
    """Compare yesterday with every exchange that can be asked, once; give how many were.

    One that cannot be reached now is asked again with the next call.
    """
    calendar = settings.calendar(settings.all_settings())
    day = calendar.day_of(now) - timedelta(days=1)
    done = Reconciliation.objects.filter(by_clock=True, since=day, until=day)
    rows = Exchange.objects.filter(kind__in=HISTORIES, is_on=True, removed_at=None)
    n = 0
    for exchange in rows.exclude(pk__in=done.values("exchange_id")):
        try:
            compare(exchange, since=day, until=day, by_clock=True, now=now)
        except RefusalError as error:
            _note(exchange, str(error.details.get("why", "")))
            continue
        except Exception:
            # One provider's odd answer must not keep the others from being compared.
            log.exception("exchange %s was not compared", exchange.pk)
            _note(exchange, "asked_wrong_answer")
            continue
        _note(exchange, "")
        n += 1
    return n


def _note(exchange: Exchange, why: str) -> None:
    """Keep why a provider could not be asked by the clock, for the administrator to see; an
    Asterisk's line says by itself why it is down.
    """
    if exchange.kind in adapters.HISTORIES and exchange.cursor.get(NOT_COMPARED, "") != why:
        cursor = {name: one for name, one in exchange.cursor.items() if name != NOT_COMPARED}
        exchange.cursor = cursor | ({NOT_COMPARED: why} if why else {})
        exchange.save(update_fields=["cursor"])


def compare(
    exchange: Exchange, *, since: date, until: date, by_clock: bool, now: datetime
) -> Reconciliation:
    """Compare, add, and write down how it came out. Raises: as `reconcile`."""
    if django_settings.IS_DEMO:
        raise DemoClosedError
    begin, end = _moments(since, until, now)
    history = HISTORIES.get(exchange.kind)
    if history is None:
        raise NoHistoryError(kind=exchange.kind)
    past = history(exchange, begin, end)
    made = Reconciliation(
        exchange=exchange, since=since, until=until, source=past.source, by_clock=by_clock,
        at=now, internal=0, extra=0, added=0,
    )  # fmt: skip
    if past.counted is not None:
        _count(made, past.counted, begin, end)
    else:
        _compare(made, past, begin, end, now)
    lost = made.added + made.missing
    percent = settings.all_settings()["reconcile_percent"]
    made.is_alarm = bool(made.theirs) and lost * 100 > made.theirs * percent
    with transaction.atomic():
        made.save()
        if made.is_alarm:
            about = {"name": exchange.name, "theirs": made.theirs, "lost": lost}
            tell_administrators("exchange.gap", exchange, about, at=now)
    return made


def _compare(
    made: Reconciliation, past: Past, begin: datetime, end: datetime, now: datetime
) -> None:
    theirs = [one for one in calls_of(made.exchange, past, begin, end) if one.is_over]
    outer = [one for one in theirs if not one.is_internal]
    final = _ours([one.ref for one in outer], made.exchange)
    inner = [one for one in theirs if one.is_internal]
    known = _known_internal([one.ref for one in inner], made.exchange)
    for one in theirs:
        # One that we take for going on, and they say is over, comes to its end as well.
        is_had = one.ref in known if one.is_internal else final.get(one.ref, False)
        if not is_had:
            keep_events(past.events[one.ref])
            rebuild(made.exchange, one.ref, now=now)
    wanted = [one.ref for one in outer if one.ref not in final]
    made.theirs, made.ours, made.internal = len(outer), len(final), len(inner)
    made.added = len(_ours(wanted, made.exchange))
    made.missing = len(wanted) - made.added
    made.gaps = gaps_of((one.at, one.ref in final) for one in outer)
    here = Call.objects.filter(
        exchange=made.exchange, started_at__gte=begin, started_at__lt=end, is_final=True
    )
    named = set(past.events)
    made.extra = sum(
        ref not in named for ref in here.values_list("call_ref", flat=True).iterator()
    )


def _count(made: Reconciliation, counted: int, begin: datetime, end: datetime) -> None:
    rows = Call.objects.filter(
        exchange=made.exchange, started_at__gte=begin, started_at__lt=end
    )
    made.theirs, made.ours = counted, rows.count()
    made.missing, made.extra = max(0, counted - made.ours), max(0, made.ours - counted)


def gaps_of(calls: Iterable[tuple[float, bool]]) -> list[list[object]]:
    """Give the runs of calls that were not there: from, to (ISO, UTC) and how many, in order.

    `calls`: when each began, in seconds since 1970, and whether it was there.
    """
    runs: list[list[float]] = []
    is_open = False
    for at, is_there in sorted(calls):
        if not is_there and is_open:
            runs[-1].append(at)
        elif not is_there:
            runs.append([at])
        is_open = not is_there
    return [[_iso(run[0]), _iso(run[-1]), len(run)] for run in runs[:TOP_GAPS]]


def _ours(refs: Sequence[str], exchange: Exchange) -> dict[str, bool]:
    """Give which of these calls we have, and whether they are over for us."""
    found: dict[str, bool] = {}
    for start in range(0, len(refs), REFS_AT_ONCE):
        some = refs[start : start + REFS_AT_ONCE]
        rows = Call.objects.filter(exchange=exchange, call_ref__in=some)
        found |= dict(rows.values_list("call_ref", "is_final"))
    return found


def _known_internal(refs: Sequence[str], exchange: Exchange) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(refs), REFS_AT_ONCE):
        some = refs[start : start + REFS_AT_ONCE]
        rows = InternalCall.objects.filter(exchange=exchange, call_ref__in=some)
        found |= set(rows.values_list("call_ref", flat=True))
    return found


def _check(since: date, until: date, now: datetime) -> None:
    today = settings.calendar(settings.all_settings()).day_of(now)
    if until < since or since > today or (until - since).days >= TOP_DAYS:
        raise BadPeriodError


def _moments(since: date, until: date, now: datetime) -> tuple[datetime, datetime]:
    """Give the bounds of the days; what is a few minutes old may still be on its way."""
    calendar = settings.calendar(settings.all_settings())
    end = min(calendar.midnight(until + timedelta(days=1)), now - SETTLED)
    return calendar.midnight(since), end


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
