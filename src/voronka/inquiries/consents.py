"""Consents to the use of personal data: the texts, and who agreed to which of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from voronka.clients.models import Client, Contact
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed, recent
from voronka.inquiries.models import GIVEN_BY, PURPOSES, Consent, ConsentText, Inquiry
from voronka.journal import actions as journal
from voronka.journal.kinds import ConsentGiven, ConsentTextSet
from voronka.journal.viewer import Viewer

ANSWER = "answer"
_NO = frozenset({"", "0", "false", "no", "off", "нет", "none", "null"})


class ConsentMissingError(RefusalError):
    """The form's box was not ticked, though the administrator asks for it."""

    code = "consent_missing"


class BadConsentError(RefusalError):
    """An unknown purpose or way, or a moment that has not come yet."""

    code = "bad_consent"


@dataclass(frozen=True, slots=True)
class Text:
    """The text in force for a purpose."""

    id: int
    purpose: str
    version: int
    text: str
    made_at: datetime


@recent()
def current_texts() -> dict[str, Text]:
    """Give the text in force for each purpose that has one."""
    rows = ConsentText.objects.order_by("version")
    latest = {
        row.purpose: Text(row.pk, row.purpose, row.version, row.text, row.made_at)
        for row in rows
    }
    return {purpose: text for purpose, text in latest.items() if text.text}


def form_text() -> Text | None:
    """Give the text that the site's form asks to agree to; None: it asks for nothing."""
    return current_texts().get(ANSWER)


@transaction.atomic
def set_text(*, purpose: str, text: str, by: Viewer, at: datetime) -> None:
    """Write the text that people agree to from now on; "" ends asking for it.

    A text nobody agreed to yet is written over, every other one stays as a version. The same
    text again does nothing. Raises: PermissionError, BadConsentError. Records: ConsentTextSet.
    """
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    if purpose not in PURPOSES:
        raise BadConsentError(purpose=purpose)
    text = text.strip()[:20_000]
    rows = ConsentText.objects.filter(purpose=purpose)
    last = rows.select_for_update().order_by("-version").first()
    if (last.text if last else "") == text:
        return
    if last is None or last.consent_set.exists():
        version = (rows.aggregate(top=Max("version"))["top"] or 0) + 1
        last = ConsentText(purpose=purpose, version=version)
    last.text, last.made_at, last.by_id = text, at, by.by_id
    last.save()
    changed()
    body = ConsentTextSet(purpose=purpose, version=last.version)
    journal.record(body, about=journal.About(case=f"consent:{last.pk}"), by_id=by.by_id, at=at)


def has_ticked(given: Mapping[str, str]) -> bool:
    """Say whether what came from a form or a program holds consent."""
    return str(given.get("consent", "")).strip().casefold() not in _NO


def demand_tick(given: Mapping[str, str]) -> None:
    """Let a form pass when its box is ticked, or none is asked for. Raises:
    ConsentMissingError.
    """
    if form_text() and not has_ticked(given):
        raise ConsentMissingError


@transaction.atomic
def take_consent(
    inquiry: Inquiry, given: Mapping[str, str], *, by: Viewer, at: datetime
) -> Consent | None:
    """Keep the consent that came with an inquiry: `consent`, and `consent_version` if said.

    None when there was none. Which text it was to: the version said, else the one in force;
    an unknown version is kept as evidence. A second time for the same inquiry does nothing.

    Records: ConsentGiven.
    """
    if not has_ticked(given):
        return None
    if there := inquiry.consents.filter(purpose=ANSWER).first():
        return there
    said = str(given.get("consent_version", "")).strip()[:20]
    text = form_text()
    text_id = text.id if text else None
    if said:
        known = ConsentText.objects.filter(purpose=ANSWER)
        number = int(said) if said.isdecimal() else 0
        text_id = known.filter(version=number).values_list("pk", flat=True).first()
    consent = Consent(
        client_id=inquiry.client_id,
        inquiry=inquiry,
        purpose=ANSWER,
        text_id=text_id,
        at=at,
        how="form",
        by_id=by.by_id,
        number=inquiry.phone or inquiry.mail,
        evidence="" if text_id else said,
    )
    return _kept(consent, by)


@transaction.atomic
def add_consent(
    *,
    client_id: int,
    purpose: str,
    how: str,
    given_at: datetime,
    evidence: str,
    by: Viewer,
    at: datetime,
    contact_id: int | None = None,
    number: str = "",
) -> Consent:
    """Write down a consent that was given by voice, on paper or in a file.

    By voice it is to the text in force, which is read out; a paper has its own words. The same
    again (person, purpose, way and moment) gives the one that is there.

    Raises: Client.DoesNotExist, Contact.DoesNotExist, BadConsentError. Records: ConsentGiven.
    """
    if purpose not in PURPOSES or how not in GIVEN_BY or given_at > at:
        raise BadConsentError(purpose=purpose)
    client = Client.objects.changeable_by(by).select_for_update(of=("self",)).get(pk=client_id)
    contact = Contact.objects.get(pk=contact_id, client=client) if contact_id else None
    same = Consent.objects.filter(
        client=client, contact=contact, purpose=purpose, how=how, at=given_at
    )
    if there := same.first():
        return there
    text = current_texts().get(purpose) if how == "voice" else None
    consent = Consent(
        client=client,
        contact=contact,
        purpose=purpose,
        text_id=text.id if text else None,
        at=given_at,
        how=how,
        by_id=by.by_id,
        number=number.strip()[:200],
        evidence=evidence.strip()[:500],
    )
    return _kept(consent, by)


def _kept(consent: Consent, by: Viewer) -> Consent:
    consent.save()
    case = f"inquiry:{consent.inquiry_id}" if consent.inquiry_id else ""
    owner = consent.client or consent.inquiry
    body = ConsentGiven(
        consent_id=consent.pk,
        purpose=consent.purpose,
        version=consent.text.version if consent.text else 0,
        how=consent.how,
    )
    about = journal.About(
        case=case or f"client:{consent.client_id}",
        client_id=consent.client_id,
        owner_id=owner.manager_id if owner else None,
    )
    journal.record(body, about=about, by_id=by.by_id, at=consent.at)
    return consent
