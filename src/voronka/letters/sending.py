"""Sending what waits; at least once: a letter is known to its server by the same id."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from voronka.agenda.models import Step
from voronka.agenda.steps import finish_step
from voronka.journal.kinds import LetterFailed, LetterSent
from voronka.letters import gateway, post
from voronka.letters.models import Gateway, Letter, Sender
from voronka.letters.senders import note_problem, note_success
from voronka.letters.smtp import OURS, WAY, SendingError
from voronka.letters.telling import tell
from voronka.people.notices import tell as tell_person
from voronka.people.outside import outside_is_closed
from voronka.people.viewers import SYSTEM

LEASE = timedelta(minutes=15)
"""Longer than the slowest server may take for the largest letter."""
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
GIVE_UP_AFTER = timedelta(hours=24)
AT_ONCE = 100


def due(*, now: datetime) -> list[int]:
    """List what is to be sent, the oldest first, up to a hundred."""
    rows = Letter.objects.filter(state="waiting", next_at__lte=now).order_by("next_at", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def send(letter_pk: int, *, now: datetime) -> None:
    """Send one letter if it waits, is due, and nobody else is sending it."""
    way = _way(letter_pk)
    if way is None or outside_is_closed() or (way.retry_at and way.retry_at > now):
        return
    letter = _claimed(letter_pk, now)
    if letter is None:
        return
    try:
        if isinstance(way, Sender):
            post.bring(letter, way)
        else:
            gateway.bring(letter, way)
    except SendingError as error:
        _not_taken(letter, way, error, now)
    else:
        note_success(way, at=now)
        _done(letter, now)


def _way(letter_pk: int) -> Sender | Gateway | None:
    channel = Letter.objects.filter(pk=letter_pk).values_list("channel", flat=True).first()
    table = Sender if channel == "mail" else Gateway
    row: Sender | Gateway | None = table._default_manager.filter(is_on=True).first()
    return row


def _claimed(letter_pk: int, now: datetime) -> Letter | None:
    # A lease that ends later than any can: the clock has been set back since.
    free = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + 2 * LEASE)
    rows = Letter.objects.filter(free, pk=letter_pk, state="waiting", next_at__lte=now)
    if not rows.update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    return Letter.objects.select_related("by", "client").get(pk=letter_pk)


def _not_taken(
    letter: Letter, way: Sender | Gateway, error: SendingError, now: datetime
) -> None:
    is_ours = error.code in OURS
    if error.code in WAY:
        note_problem(way, error.code, at=now)
    if not is_ours or now - letter.at >= GIVE_UP_AFTER:
        return _failed(letter, error.code, now)
    later = now + PAUSES[min(letter.attempts, len(PAUSES)) - 1]
    if error.code in ("bad_login", "bad_secret", "lost_key"):
        # A server that is asked with a wrong password again and again locks the mailbox.
        later = now + PAUSES[-1]
        type(way)._default_manager.filter(pk=way.pk).update(retry_at=later)
    rows = Letter.objects.filter(pk=letter.pk, state="waiting")
    rows.update(next_at=later, leased_until=None, problem=error.code)
    return None


@transaction.atomic
def _done(letter: Letter, now: datetime) -> None:
    rows = Letter.objects.filter(pk=letter.pk, state="waiting")
    at = max(now, letter.at)
    if not rows.update(state="sent", problem="", sent_at=at, leased_until=None):
        return
    body = LetterSent(letter_id=letter.pk, channel=letter.channel, subject=letter.subject)
    tell(body, letter, by_id=letter.by_id, at=at)
    step = Step.objects.filter(pk=letter.step_id or 0, removed_at=None).open().first()
    if step is not None:
        # The right was asked for when it was written; meanwhile it may be another's.
        by = replace(SYSTEM, person_id=letter.by_id)
        finish_step(step_id=step.pk, outcome=letter.subject, by=by, at=at)


@transaction.atomic
def _failed(letter: Letter, code: str, now: datetime) -> None:
    rows = Letter.objects.filter(pk=letter.pk, state="waiting")
    if not rows.update(state="failed", problem=code, leased_until=None):
        return
    body = LetterFailed(
        letter_id=letter.pk, channel=letter.channel, subject=letter.subject, problem=code
    )
    tell(body, letter, by_id=letter.by_id, at=now)
    about = {"letter_id": letter.pk, "channel": letter.channel, "problem": code}
    tell_person(person_id=letter.by_id, kind="letter_failed", about=about, at=now)
