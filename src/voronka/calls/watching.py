"""A watch over exchanges that fell silent: a dead line is the commonest loss."""

from datetime import datetime, timedelta

from django.db import transaction

from voronka.calls.exchange_models import SILENT, CallEvent, Exchange
from voronka.calls.telling_administrators import tell_administrators
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.models import Fact
from voronka.people import settings


def look_for_silence(*, now: datetime) -> int:
    """Note which exchanges said nothing of calls for `silent_hours` working hours, and which
    speak again; give how many fell silent by now. Another problem is left as it is.
    """
    known = settings.all_settings()
    hours, calendar = known["silent_hours"], settings.calendar(known)
    n = 0
    for exchange in Exchange.objects.filter(removed_at=None, problem__in=["", SILENT]):
        is_silent = bool(hours) and exchange.is_on
        is_silent = is_silent and _is_silent(exchange, timedelta(hours=hours), calendar, now)
        if is_silent != (exchange.problem == SILENT):
            n += _note(exchange, is_silent=is_silent, now=now)
    return n


def _is_silent(
    exchange: Exchange, most: timedelta, calendar: WorkCalendar, now: datetime
) -> bool:
    since = max([exchange.created_at, *_last_word(exchange, now), *_last_change(exchange)])
    return calendar.between(since, now) >= most


def _last_word(exchange: Exchange, now: datetime) -> list[datetime]:
    """Give when it last spoke of a call, if it did lately.

    That its line is up tells nothing of calls: a route may have been taken away from it.
    """
    rows = CallEvent.objects.filter(exchange=exchange, at__gte=now - timedelta(days=30))
    # Nor does a list that we have asked for ourselves.
    heard = rows.exclude(source__in=("own", "history"))
    found = heard.order_by("-at").values_list("at", flat=True).first()
    return [found] if found else []


def _last_change(exchange: Exchange) -> list[datetime]:
    """Give when somebody last changed it: one switched on just now had no time to speak."""
    facts = Fact.objects.filter(case=f"exchange:{exchange.pk}", kind="exchange.changed")
    found = facts.order_by("-pk").values_list("at", flat=True).first()
    return [found] if found else []


@transaction.atomic
def _note(exchange: Exchange, *, is_silent: bool, now: datetime) -> bool:
    row = Exchange.objects.filter(pk=exchange.pk, problem=exchange.problem)
    problem, since = (SILENT, now) if is_silent else ("", None)
    is_noted = bool(row.update(problem=problem, problem_since=since))
    if is_noted and is_silent:
        tell_administrators("exchange.silent", exchange, {"name": exchange.name}, at=now)
    return is_noted and is_silent
