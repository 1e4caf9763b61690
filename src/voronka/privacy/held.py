"""All that is kept of a client, or of one person there, in one answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from voronka.agenda.models import Step
from voronka.calls.models import Call, CallNote, Recording
from voronka.clients.models import Client, Contact, CustomField, Mail, Phone
from voronka.deals.models import Deal
from voronka.importing.models import Load, Trace
from voronka.inquiries.models import Chat, Consent, Inquiry, Withdrawal
from voronka.journal import actions as journal
from voronka.journal.erasing import PERSONAL
from voronka.journal.kinds import PersonalRead
from voronka.journal.viewer import Viewer
from voronka.letters.models import Letter
from voronka.privacy.subject import Subject, subject

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one kind. `code`: what they are; each line: a value by the name of its column."""

    code: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Held:
    """The whole answer."""

    name: str
    client_ids: list[int]
    parts: list[Part]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(len(part.lines) for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Give plain values: moments and days as ISO texts, sums in kopecks."""
        return {
            "name": self.name,
            "client_ids": self.client_ids,
            "parts": {
                part.code: [
                    {name: _plain(value) for name, value in line.items()} for line in part.lines
                ]
                for part in self.parts
            },
        }


@transaction.atomic
def held(
    *, client_id: int, form: str, by: Viewer, at: datetime, contact_id: int | None = None
) -> Held:
    """Draw up what is kept: cards, people, numbers, deals, inquiries, calls, journal, files.

    Of one person: the person's own numbers, inquiries, calls, consents, and what the journal
    and the texts of the firm's card say by name or number.

    Raises: PermissionError, Client.DoesNotExist, Contact.DoesNotExist. Records: PersonalRead.
    """
    if not by.may("personal", "read"):
        raise PermissionError("personal")
    one = subject(client_id=client_id, contact_id=contact_id, viewer=by)
    parts = [Part(code, lines) for code, lines in _parts(one) if lines]
    found = Held(one.name, list(one.client_ids), parts)
    case = f"client:{client_id}"
    about = journal.About(case=case, client_id=client_id, owner_id=one.manager_id)
    body = PersonalRead(form=form, rows=found.rows)
    journal.record(body, about=about, by_id=by.by_id, at=at)
    return found


def _parts(one: Subject) -> Iterable[tuple[str, list[Line]]]:
    cards = Q(client_id__in=one.client_ids)
    whose = cards if one.is_whole else Q(contact_id=one.contact_id)
    people = Contact.objects.filter(cards)
    if one.is_whole:
        yield "cards", _cards(one)
    else:
        people = people.filter(pk=one.contact_id or 0)
    yield "people", _lines(people, "name", "post", "decides")
    yield "phones", _lines(Phone.objects.filter(whose), "e164", "extension")
    yield "mails", _lines(Mail.objects.filter(whose), "address")
    inquiries = Inquiry.objects.filter(pk__in=one.inquiry_ids)
    agreed = whose | Q(inquiry__in=inquiries)
    yield "consents", _lines(
        Consent.objects.filter(agreed), "at", "purpose", "how", "number", "evidence",
        version="text__version", text="text__text",
    )  # fmt: skip
    yield (
        "withdrawals",
        _lines(Withdrawal.objects.filter(whose), "on", "purposes", "how", "erase_by"),
    )
    yield "inquiries", _lines(
        inquiries, "number", "arrived_at", "channel", "name", "phone", "mail", "text", "marks",
        "raw", "state", "state_reason", source="source__name",
    )  # fmt: skip
    chats = Chat.objects.filter(threads__inquiry__in=inquiries).distinct()
    yield "chats", _lines(chats, "name", "username", "phone", bot="bot__name")
    yield "calls", _lines(
        Call.objects.filter(pk__in=one.call_ids),
        "started_at", "direction", "phone", "is_answered", "talk_seconds",
    )  # fmt: skip
    yield from _recordings(one)
    letters = Letter.objects.filter(one.letters())
    yield (
        "letters",
        _lines(letters, "at", "channel", "to", "subject", "text", "state", by="by__name"),
    )
    if one.is_whole:
        yield from _work(one)
    yield "journal", _journal(one)
    yield "files", _files(one)


def _recordings(one: Subject) -> Iterable[tuple[str, list[Line]]]:
    rows = Recording.objects.filter(call_id__in=one.call_ids, state="stored")
    yield "recordings", _lines(rows, "seconds", "size", started_at="call__started_at")
    notes = CallNote.objects.filter(call_id__in=one.call_ids)
    yield "call_notes", _lines(notes, "at", "second", "text", by="by__name")


def _work(one: Subject) -> Iterable[tuple[str, list[Line]]]:
    deals = Deal.objects.filter(pk__in=one.deal_ids)
    lines = _lines(
        deals, "number", "title", "created_at", "amount_kopecks", "outcome", "closed_at",
        "refusal_detail", "note", "custom", stage="stage__name",
    )  # fmt: skip
    yield "deals", _named(lines, "deal")
    steps = Step.objects.filter(one.steps())
    yield "steps", _lines(steps, "created_at", "kind", "title", "due_at", "done_at", "outcome")


def _cards(one: Subject) -> list[Line]:
    rows = Client.objects.filter(pk__in=one.client_ids)
    lines = _lines(
        rows, "kind", "name", "legal_name", "inn", "kpp", "ogrn", "city", "address", "website",
        "industry", "note", "external_id", "custom", "created_at", source="source__name",
        manager="manager__name",
    )  # fmt: skip
    return _named(lines, "client")


def _named(lines: list[Line], scope: str) -> list[Line]:
    """Name the firm's own fields as the firm does; one query at most."""
    customs = [line.pop("custom") for line in lines]
    rows = CustomField.objects.filter(scope=scope).order_by("pk") if any(customs) else ()
    fields = [(one.name, one.key) for one in rows]
    return [
        line | {name: custom[key] for name, key in fields if key in custom}
        for line, custom in zip(lines, customs, strict=True)
    ]


def _journal(one: Subject) -> list[Line]:
    """List the facts that say something of the client in words or numbers."""
    said = []
    rows = one.facts().filter(kind__in=PERSONAL).order_by("at", "pk")
    for at, kind, body in rows.values_list("at", "kind", "body"):
        line = {name: body[name] for name in PERSONAL[kind] if body.get(name)}
        text = str(line)
        is_told = one.is_whole or one.traces.masked_near(text) != text
        if line and is_told:
            said.append({"at": at, "kind": kind, **line})
    return said


def _files(one: Subject) -> list[Line]:
    tables = {
        "clients.client": one.client_ids if one.is_whole else (),
        "inquiries.inquiry": one.inquiry_ids,
        "calls.call": one.call_ids,
    }
    about = Q()
    for table, ids in tables.items():
        about |= Q(table=table, row_id__in=ids)
    batches = Trace.objects.filter(about).values("batch_id")
    return _lines(Load.objects.filter(batch_id__in=batches), "file_name", "started_at")


def _lines(rows: "QuerySet[Any]", *columns: str, **others: str) -> list[Line]:
    """Give rows as lines; `others`: columns of other tables by the name they get."""
    names = [*columns, *others]
    found = rows.order_by("pk").values_list(*columns, *others.values())
    return [dict(zip(names, row, strict=True)) for row in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
