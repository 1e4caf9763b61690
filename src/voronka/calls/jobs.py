"""What the calls' room does by the clock."""

from datetime import UTC, datetime, timedelta

from django_tasks import task

from voronka.calls import day_sums
from voronka.calls.call_backs import settle
from voronka.calls.exchange_models import CallEvent
from voronka.calls.past_call_backs import lay_past_of_all
from voronka.calls.rebuilding import read_waiting
from voronka.calls.reconciling import reconcile_yesterday
from voronka.calls.watching import look_for_silence
from voronka.people import settings

KEPT, UNREAD_KEPT = timedelta(days=45), timedelta(days=120)
"""For how long what exchanges said is kept word for word: calls are made of it anew."""
AT_ONCE, LEFT = 5000, timedelta(minutes=2)
"""What has waited for longer was left: whoever stores it reads it at once."""


@task(priority=10)
def read_what_waits() -> None:
    """Make calls of what was stored and not read: left by a process that died."""
    read_waiting(now=datetime.now(UTC), older_than=LEFT)


@task()
def settle_call_backs() -> None:
    """Close call-backs by talks that came from files, open those whose talk was taken back."""
    settle(now=datetime.now(UTC))


@task(priority=-5)
def lay_past_call_backs() -> None:
    """Make the call-backs of the past for all numbers that ever rang in vain."""
    lay_past_of_all()


@task(priority=-5)
def tidy_events() -> None:
    """Forget what exchanges said long ago; the calls stay."""
    now = datetime.now(UTC)
    for state, kept in (("done", KEPT), ("unread", UNREAD_KEPT)):
        old = CallEvent.objects.filter(state=state, at__lt=now - kept).order_by("pk")
        while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
            CallEvent.objects.filter(pk__in=ids).delete()


@task(priority=-5)
def lay_days() -> None:
    """Lay down the figures of days that are over: pages add them up."""
    known = settings.all_settings()
    day_sums.lay_days(
        now=datetime.now(UTC), rules=day_sums.rules_of(known, settings.calendar(known))
    )


@task(priority=-5)
def compare_yesterday() -> None:
    """Compare yesterday's calls with what the exchanges had; once a day, tried every hour."""
    reconcile_yesterday(now=datetime.now(UTC))


@task()
def watch_exchanges() -> None:
    """Note which exchanges fell silent."""
    look_for_silence(now=datetime.now(UTC))
