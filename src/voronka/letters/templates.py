"""Templates of letters and messages: written, changed, retired."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed
from voronka.foundation.text import storable
from voronka.journal import actions as journal
from voronka.journal.kinds import LetterTemplateChanged
from voronka.journal.viewer import Viewer
from voronka.letters.filling import unknown_places
from voronka.letters.models import CHANNELS, Template

LONGEST = 20_000


class BadTemplateError(RefusalError):
    """A template needs this; details: field (name, subject, text, channel)."""

    code = "bad_template"


class UnknownPlaceError(RefusalError):
    """What stands in braces means nothing; details: names."""

    code = "unknown_place"


class TemplateTakenError(RefusalError):
    """There is a template of that name; details: name."""

    code = "template_taken"


@dataclass(frozen=True, kw_only=True)
class NewTemplate:
    """A template as typed. `channel`: mail or message; a message has no subject."""

    channel: str
    name: str
    subject: str
    text: str


@transaction.atomic
def save_template(
    new: NewTemplate, *, by: Viewer, at: datetime, template_id: int | None = None
) -> Template:
    """Write a template, or change one; the same again changes nothing.

    Letters that were written by it stay as they are.
    Raises: PermissionError, Template.DoesNotExist, BadTemplateError, UnknownPlaceError,
    TemplateTakenError; nothing was changed. Records: LetterTemplateChanged.
    """
    demand_right(by)
    said = _checked(new)
    row = Template(channel=said.channel)
    if template_id is not None:
        row = Template.objects.select_for_update().get(pk=template_id, retired_at=None)
    before = (row.channel, row.name, row.subject, row.text)
    if row.pk and before == (said.channel, said.name, said.subject, said.text):
        return row
    row.channel, row.name, row.subject, row.text = (
        said.channel, said.name, said.subject, said.text,
    )  # fmt: skip
    row.changed_at = at
    is_new = row.pk is None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise TemplateTakenError(name=said.name) from error
    _record(row, "added" if is_new else "changed", by, at)
    return row


@transaction.atomic
def retire_template(*, template_id: int, by: Viewer, at: datetime) -> None:
    """Offer a template no more; letters written by it stay. Twice does nothing.

    Raises: PermissionError, Template.DoesNotExist. Records: LetterTemplateChanged.
    """
    demand_right(by)
    row = Template.objects.select_for_update().get(pk=template_id)
    if row.retired_at is None:
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        _record(row, "retired", by, at)


def demand_right(by: Viewer) -> None:
    """Raise PermissionError unless `by` may set the installation up."""
    if not by.may("settings", "change"):
        raise PermissionError("settings")


def _checked(new: NewTemplate) -> NewTemplate:
    name, subject = (" ".join(storable(one).split()) for one in (new.name, new.subject))
    text = storable(new.text).replace("\r\n", "\n").strip()
    if new.channel not in CHANNELS:
        raise BadTemplateError(field="channel")
    if new.channel == "message":
        subject = ""
    for field, said, most in (
        ("name", name, 120), ("subject", subject or "-", 300), ("text", text, LONGEST)
    ):  # fmt: skip
        if not said or len(said) > most:
            raise BadTemplateError(field=field)
    if names := unknown_places(f"{subject}\n{text}"):
        raise UnknownPlaceError(names=", ".join(names)[:200])
    return NewTemplate(channel=new.channel, name=name, subject=subject, text=text)


def _record(row: Template, what: str, by: Viewer, at: datetime) -> None:
    body = LetterTemplateChanged(template_id=row.pk, name=row.name, what=what)
    about = journal.About(case=f"letter_template:{row.pk}")
    journal.record(body, about=about, by_id=by.by_id, at=at)
    changed()
