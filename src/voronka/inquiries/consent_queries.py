"""Reads of consents for screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from voronka.inquiries.models import Consent, ConsentText, Withdrawal


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent. `version` 0: to words that are not kept here."""

    id: int
    purpose: str
    how: str
    at: datetime
    version: int
    text: str
    contact: str
    number: str
    evidence: str
    by_id: int | None
    inquiry_id: int | None
    inquiry: int | None
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """A withdrawal. `erase_by` None: nothing is to be erased."""

    id: int
    purposes: list[str]
    how: str
    on: date
    contact: str
    by_id: int | None
    erase_by: date | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class TextRow:
    """A version of a text. `uses`: how many agreed to it."""

    purpose: str
    version: int
    text: str
    made_at: datetime
    uses: int


def consents_of(client_ids: Sequence[int]) -> list[ConsentRow]:
    """List the consents of these cards and of their inquiries, the newest first; one query."""
    rows = Consent.objects.filter(
        Q(client_id__in=client_ids) | Q(inquiry__client_id__in=client_ids)
    )
    found = rows.order_by("-at", "-pk").values_list(
        "pk", "purpose", "how", "at", "text__version", "text__text", "contact__name", "number",
        "evidence", "by_id", "inquiry_id", "inquiry__number", "withdrawal__on",
    )  # fmt: skip
    rows_of: list[list[Any]] = [list(row) for row in found]
    for row in rows_of:
        row[4:7] = row[4] or 0, row[5] or "", row[6] or ""
    return [ConsentRow(*row) for row in rows_of]


def consent_of_inquiry(inquiry_id: int) -> ConsentRow | None:
    """Give what was agreed to with an inquiry; one query."""
    row = Consent.objects.filter(inquiry_id=inquiry_id).select_related("text").first()
    if row is None:
        return None
    version, text = (row.text.version, row.text.text) if row.text else (0, "")
    return ConsentRow(
        row.pk, row.purpose, row.how, row.at, version, text, "", row.number, row.evidence,
        row.by_id, inquiry_id, None, None,
    )  # fmt: skip


def withdrawals_of(client_ids: Sequence[int]) -> list[WithdrawalRow]:
    """List what these cards took back, the newest first; one query."""
    rows = Withdrawal.objects.filter(client_id__in=client_ids).order_by("-on", "-pk")
    columns = ("pk", "purposes", "how", "on", "contact__name", "by_id", "erase_by", "erased_at")
    return [
        WithdrawalRow(pk, purposes, how, on, contact or "", *rest)
        for pk, purposes, how, on, contact, *rest in rows.values_list(*columns)
    ]


def text_versions() -> list[TextRow]:
    """List all texts by purpose, the newest version first; one query."""
    rows = ConsentText.objects.annotate(uses=Count("consent")).order_by("purpose", "-version")
    return [
        TextRow(*row)
        for row in rows.values_list("purpose", "version", "text", "made_at", "uses")
    ]


def lets_letters(consents: Sequence[ConsentRow], withdrawals: Sequence[WithdrawalRow]) -> bool:
    """Say whether advertising letters may go: they were agreed to and not taken back since."""
    agreed = [one.at.date() for one in consents if one.purpose == "letters"]
    back = [one.on for one in withdrawals if {"letters", "answer"} & set(one.purposes)]
    live = [one for one in consents if one.purpose == "letters" and one.withdrawn_on is None]
    return bool(live) and (not back or max(agreed) > max(back))
