"""Taking consents back: what stops at once, and by when the data is to be erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from voronka.agenda.models import Step
from voronka.agenda.steps import cancel_step, set_step
from voronka.clients.models import Client, Contact
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.consents import BadConsentError
from voronka.inquiries.models import PURPOSES, Consent, Withdrawal
from voronka.journal import actions as journal
from voronka.journal.kinds import ConsentWithdrawn
from voronka.journal.viewer import Viewer
from voronka.people import settings
from voronka.people.models import Person
from voronka.people.rights import Role

ERASE_DAYS = 30
HOWS = ("voice", "mail", "paper", "form", "messenger")


@dataclass(frozen=True, kw_only=True)
class NewWithdrawal:
    """What is taken back, on which day, how it was said. `task`: the erasing task's title.

    `drops_steps`: open next steps are cancelled, with `drop_reason`.
    """

    client_id: int
    purposes: Sequence[str]
    how: str
    on: date
    task: str
    contact_id: int | None = None
    drops_steps: bool = False
    drop_reason: str = ""


@transaction.atomic
def withdraw(new: NewWithdrawal, *, by: Viewer, at: datetime) -> Withdrawal:
    """Note that a client took consents back. Works also where no consent was written down.

    Whoever takes back the use for answering is to be erased within 30 days of saying so: an
    administrator gets a task with that day. The same again the same day gives the one that is
    there.

    Raises: Client.DoesNotExist, Contact.DoesNotExist, BadConsentError; nothing was changed.
    Records: ConsentWithdrawn, StepSet, StepCancelled.
    """
    purposes = [one for one in PURPOSES if one in new.purposes]
    known = settings.calendar(settings.all_settings())
    if not purposes or new.how not in HOWS or new.on > known.day_of(at):
        raise BadConsentError(purpose=", ".join(new.purposes))
    cards = Client.objects.changeable_by(by).select_for_update(of=("self",))
    client = cards.get(pk=new.client_id)
    contact = Contact.objects.get(pk=new.contact_id, client=client) if new.contact_id else None
    rows = Withdrawal.objects.filter(client=client, contact=contact, on=new.on)
    if there := rows.filter(purposes=purposes).first():
        return there
    ends = new.on + timedelta(days=ERASE_DAYS) if "answer" in purposes else None
    made = Withdrawal.objects.create(
        client=client, contact=contact, purposes=purposes, how=new.how, on=new.on, at=at,
        by_id=by.by_id, erase_by=ends,
    )  # fmt: skip
    taken = _consents(made).update(withdrawal=made)
    if new.drops_steps:
        _drop_steps(client, new.drop_reason, by, at)
    if ends:
        made.step_id = _set_task(client, ends, new.task, known, by, at)
        made.save(update_fields=["step_id"])
    body = ConsentWithdrawn(
        withdrawal_id=made.pk,
        purposes=purposes,
        how=new.how,
        on=new.on.isoformat(),
        erase_by=ends.isoformat() if ends else "",
        consents=taken,
    )
    about = journal.About(case=client.case, client_id=client.pk, owner_id=client.manager_id)
    journal.record(body, about=about, by_id=by.by_id, at=at)
    return made


def open_steps(client_id: int) -> int:
    """Count the next steps with a client and its deals that are neither done nor dropped."""
    return Step.objects.filter(_steps(client_id), removed_at=None).open().count()


def _consents(made: Withdrawal) -> "QuerySet[Consent]":
    rows = Consent.objects.filter(
        Q(client=made.client) | Q(inquiry__client=made.client),
        purpose__in=made.purposes,
        withdrawal=None,
    )
    return rows.filter(contact=made.contact) if made.contact else rows


def _drop_steps(client: Client, reason: str, by: Viewer, at: datetime) -> None:
    for step in Step.objects.changeable_by(by).filter(_steps(client.pk)).open():
        cancel_step(step_id=step.pk, reason=reason, by=by, at=at)


def _steps(client_id: int) -> Q:
    return Q(client_id=client_id) | Q(deal__client_id=client_id)


def _set_task(
    client: Client, ends: date, title: str, known: WorkCalendar, by: Viewer, at: datetime
) -> int:
    """Give an administrator the task, due when the last day ends; at once when it has."""
    people = Person.objects.filter(is_active=True)
    who = people.filter(role=Role.ADMINISTRATOR).order_by("pk").first()
    who = who or people.filter(role=Role.HEAD).order_by("pk").first()
    step = set_step(
        kind="task",
        title=title,
        due_at=max(known.midnight(ends + timedelta(days=1)), at),
        client_id=client.pk,
        person_id=who.pk if who else by.by_id,
        by=by,
        at=at,
    )
    return step.pk
