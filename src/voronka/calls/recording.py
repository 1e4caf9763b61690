"""Writing calls down: by hand and from files; the exchange joins later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from voronka.calls.call_backs import recount
from voronka.calls.models import Call
from voronka.clients.finding import by_phone
from voronka.foundation.phones import parse_phone
from voronka.inquiries.answering import answer_by_talk
from voronka.journal import actions as journal
from voronka.journal.kinds import CallEnded
from voronka.journal.viewer import Viewer
from voronka.people import settings
from voronka.people.models import Person


@dataclass(frozen=True, kw_only=True)
class NewCall:
    """One physical call that is over. Seconds."""

    started_at: datetime
    direction: str
    phone: str
    manager_id: int | None
    is_answered: bool
    wait_seconds: int = 0
    talk_seconds: int = 0
    external_id: str = ""


@transaction.atomic
def record_call(new: NewCall, *, by: Viewer) -> Call:
    """Write a call down and join it to the client with that number and the open deal.

    A real talk, in either direction, answers the inquiries that wait under the number. The
    same external id again gives the call that is there.

    Raises: BadPhoneError. Records: CallEnded, InquiryAnswered of each inquiry it answered, what
    `call_backs.recount` records.
    """
    if new.external_id and (there := Call.objects.filter(external_id=new.external_id).first()):
        return there
    phone = parse_phone(new.phone).e164
    client = by_phone(phone).first()
    deals = client.deals.live().filter(outcome="") if client else None
    deal = (
        deals.select_related("manager").order_by("-pk").first() if deals is not None else None
    )
    manager_id = new.manager_id or (client.manager_id if client else None)
    call = Call.objects.create(
        started_at=new.started_at,
        direction=new.direction,
        phone=phone,
        client=client,
        deal=deal,
        stage_id=deal.stage_id if deal else None,
        source_id=(deal.source_id if deal else None) or (client.source_id if client else None),
        manager_id=manager_id,
        is_answered=new.is_answered,
        wait_seconds=new.wait_seconds,
        talk_seconds=new.talk_seconds,
        external_id=new.external_id,
    )
    calendar = settings.calendar(settings.all_settings())
    body = CallEnded(
        call_id=call.pk,
        direction=call.direction,
        is_answered=call.is_answered,
        wait_seconds=call.wait_seconds,
        talk_seconds=call.talk_seconds,
        phone=phone,
        in_hours=calendar.is_working(call.started_at),
    )
    person = Person.objects.filter(pk=manager_id).first() if manager_id else None
    about = journal.About(
        case=f"call:{call.pk}",
        client_id=client.pk if client else None,
        deal_id=deal.pk if deal else None,
        funnel_id=deal.funnel_id if deal else None,
        stage_id=deal.stage_id if deal else None,
        owner_id=manager_id,
        team_id=person.team_id if person else None,
    )
    journal.record(body, about=about, by_id=by.by_id, at=call.started_at)
    if call.is_answered:
        answer_by_talk(
            phone=phone,
            person_id=new.manager_id,
            began_at=call.started_at + timedelta(seconds=call.wait_seconds),
            talk_seconds=call.talk_seconds,
        )
    over_at = call.started_at + timedelta(seconds=call.wait_seconds + call.talk_seconds)
    recount(phone, around=call.started_at, now=over_at)
    return call
