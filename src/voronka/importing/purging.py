"""Taking the examples away: every row of a demonstration batch, and nothing else."""

from django.db import connection, transaction
from django.db.models import ForeignKey, Model, Q

from voronka.agenda.models import BulkEdit, Step
from voronka.calls.models import Call, CallBack, CallLeg, CallOutcome
from voronka.calls.sound.of_examples import drop_recordings_of
from voronka.clients.models import Client, Contact, CustomField, Mail, Merge, Phone, Source
from voronka.control.models import Slip
from voronka.deals.models import (
    Deal,
    DealLine,
    Demand,
    Funnel,
    Product,
    RefusalReason,
    Stage,
    Version,
)
from voronka.discovery.models import Finding
from voronka.foundation.recent import changed
from voronka.inquiries.models import (
    Bot,
    Consent,
    ConsentText,
    Inquiry,
    Learned,
    LetPass,
    Letter,
    Mailbox,
    NotCustomer,
    Received,
    Reply,
    Routing,
    RoutingRule,
    RulesVersion,
    Thread,
    Withdrawal,
)
from voronka.inquiries.strangers import case_of
from voronka.journal.models import Batch, Fact, PurgePermit
from voronka.journal.viewer import Viewer
from voronka.letters.models import Letter as LetterToClient
from voronka.people.models import Absence, ApiKey, Duty, Notice, Person, Skill, Team

KIND = "demo"
# From what hangs on others to what others hang on.
ORDER: tuple[type[Model], ...] = (
    LetterToClient, Slip, Call, Inquiry, Step, DealLine, Deal, Phone, Mail, Contact, Client,
    Product, RefusalReason, Stage, Funnel, CustomField, Source, Person, Team,
)  # fmt: skip


@transaction.atomic
def purge_examples(*, by: Viewer) -> dict[str, int]:
    """Delete all rows of demonstration batches with their facts; give how many of each table.

    Example rows that a real row needs (a real deal on an example client) become real and
    stay. Without examples nothing happens. Raises: PermissionError.
    """
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    batches = list(Batch.objects.filter(kind=KIND).values_list("pk", flat=True))
    if not batches:
        return {}
    # A draft is no real row: it must not make an example's funnel one.
    Funnel.objects.filter(draft_of__batch_id__in=batches).delete()
    while sum(_adopt_needed(model, batches) for model in ORDER):
        pass
    permit = PurgePermit.objects.create(reason="examples")
    _drop_derived(batches)
    drop_recordings_of(batches)
    gone = {"journal.fact": Fact.objects.filter(batch_id__in=batches).delete()[0]}
    for model in ORDER:
        rows = model._default_manager.filter(batch_id__in=batches)
        gone[model._meta.label_lower] = rows._raw_delete(rows.db)
    Batch.objects.filter(pk__in=batches).delete()
    permit.delete()
    connection.check_constraints()
    changed()
    return gone


def _adopt_needed(model: type[Model], batches: list[int]) -> int:
    """Make example rows real where a real row points to them; give how many became so."""
    adopted = 0
    for relation in model._meta.related_objects:
        table: type[Model] = relation.related_model
        if table in (Slip, Merge) or not isinstance(relation.field, ForeignKey):
            continue
        if not any(field.name == "batch_id" for field in table._meta.concrete_fields):
            continue
        real = table._default_manager.filter(Q(batch_id=None) | ~Q(batch_id__in=batches))
        needed = real.filter(**{f"{relation.field.name}__batch_id__in": batches})
        ids = set(needed.values_list(relation.field.attname, flat=True))
        adopted += model._default_manager.filter(pk__in=ids).update(batch_id=None)
        if model is Client:
            for own in (Phone, Mail, Contact):
                own._default_manager.filter(client_id__in=ids).update(batch_id=None)
    return adopted


def _drop_derived(batches: list[int]) -> None:
    """What was made of example rows after the seeding: slips, facts, demands, versions,
    findings, decisions, and what was learned from them all.
    """
    Learned.objects.all().delete()
    of_examples = Q(inquiry__batch_id__in=batches) | Q(person__batch_id__in=batches)
    Routing.objects.filter(of_examples).delete()
    _drop_own(batches)
    _drop_conversations(batches)
    Received.objects.filter(inquiry__batch_id__in=batches).delete()
    _drop_consents(batches)
    LetPass.objects.filter(of_examples | Q(to__batch_id__in=batches)).delete()
    _drop_rules(batches)
    said = _drop_not_customers(batches)
    _drop_funnels(batches)
    BulkEdit.objects.filter(by__batch_id__in=batches).delete()
    slips = Slip.objects.filter(
        Q(deal__batch_id__in=batches)
        | Q(client__batch_id__in=batches)
        | Q(inquiry__batch_id__in=batches)
        | Q(manager__batch_id__in=batches)
    )
    Slip.objects.filter(escalated_to__batch_id__in=batches).update(escalated_to=None)
    facts = Fact.objects.filter(batch_id=None)
    deals = Deal.objects.filter(batch_id__in=batches).values("pk")
    clients = Client.objects.filter(batch_id__in=batches).values("pk")
    facts.filter(Q(deal_id__in=deals) | Q(client_id__in=clients)).delete()
    for kind, model in (("inquiry", Inquiry), ("person", Person), ("step", Step)):
        ids = model._default_manager.filter(batch_id__in=batches).values_list("pk", flat=True)
        cases = [f"{kind}:{pk}" for pk in ids]
        for n in range(0, len(cases), 500):
            facts.filter(case__in=cases[n : n + 500]).delete()
    said += slips.filter(rule="unregistered").values_list("subject", flat=True)
    facts.filter(case__in=said).delete()
    slips.delete()


def _drop_consents(batches: list[int]) -> None:
    """Drop what examples agreed to and took back; a text that a real person agreed to stays."""
    agreed = Q(batch_id__in=batches) | Q(client__batch_id__in=batches)
    Consent.objects.filter(agreed | Q(inquiry__batch_id__in=batches)).delete()
    Withdrawal.objects.filter(client__batch_id__in=batches).delete()
    for table in (Consent, Withdrawal, ConsentText):
        table._default_manager.filter(by__batch_id__in=batches).update(by=None)
    texts = ConsentText.objects.filter(batch_id__in=batches)
    texts.filter(consent__isnull=True).delete()
    texts.update(batch_id=None)


def _drop_funnels(batches: list[int]) -> None:
    """Versions, demands and findings of the examples' funnels."""
    Version.objects.filter(funnel__batch_id__in=batches).delete()
    Version.objects.filter(by__batch_id__in=batches).update(by=None)
    Funnel.objects.filter(drafted_by__batch_id__in=batches).update(drafted_by=None)
    Demand.objects.filter(stage__batch_id__in=batches).delete()
    Finding.objects.filter(funnel__batch_id__in=batches).delete()


def _drop_not_customers(batches: list[int]) -> list[str]:
    """What examples' people set aside; gives the cases of the journal that tell of it."""
    marks = NotCustomer.objects.filter(by__batch_id__in=batches)
    said = [case_of(address) for address in marks.values_list("address", flat=True)]
    marks.delete()
    return said


def _drop_conversations(batches: list[int]) -> None:
    """Letters and chats of the examples' inquiries, with their mailboxes and bot."""
    Letter.objects.filter(inquiry__batch_id__in=batches).delete()
    Letter.objects.filter(person__batch_id__in=batches).update(person=None)
    Mailbox.objects.filter(batch_id__in=batches).delete()
    Bot.objects.filter(batch_id__in=batches).delete()
    Thread.objects.filter(inquiry__batch_id__in=batches).delete()
    Reply.objects.filter(by__batch_id__in=batches).update(by=None)


def _drop_own(batches: list[int]) -> None:
    """What examples' people were told, and the keys they made."""
    Notice.objects.filter(person__batch_id__in=batches).delete()
    ApiKey.objects.filter(made_by__batch_id__in=batches).update(made_by=None)
    _drop_of_calls(batches)
    CallLeg.objects.filter(call__batch_id__in=batches).delete()
    CallLeg.objects.filter(person__batch_id__in=batches).update(person=None)


def _drop_of_calls(batches: list[int]) -> None:
    """What came of the examples' calls; a real call's row lets go of the examples' people."""
    CallBack.objects.filter(first_call__batch_id__in=batches).delete()
    CallOutcome.objects.filter(call__batch_id__in=batches).delete()
    CallBack.objects.filter(owner__batch_id__in=batches).update(owner=None)
    CallBack.objects.filter(step__batch_id__in=batches).update(step=None)
    CallBack.objects.filter(closed_by__batch_id__in=batches).update(closed_by=None)
    CallOutcome.objects.filter(by__batch_id__in=batches).update(by=None)
    CallOutcome.objects.filter(step__batch_id__in=batches).update(step=None)


def _drop_rules(batches: list[int]) -> None:
    """The examples' rules, hours, absences, skills; the firm's own rules lose only them."""
    RoutingRule.objects.filter(batch_id__in=batches).delete()
    RulesVersion.objects.filter(batch_id__in=batches).delete()
    RulesVersion.objects.filter(by__batch_id__in=batches).update(by=None)
    falling = RoutingRule.objects.filter(falls_to__batch_id__in=batches)
    falling.update(falls_to=None, fallback="head")
    Absence.objects.filter(stands_in__batch_id__in=batches).update(stands_in=None)
    for model in (Duty, Absence, Skill):
        model._default_manager.filter(person__batch_id__in=batches).delete()
