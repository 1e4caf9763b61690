"""Blanking a client's own rows and facts, and covering traces in everything else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from voronka.agenda.models import Step
from voronka.calls.models import Call, CallBack, CallOutcome
from voronka.clients import search_text
from voronka.clients.models import Client, Contact, CustomField, Mail, Merge, Phone
from voronka.control.models import Slip
from voronka.deals.models import Deal
from voronka.foundation.traces import ERASED, Traces
from voronka.importing.models import Change
from voronka.inquiries.models import Consent, Inquiry
from voronka.inquiries.touches import origin_of
from voronka.journal import erasing as facts
from voronka.journal.models import Fact
from voronka.letters.models import Letter
from voronka.privacy.rewriting import COVERED, EMPTIED, SPOKEN, WRITTEN_BY_THEM, rewrite
from voronka.privacy.subject import Subject

# Fields of the firm's own whose values name nobody.
KEPT_KINDS = ("flag", "choice", "money")
# Of an inquiry's marks these lead money to its source and name nobody.
KEPT_MARKS = frozenset({"utm_source", "utm_medium", "utm_campaign", "product"})
# What slips tell in words that people wrote.
TOLD = frozenset({"title", "detail", "known"})
Counts = dict[str, int]


def blank_own(one: Subject, *, at: datetime) -> Counts:
    """Blank the rows of a client, or those with one person's numbers; give how many of each."""
    done: Counts = {}
    waiting = Letter.objects.filter(one.letters(), state="waiting")
    waiting.update(state="failed", problem="gone", leased_until=None)
    # Nobody can ring an erased number; two of them open would be taken for one.
    CallBack.objects.filter(first_call_id__in=one.call_ids, closed_at=None).update(is_past=True)
    for table, rows in _own_rows(one):
        done[table._meta.label_lower] = rows.count()
        rewrite(rows, COVERED.get(table, ()), cover)
        rows.update(**dict.fromkeys(EMPTIED.get(table, ()), ""))
    _blank_marks(one)
    done["importing.change"] = _drop_ways_back(one)
    if one.is_whole:
        _blank_cards(one, at)
    else:
        _cover_near(one)
    return done | _drop_people(one)


def _own_rows(one: Subject) -> list[tuple[type[Model], "QuerySet[Any]"]]:
    consents = Q(inquiry_id__in=one.inquiry_ids)
    consents |= Q(client_id__in=one.client_ids) if one.is_whole else Q(contact=one.contact_id)
    found: list[tuple[type[Model], QuerySet[Any]]] = [
        (Inquiry, Inquiry.objects.filter(pk__in=one.inquiry_ids)),
        (Call, Call.objects.filter(pk__in=one.call_ids)),
        (CallBack, CallBack.objects.filter(first_call_id__in=one.call_ids)),
        (CallOutcome, CallOutcome.objects.filter(call_id__in=one.call_ids)),
        (Consent, Consent.objects.filter(consents)),
        (Letter, Letter.objects.filter(one.letters())),
    ]
    if one.is_whole:
        found += [
            (Client, Client.objects.filter(pk__in=one.client_ids)),
            (Deal, Deal.objects.filter(pk__in=one.deal_ids)),
            (Step, Step.objects.filter(one.steps())),
        ]
    return found


def _blank_cards(one: Subject, at: datetime) -> None:
    cards, deals = (
        Client.objects.filter(pk__in=one.client_ids),
        Deal.objects.filter(pk__in=one.deal_ids),
    )
    cards.update(
        name=Concat(Value(f"{ERASED} "), Cast("pk", Client._meta.get_field("name"))),
        erased_at=at,
        version=F("version") + 1,
    )
    kept = CustomField.objects.filter(kind__in=KEPT_KINDS)
    keys = {field.key for field in kept}
    for rows in (cards, deals):
        _only(rows, "custom", keys.__contains__)
    whose = Q(kept_id__in=one.client_ids) | Q(other_id__in=one.client_ids)
    Merge.objects.filter(whose).update(before={}, after={})
    for slip in Slip.objects.filter(_slips(one)):
        slip.evidence, slip.closing = _untold(slip.evidence), _untold(slip.closing)
        slip.save(update_fields=["evidence", "closing"])


def _slips(one: Subject) -> Q:
    return (
        Q(client_id__in=one.client_ids)
        | Q(deal_id__in=one.deal_ids)
        | Q(inquiry_id__in=one.inquiry_ids)
    )


def _untold(said: dict[str, Any]) -> dict[str, Any]:
    return {name: cover(v) if name in TOLD else v for name, v in said.items()}


def _only(rows: "QuerySet[Any]", column: str, is_kept: Callable[[str], bool]) -> None:
    """Leave only the kept names in a column of JSON objects."""
    for pk, said in list(rows.values_list("pk", column)):
        kept = {name: value for name, value in said.items() if is_kept(name)}
        if kept != said:
            rows.model._default_manager.filter(pk=pk).update(**{column: kept})


def _blank_marks(one: Subject) -> None:
    """Leave the marks that lead money to its source; of a click the source's name stays."""
    rows = Inquiry.objects.filter(pk__in=one.inquiry_ids).select_related("source")
    for row in rows:
        kept = {name: value for name, value in row.marks.items() if name in KEPT_MARKS}
        origin = origin_of(row.source.name if row.source else "", row.marks)
        if origin.source and row.source is None:
            kept["utm_source"] = origin.source
        Inquiry.objects.filter(pk=row.pk).update(marks=kept)


def _cover_near(one: Subject) -> None:
    """Cover one person's name and numbers in all that is written about the firm."""
    near = one.traces.masked_near
    cards = Q(kept_id__in=one.client_ids) | Q(other_id__in=one.client_ids)
    for rows in (
        Client.objects.filter(pk__in=one.client_ids),
        Deal.objects.filter(pk__in=one.deal_ids),
        Step.objects.filter(one.steps()),
        Slip.objects.filter(_slips(one)),
        Merge.objects.filter(cards),
    ):
        rewrite(rows, SPOKEN[rows.model], near)


def _drop_people(one: Subject) -> Counts:
    """Delete people and numbers, and work out anew what the cards are found by."""
    cards = Q(client_id__in=one.client_ids)
    contacts, phones, mails = Contact.objects.filter(cards), cards, cards
    if not one.is_whole:
        contacts = contacts.filter(pk=one.contact_id or 0)
        own = Q(contact_id=one.contact_id)
        # A card that was merged away keeps its copy of a number that both had.
        copies = cards & Q(client__merged_into__isnull=False)
        phones = own | copies & Q(e164__in=one.traces.phones)
        mails = own | copies & Q(address__in=one.traces.mails)
    done = {
        table._meta.label_lower: rows.delete()[1].get(table._meta.label, 0)
        for table, rows in (
            (Phone, Phone.objects.filter(phones)),
            (Mail, Mail.objects.filter(mails)),
            (Contact, contacts),
        )
    }
    for card in Client.objects.filter(pk__in=one.client_ids):
        search_text.refresh(card)
    return done


def _drop_ways_back(one: Subject) -> int:
    """Delete what loads kept of these rows as they were: an undo must not bring it back."""
    gone = 0
    for table, ids in (
        ("clients.client", one.client_ids),
        ("deals.deal", one.deal_ids if one.is_whole else ()),
        ("inquiries.inquiry", one.inquiry_ids),
    ):
        gone += Change.objects.filter(table=table, row_id__in=ids).delete()[0]
    return gone


def blank_facts(one: Subject) -> int:
    """Blank the journal about the client, cover traces in the rest; give how many facts."""
    spoken = one.facts()
    if one.is_whole:
        n = facts.rewrite(spoken, cover)
    else:
        cases = [f"inquiry:{pk}" for pk in one.inquiry_ids]
        cases += [f"call:{pk}" for pk in one.call_ids]
        n = facts.rewrite(Fact.objects.filter(case__in=cases), cover)
        n += facts.rewrite(spoken, one.traces.masked_near)
    others = Q(kind="inquiry.registered")
    n += facts.rewrite(Fact.objects.filter(others), numbers_of(one.traces).masked)
    return n + facts.rewrite(Fact.objects.exclude(others), one.traces.masked)


def cover_elsewhere(one: Subject) -> Counts:
    """Cover traces in the texts of all other rows; give how many of each table changed.

    What another person wrote in an inquiry keeps its names: a namesake is somebody else.
    """
    numbers = numbers_of(one.traces)
    found = {}
    for table, columns in SPOKEN.items():
        rows = table._default_manager.all()
        n = rewrite(rows, columns, one.traces.masked)
        if table is Inquiry:
            n += rewrite(rows, WRITTEN_BY_THEM, numbers.masked)
        if n:
            found[f"{table._meta.label_lower}, elsewhere"] = n
    return found


def numbers_of(traces: Traces) -> Traces:
    """Give the traces without names."""
    return Traces(traces.phones, traces.mails, traces.numbers)


def cover(text: str) -> str:
    """Give the sign of the erased for a text that says something."""
    return ERASED if text else text
