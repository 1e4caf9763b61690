"""Reads about letters: what a writer needs, what was written, how the ways out are doing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from voronka.agenda.models import Step
from voronka.clients.models import Client, Contact, Mail, Phone
from voronka.deals.models import Deal
from voronka.foundation import files
from voronka.foundation.recent import recent
from voronka.journal.viewer import Viewer
from voronka.letters.models import Gateway, Letter, LetterFile, Sender, Template
from voronka.letters.writing import channels_open


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a client is written to. `who`: the person's name, "" for the company's own."""

    channel: str
    to: str
    who: str


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template to begin with."""

    id: int
    channel: str
    name: str
    subject: str
    text: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """What is known where a letter is written. `amount_kopecks`: of the deal.

    `contact`: the only person there, "" when there are several; `channels`: what is set up;
    `step_id`: the open step "letter" that it would do.
    """

    client_id: int
    client: str
    is_person: bool
    contact: str
    recipients: tuple[Recipient, ...]
    deal_id: int | None
    deal: str
    number: int | None
    amount_kopecks: int | None
    step_id: int | None
    templates: tuple[TemplateRow, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that goes along; `size` in bytes."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter as pages show it."""

    id: int
    channel: str
    client_id: int
    client: str
    sees_client: bool
    deal_id: int | None
    deal: str
    to: str
    subject: str
    text: str
    by: str
    at: datetime
    state: str
    problem: str
    sent_at: datetime | None
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class WayRow:
    """What letters or messages go out through; its secret never leaves."""

    channel: str
    address: str
    server: str
    port: int
    security: str
    login: str
    is_on: bool
    succeeded_at: datetime | None
    problem: str
    problem_at: datetime | None
    waiting: int


def writing(*, viewer: Viewer, client_id: int, deal_id: int | None) -> Writing:
    """Give what a page for writing shows; four queries, two more after a change of the setup.

    Without a deal it is the client's newest open one. Raises: Client.DoesNotExist.
    """
    mine = Deal.objects.changeable_by(viewer).filter(pk=deal_id or 0, client_id=client_id)
    cards = Client.objects.changeable_by(viewer) | Client.objects.live().filter(Exists(mine))
    client = cards.get(pk=client_id)
    wanted = Q(outcome="") | Q(pk=deal_id) if deal_id else Q(outcome="")
    deals = Deal.objects.visible_to(viewer).filter(wanted, client=client)
    chosen = Case(When(pk=deal_id or 0, then=0), default=1)
    deal = deals.order_by(chosen, "-pk").first()
    steps = Step.objects.changeable_by(viewer).open().filter(kind="letter")
    step = steps.filter(deal=deal) if deal else steps.filter(client=client, deal=None)
    recipients, people = _reachable(client)
    return Writing(
        client_id=client.pk,
        client=client.name,
        is_person=client.kind == "person",
        contact=people[0] if len(people) == 1 else "",
        recipients=recipients,
        deal_id=deal.pk if deal else None,
        deal=deal.title if deal else "",
        number=deal.number if deal else None,
        amount_kopecks=deal.amount_kopecks if deal else None,
        step_id=step.order_by("due_at", "pk").values_list("pk", flat=True).first(),
        templates=tuple(templates()),
        channels=channels_open(),
    )


@recent()
def templates() -> list[TemplateRow]:
    """List the templates by name, letters first; kept until one changes."""
    rows = Template.objects.filter(retired_at=None).order_by("channel", "name")
    return [
        TemplateRow(one.pk, one.channel, one.name, one.subject, one.text, one.changed_at)
        for one in rows
    ]


def letters_of(*, viewer: Viewer, client_id: int, limit: int = 20) -> list[LetterRow]:
    """List what was written to a client, the newest first; two queries."""
    rows = _told(viewer).filter(client_id=client_id)
    return [_row(one) for one in rows.order_by("-at", "-pk")[:limit]]


def letter(*, viewer: Viewer, letter_id: int) -> LetterRow:
    """Give one letter; two queries. Raises: Letter.DoesNotExist."""
    return _row(_told(viewer).get(pk=letter_id))


def file_content(*, viewer: Viewer, file_id: int) -> tuple[str, bytes]:
    """Give a file's name and bytes. Raises: LetterFile.DoesNotExist, FileNotFoundError."""
    rows = LetterFile.objects.filter(letter__in=Letter.objects.visible_to(viewer))
    one = rows.get(pk=file_id)
    return one.name, files.read(one.content)


def ways(*, viewer: Viewer) -> list[WayRow]:
    """List what is set up, to those who set the installation up; at most four queries."""
    if not viewer.may("settings", "change"):
        return []
    found: list[Sender | Gateway] = [*Sender.objects.all(), *Gateway.objects.all()]
    return [_way(one) for one in found]


def _reachable(client: Client) -> tuple[tuple[Recipient, ...], list[str]]:
    """List mails, then numbers, those of people first; and the names of the people there."""
    mails = Mail.objects.filter(client=client).annotate(way=Value("mail"), to=F("address"))
    phones = Phone.objects.filter(client=client, e164__startswith="+", extension="")
    phones = phones.annotate(way=Value("message"), to=F("e164"))
    people = Contact.objects.filter(client=client).annotate(way=Value("person"), to=F("name"))
    columns = ("way", "to", "contact__name", "contact_id", "pk")
    rows = people.values_list("way", "to", "name", "pk", "pk").union(
        mails.values_list(*columns), phones.values_list(*columns), all=True
    )
    found = sorted(rows, key=lambda row: (row[0], row[3] is None, row[3] or 0, row[4]))
    named = [to for way, to, *_ in found if way == "person" and to]
    places = (Recipient(way, to, name or "") for way, to, name, *_ in found if way != "person")
    return tuple(places), named


def _told(viewer: Viewer) -> "QuerySet[Letter]":
    """Letters with all that a row tells; of a deal or a card that is another's, no name."""
    seen = Deal.objects.visible_to(viewer).filter(pk=OuterRef("deal_id"))
    known = Client.objects.visible_to(viewer).filter(pk=OuterRef("client_id"))
    rows = Letter.objects.visible_to(viewer).select_related("client", "deal", "by")
    return rows.prefetch_related("files").annotate(
        sees_deal=Exists(seen), sees_client=Exists(known)
    )


def _row(one: Letter) -> LetterRow:
    sees_deal = one.deal is not None and bool(getattr(one, "sees_deal", False))
    return LetterRow(
        one.pk, one.channel, one.client_id, one.client.name,
        bool(getattr(one, "sees_client", False)), one.deal_id if sees_deal else None,
        one.deal.title if one.deal and sees_deal else "", one.to, one.subject, one.text,
        one.by.name, one.at, one.state, one.problem, one.sent_at,
        tuple(FileRow(file.pk, file.name, file.size) for file in one.files.all()),
    )  # fmt: skip


def _way(one: Sender | Gateway) -> WayRow:
    channel = "mail" if isinstance(one, Sender) else "message"
    waiting = Letter.objects.filter(channel=channel, state="waiting").count()
    shared = (one.is_on, one.succeeded_at, one.problem, one.problem_at, waiting)
    if isinstance(one, Sender):
        return WayRow(
            channel, one.address, one.server, one.port, one.security, one.login, *shared
        )
    return WayRow(channel, one.url, "", 0, "", "", *shared)
