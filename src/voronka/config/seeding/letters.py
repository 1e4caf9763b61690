"""The demonstration's letters: ready-made templates, and what went out for done steps."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation

from voronka.agenda.models import Step
from voronka.clients.models import Mail
from voronka.config.seeding.world import World
from voronka.foundation.sealing import seal
from voronka.journal.actions import About
from voronka.journal.kinds import FactBody, LetterFailed, LetterSent, LetterWritten
from voronka.letters.models import Letter, Sender, Template
from voronka.web.letters.starters import starters

WITHIN = timedelta(days=45)
MOST = 80
TEXT = (
    "Здравствуйте!\n\nОтправляю {what}, как договорились. Если что-то непонятно, "
    "позвоните или ответьте на это письмо.\n\n{manager}\nСевер Климат"
)


def write_letters(world: World) -> None:
    """Put a letter to each of the latest steps "letter" that are done.

    To be called before the ledger is written.
    """
    now = world.axis.moment(world.axis.now)
    steps = Step.objects.filter(
        batch_id=world.batch_id, kind="letter", done_at__gte=now - WITHIN, done_at__lt=now
    )
    steps = steps.exclude(deal=None).select_related("deal__client", "deal__manager", "person")
    rows = list(steps.order_by("-done_at", "-pk")[:MOST])
    mails = dict(
        Mail.objects.filter(client__in=[one.deal.client_id for one in rows if one.deal])
        .order_by("-pk")
        .values_list("client_id", "address")
    )
    for n, one in enumerate(rows):
        if one.deal and one.deal.client_id in mails:
            _write(world, one, mails[one.deal.client_id], n)
    if settings.IS_DEMO:
        _set_up(rows[0].done_at if rows and rows[0].done_at else now)


def _write(world: World, step: Step, to: str, n: int) -> None:
    deal, sent = step.deal, step.done_at
    if deal is None or sent is None:
        return
    written = sent - timedelta(seconds=20)
    what = step.title.removeprefix("Отправить ")
    subject = what[:1].upper() + what[1:]
    text = TEXT.format(what=what, manager=step.person.name)
    is_failed = n == 1
    done = None if is_failed else step
    letter = Letter.objects.create(
        channel="mail", client_id=deal.client_id, deal=deal, step=done, to=to,
        subject=subject, text=text, by=step.person, at=written, next_at=written,
        message_id=f"<demo.{world.batch_id}.{n}@letters.voronka>", attempts=1,
        state="failed" if is_failed else "sent", problem="no_such_address" if is_failed else "",
        sent_at=None if is_failed else sent, batch_id=world.batch_id,
    )  # fmt: skip
    said = LetterWritten(letter_id=letter.pk, channel="mail", to=to, subject=subject, text=text)
    _tell(world, step, said, written)
    told = {"letter_id": letter.pk, "channel": "mail", "subject": subject}
    end: FactBody = LetterSent(**told)  # type: ignore[arg-type]
    if is_failed:
        end = LetterFailed(**told, problem="no_such_address")  # type: ignore[arg-type]
    _tell(world, step, end, sent)


def _tell(world: World, step: Step, body: FactBody, at: datetime) -> None:
    deal = step.deal
    if deal is None:
        return
    about = About(
        case=deal.case,
        client_id=deal.client_id,
        deal_id=deal.pk,
        funnel_id=deal.funnel_id,
        stage_id=deal.stage_id,
        source_id=deal.source_id,
        owner_id=deal.manager_id,
        team_id=deal.manager.team_id if deal.manager else None,
    )
    world.ledger.add(int(at.timestamp()), body, about, step.person_id)


def _set_up(at: datetime) -> None:
    """Give the demonstration templates, and a mailbox that opens nothing."""
    with translation.override("ru"):
        for new in starters():
            Template.objects.create(
                channel=new.channel, name=new.name, subject=new.subject, text=new.text,
                changed_at=at,
            )  # fmt: skip
    Sender.objects.create(
        address="sales@sever-klimat.example", server="smtp.sever-klimat.example", port=465,
        login="sales@sever-klimat.example", secret=seal("demonstration"), succeeded_at=at,
    )  # fmt: skip
