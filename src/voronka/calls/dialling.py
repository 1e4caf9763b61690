"""Calling by a click: the exchange rings one's own telephone first, then the client's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from voronka.calls.asterisk.originating import originate
from voronka.calls.binding import bound_to, clean_number
from voronka.calls.exchange_models import Exchange
from voronka.foundation.errors import RefusalError
from voronka.foundation.phones import parse_phone
from voronka.foundation.recent import recent
from voronka.journal import actions as journal
from voronka.journal.kinds import CallAsked
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

Dialler = Callable[[Exchange, str, str, str], None]
DIALLERS: dict[str, Dialler] = {"asterisk": originate}
"""By kind: rings (exchange, extension, number in E.164, our name for the call)."""


class NoExtensionError(RefusalError):
    """Nobody knows which telephone is theirs."""

    code = "no_extension"


class NoExchangeError(RefusalError):
    """No exchange that can be told to call is joined and on."""

    code = "no_exchange"


class DialFailedError(RefusalError):
    """The exchange did not take the order; details: why (unreachable, bad_login, refused)."""

    code = "dial_failed"


@dataclass(frozen=True, slots=True)
class Dialled:
    """What was asked for: under this name the exchange tells of the call."""

    ref: str
    phone: str


def dial(*, phone: str, by: Viewer, at: datetime) -> Dialled:
    """Have the exchange call a number from one's own telephone.

    Raises: PermissionError, BadPhoneError, NoExtensionError, NoExchangeError, DialFailedError.
    Records: CallAsked, before the exchange is told.
    """
    if not by.may("call", "change") or by.by_id is None:
        raise PermissionError("call")
    number = parse_phone(phone).e164
    person = Person.objects.get(pk=by.by_id)
    if not person.extension:
        raise NoExtensionError
    exchange = Exchange.objects.filter(kind__in=DIALLERS, is_on=True, removed_at=None).first()
    if exchange is None:
        raise NoExchangeError
    with transaction.atomic():
        fact_id = _asked(exchange, number, person, at)
    ref = f"voronka-{exchange.pk}-{fact_id}"
    try:
        DIALLERS[exchange.kind](exchange, person.extension, number, ref)
    except OSError as error:
        raise DialFailedError(why=str(getattr(error, "code", "unreachable"))) from error
    return Dialled(ref, number)


@recent()
def can_dial() -> bool:
    """Say whether an exchange that can be told to call is joined and on."""
    return Exchange.objects.filter(kind__in=DIALLERS, is_on=True, removed_at=None).exists()


def _asked(exchange: Exchange, number: str, person: Person, at: datetime) -> int:
    bound = bound_to(clean_number(number), at=at)
    about = journal.About(
        case=f"exchange:{exchange.pk}",
        client_id=bound.client.pk if bound.client else None,
        deal_id=bound.deal.pk if bound.deal else None,
        owner_id=person.pk,
        team_id=person.team_id,
    )
    body = CallAsked(phone=number, extension=person.extension)
    return journal.record(body, about=about, by_id=person.pk, at=at).pk
