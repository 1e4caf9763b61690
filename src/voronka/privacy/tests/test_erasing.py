"""After an erasure nobody can be found, and every figure is what it was."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps  # noqa: TID251
from django.db import DatabaseError, connection, models, transaction

from conftest import MONDAY
from voronka.agenda.steps import set_step
from voronka.clients.finding import find_clients
from voronka.clients.merging import UndoTooLateError, undo_merge
from voronka.clients.models import Client, Contact, Merge, Phone
from voronka.deals.models import Deal
from voronka.deals.stage_moves import reopen_deal
from voronka.inquiries.models import Consent, Inquiry
from voronka.journal.kinds import FactBody
from voronka.journal.models import ErasurePermit, Fact
from voronka.kpi import registry, stage_conversion
from voronka.kpi.by_source import WHATS, by_source
from voronka.kpi.conventions import Row, days_period
from voronka.kpi.source import read
from voronka.people.settings import all_settings, calendar
from voronka.privacy.erasing import (
    EraseNotConfirmedError,
    EraseReasonMissingError,
    StillInWorkError,
    erase,
)
from voronka.privacy.rewriting import COVERED, EMPTIED, SPOKEN, WRITTEN_BY_THEM
from voronka.privacy.tests.conftest import SECRETS, facts_of_figures

pytestmark = pytest.mark.django_db
NAME = "Аристарх Задунайский"


def figures(cast: SimpleNamespace, now: Any) -> dict[str, Any]:
    """Every figure of the registry with its rows (labels apart), for two months, by all."""
    known = all_settings()
    days = calendar(known)
    first = MONDAY.date().replace(day=1)
    period = days_period(first, first + timedelta(days=60), days)
    by = cast.see("vera")
    material = read(viewer=by, period=period, now=now, calendar=days, settings=known)
    found: dict[str, Any] = {}
    for code, make in registry.FROM_JOURNAL.items():
        one = make(material)
        found[code] = (one.value, one.n, one.parts, rows_of(one.rows))
    for code in ("K24", "K25"):
        found[code] = rows_of(registry.standing_rows(code, viewer=by, now=now))
    funnel_id = Deal.objects.values_list("funnel_id", flat=True)[0]
    for touch in ("first", "last"):
        found[touch] = [
            (one.origin, one.won_kopecks, *(rows_of(one.rows(what)) for what in WHATS))
            for one in by_source(material, viewer=by, touch=touch)
        ]
    found["K14"] = stage_conversion.flows(viewer=by, period=period, funnel_id=funnel_id)
    return found


def rows_of(rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    return [(row.case, row.at, row.owner_id, row.client_id, row.value) for row in rows]


def erased(cast: SimpleNamespace, zadunay: SimpleNamespace, **more: Any) -> Any:
    wanted = {"reason": "отзыв согласия", "typed": NAME.upper(), **more}
    return erase(client_id=zadunay.client.pk, by=cast.see("anna"), at=zadunay.at, **wanted)


def test_no_trace_is_left_and_no_figure_moves(
    cast: SimpleNamespace, zadunay: SimpleNamespace, whole_base: Callable[[], str]
) -> None:
    before, told = figures(cast, zadunay.at), facts_of_figures()
    base = whole_base()
    assert [one for one in SECRETS if one not in base] == []
    n = Fact.objects.count()
    done = erased(cast, zadunay, reason=f"просит {NAME}, +7 912 345-67-80")
    assert figures(cast, zadunay.at) == before
    assert before["K13"][0] == 700_00
    assert before["K1"][0] == 2
    assert before["K5"][0] == 1
    assert facts_of_figures()[:n] == told
    base = whole_base()
    assert [one for one in SECRETS if one in base] == []
    assert done.facts > 15
    fact = Fact.objects.get(kind="personal.erased")
    assert (fact.by_id, fact.client_id) == (cast.anna.pk, zadunay.client.pk)
    assert fact.body["client_ids"] == sorted([zadunay.client.pk, zadunay.twin.pk])
    assert fact.body["reason"] == "просит ███, ███"
    assert fact.body["rows"]["inquiries.inquiry"] == 1
    assert fact.body["rows"]["importing.change"] == 1
    assert fact.measure == fact.body["journal"] == done.facts


def test_a_click_that_told_the_source_leaves_the_source(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    marks = {"yclid": "9123456780", "_ym_uid": "77", "referrer": "https://ya.ru/?text=x"}
    rows = Inquiry.objects.filter(pk=zadunay.inquiry.pk)
    rows.update(source=None, marks=marks)
    before = figures(cast, zadunay.at)
    erased(cast, zadunay)
    assert rows.get().marks == {"utm_source": "yandex"}
    assert figures(cast, zadunay.at) == before
    assert str(before["first"]).count("'yandex'") == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's file is looked into")
def test_no_byte_of_it_is_left_in_the_file(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    def left() -> list[str]:
        image: bytes = connection.connection.serialize()
        return [
            one
            for one in SECRETS
            if one.encode() in image or one.encode("ascii", "backslashreplace") in image
        ]

    connection.ensure_connection()
    assert len(left()) > 8
    erased(cast, zadunay)
    assert left() == []


def test_what_stays_is_a_card_without_anybody(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    erased(cast, zadunay)
    card = Client.objects.get(pk=zadunay.client.pk)
    assert card.name == f"███ {card.pk}"
    assert card.erased_at == zadunay.at
    assert card.custom == {zadunay.flag.key: True}
    assert (card.inn, card.address, card.note, card.source_id) == (
        "", "", "", zadunay.client.source_id,
    )  # fmt: skip
    assert not Phone.objects.filter(client=card).exists()
    assert not Contact.objects.filter(client=card).exists()
    assert find_clients(viewer=cast.see("vera"), query="задунай") == []
    inquiry = Inquiry.objects.get(pk=zadunay.inquiry.pk)
    assert inquiry.marks == {"utm_source": "ya", "utm_campaign": "лето"}
    assert (inquiry.number, inquiry.state, inquiry.answer_seconds) == (
        zadunay.inquiry.number, "targeted", 3600,
    )  # fmt: skip
    consent = Consent.objects.get()
    assert (consent.purpose, consent.how, consent.number) == ("answer", "form", "")
    won = Deal.objects.get(pk=zadunay.won.pk)
    assert (won.title, won.note, won.amount_kopecks, won.custom) == ("███", "", 700_00, {})
    lost = Deal.objects.get(pk=zadunay.lost.pk)
    assert (lost.refusal_detail, lost.outcome) == ("███", "lost")
    with pytest.raises(UndoTooLateError):
        undo_merge(merge_id=Merge.objects.get().pk, by=cast.see("anna"), at=zadunay.at)


def test_other_clients_keep_all_but_the_traces(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    erased(cast, zadunay)
    other = Client.objects.get(name="ООО «Лютик»")
    assert other.note == "прислал ███"
    assert Fact.objects.get(kind="note.written", client_id=other.pk).body == {
        "text": "Спросить ███, ███"
    }
    spam = Inquiry.objects.get(state="spam")
    assert (spam.name, spam.text) == ("x", "пишет ███")


def test_one_person_goes_and_the_firm_stays(
    cast: SimpleNamespace, zadunay: SimpleNamespace, whole_base: Callable[[], str]
) -> None:
    Client.objects.filter(pk=zadunay.client.pk).update(name="ООО «Волна»")
    person = Contact.objects.get(client=zadunay.client)
    Phone.objects.filter(client=zadunay.client).update(contact=person)
    reopened = reopen_deal(deal_id=zadunay.won.pk, by=cast.see("olga"), at=zadunay.at)
    before = figures(cast, zadunay.at)
    erased(cast, zadunay, contact_id=person.pk)
    card = Client.objects.get(pk=zadunay.client.pk)
    assert (card.name, card.erased_at, card.inn) == ("ООО «Волна»", None, "500100732259")
    assert card.note == "███ строг"
    assert not Contact.objects.exists()
    assert figures(cast, zadunay.at) == before
    assert Deal.objects.get(pk=reopened.pk).title == "Кресла для ███"
    base = whole_base()
    for one in ("Аристарх", "9123456780", "345-67-80"):
        assert one not in base, one


def test_whoever_still_works_with_the_client_is_told_what(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    olga = cast.see("olga")
    reopen_deal(deal_id=zadunay.won.pk, by=olga, at=zadunay.at)
    due = zadunay.at + timedelta(days=1)
    set_step(
        kind="task", title="x", due_at=due, client_id=zadunay.client.pk, by=olga, at=zadunay.at
    )
    n = Fact.objects.count()
    with pytest.raises(StillInWorkError) as refused:
        erased(cast, zadunay)
    assert refused.value.details == {"deals": 1, "steps": 1, "inquiries": 0}
    with pytest.raises(EraseReasonMissingError):
        erased(cast, zadunay, reason=" ")
    with pytest.raises(EraseNotConfirmedError):
        erased(cast, zadunay, typed="Аристарх")
    for who in ("olga", "lev", "audit"):
        with pytest.raises(PermissionError):
            erase(
                client_id=zadunay.client.pk, reason="x", typed=NAME, by=cast.see(who),
                at=zadunay.at,
            )  # fmt: skip
    assert Fact.objects.count() == n
    assert Client.objects.get(pk=zadunay.client.pk).name == NAME


def test_a_second_click_erases_nothing_more(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    erased(cast, zadunay)
    n = Fact.objects.count()
    assert erased(cast, zadunay).facts == 0
    assert Fact.objects.count() == n


def test_under_a_permit_the_body_alone_may_change(zadunay: SimpleNamespace) -> None:
    ErasurePermit.objects.create(reason="x")
    fact = Fact.objects.order_by("pk")[0]
    Fact.objects.filter(pk=fact.pk).update(body={})
    for column, value in (("kind", "x"), ("measure", 5), ("client_id", 5), ("at", zadunay.at)):
        assert getattr(fact, column) != value
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Fact.objects.filter(pk=fact.pk).update(**{column: value})


# Texts that tell nothing of a client: words of the firm itself, codes, moments.
IMPERSONAL = {
    "calls.Recording.state", "calls.Recording.media", "calls.Recording.problem",
    "calls.CallListening.token",
    "calls.CallBack.how", "calls.CallOutcome.outcome",
    "calls.CallDay.rules",
    "calls.Call.call_ref", "calls.Call.line", "calls.Call.outcome", "calls.Call.state",
    "calls.CallEvent.call_ref", "calls.CallEvent.problem", "calls.CallEvent.source",
    "calls.CallEvent.source_key", "calls.CallEvent.state", "calls.CallLeg.extension",
    "calls.CallLeg.leg_ref", "calls.CallLeg.outcome", "calls.Exchange.cursor",
    "calls.Reconciliation.gaps", "calls.Reconciliation.source",
    "calls.Exchange.held_by", "calls.Exchange.kind", "calls.Exchange.name",
    "calls.Exchange.options", "calls.Exchange.path_key", "calls.Exchange.problem",
    "calls.Exchange.secret", "calls.Exchange.zone", "calls.InternalCall.call_ref",
    "inquiries.Letter.direction", "inquiries.Letter.machine", "inquiries.MailFolder.name",
    "inquiries.MailFolder.role", "inquiries.Mailbox.address", "inquiries.Mailbox.login",
    "inquiries.Mailbox.problem", "inquiries.Mailbox.secret", "inquiries.Mailbox.security",
    "inquiries.Mailbox.server",
    "inquiries.NotCustomer.channel", "inquiries.NotCustomer.reason",
    "inquiries.Routing.passed", "inquiries.Routing.rule", "inquiries.Routing.way",
    "inquiries.RoutingRule.fallback", "inquiries.RoutingRule.name",
    "inquiries.RoutingRule.target", "inquiries.RoutingRule.wants", "inquiries.RoutingRule.way",
    "inquiries.RulesVersion.act", "inquiries.RulesVersion.name", "people.Absence.kind",
    "people.Duty.pause_reason", "people.Duty.week", "people.Skill.name",
    "inquiries.Received.channel", "inquiries.Received.shape", "inquiries.Received.state",
    "inquiries.Received.problem",
    "inquiries.ReceivedFile.kind", "inquiries.ReceivedFile.problem", "people.Notice.kind",
    "inquiries.Bot.holder", "inquiries.Bot.name", "inquiries.Bot.problem",
    "inquiries.Bot.token", "inquiries.Reply.button", "inquiries.Reply.kind",
    "inquiries.Reply.problem", "inquiries.Reply.state",
    "people.ApiKey.name", "people.ApiKey.token_hash", "people.ApiKey.scopes",
    "agenda.BulkEdit.act", "agenda.Step.kind", "calls.Call.direction", "calls.Call.external_id",
    "clients.Client.kind", "clients.Client.industry", "clients.Client.name_key",
    "clients.Client.search", "clients.CustomField.kind", "clients.CustomField.name",
    "clients.CustomField.options", "clients.CustomField.scope", "clients.Merge.moved",
    "clients.Source.name", "control.Slip.how", "control.Slip.rule", "control.Slip.subject",
    "control.Watermark.name", "deals.Deal.indicators", "deals.Deal.outcome",
    "deals.Demand.kind", "deals.Demand.level", "deals.Demand.what", "deals.Funnel.moves",
    "deals.Funnel.name", "deals.Funnel.plan", "deals.Product.name", "deals.RefusalReason.name",
    "deals.Stage.entry", "deals.Stage.hint", "deals.Stage.indicator_choices",
    "deals.Stage.indicator_kind", "deals.Stage.indicator_name", "deals.Stage.indicator_unit",
    "deals.Stage.name", "deals.Version.changes", "deals.Version.note", "deals.Version.text",
    "discovery.Finding.report", "foundation.CronLine.task", "foundation.Job.state",
    "foundation.Job.task", "foundation.Job.unique_key", "foundation.Job.worker",
    "importing.Change.table", "importing.Load.as_what", "importing.Load.file_hash",
    "importing.Load.mapping", "importing.Load.path", "importing.Load.state",
    "importing.Mapping.as_what", "importing.Mapping.header_set", "importing.Mapping.mapping",
    "importing.Trace.table", "inquiries.Consent.how", "inquiries.Consent.purpose",
    "inquiries.ConsentText.purpose", "inquiries.ConsentText.text", "inquiries.Inquiry.channel",
    "inquiries.Inquiry.state", "inquiries.Learned.state", "inquiries.Routing.barred",
    "inquiries.Routing.case_of", "inquiries.Routing.how", "inquiries.Routing.scored",
    "inquiries.Withdrawal.how", "inquiries.Withdrawal.purposes", "journal.Batch.kind",
    "letters.Gateway.problem", "letters.Gateway.secret", "letters.Gateway.url",
    "letters.LetterFile.kind", "letters.Letter.channel", "letters.Letter.message_id",
    "letters.Letter.problem",
    "letters.Letter.state", "letters.Sender.address", "letters.Sender.login",
    "letters.Sender.problem", "letters.Sender.secret", "letters.Sender.security",
    "letters.Sender.server", "letters.Template.channel", "letters.Template.name",
    "letters.Template.subject", "letters.Template.text",
    "journal.ErasurePermit.reason", "journal.Fact.case", "journal.Fact.kind",
    "journal.PurgePermit.reason", "people.Invitation.token_hash", "people.Person.email",
    "people.Person.extension", "people.Person.external_name", "people.Person.language",
    "people.Person.name", "people.Person.password", "people.Person.role",
    "people.Setting.name", "people.Setting.value", "people.Team.name", "people.Team.path",
}  # fmt: skip
# Erased by ways of their own (`privacy.blanking`): deleted rows, a name put anew, the journal.
OTHERWISE = {
    "inquiries.Letter.mail", "inquiries.Letter.message_id", "inquiries.Letter.subject",
    "inquiries.Letter.text",
    "inquiries.NotCustomer.address",
    # The database takes the day's marks away with the number: calls/migrations/0062.
    "calls.CallDay.sums",
    # privacy.deliveries
    "calls.CallEvent.body",
    "inquiries.Chat.language", "inquiries.Chat.name", "inquiries.Chat.phone",
    "inquiries.Chat.username",
    "inquiries.Received.external_id",
    "inquiries.Received.body_file", "inquiries.Received.sender", "inquiries.Received.digest",
    "calls.Recording.place", "calls.Recording.content", "calls.Recording.sha256",
    "letters.LetterFile.content", "letters.LetterFile.name",
    "inquiries.ReceivedFile.content", "inquiries.ReceivedFile.name", "people.Notice.about",
    "clients.Client.name", "clients.Contact.name", "clients.Contact.post",
    "clients.Contact.decides", "clients.Phone.e164", "clients.Phone.extension",
    "clients.Mail.address", "importing.Change.before", "importing.Change.after",
    "journal.Fact.body",
}  # fmt: skip


def test_every_text_column_is_erased_or_said_to_name_nobody() -> None:
    kinds = (models.CharField, models.TextField, models.JSONField)
    there = {
        f"{table._meta.app_label}.{table.__name__}.{column.name}"
        for table in apps.get_models()
        if table.__module__.startswith("voronka.")
        for column in table._meta.concrete_fields
        if isinstance(column, kinds)
    }
    erased_here = {
        f"{table._meta.app_label}.{table.__name__}.{name}"
        for lists in (EMPTIED, COVERED, SPOKEN, {Inquiry: WRITTEN_BY_THEM})
        for table, names in lists.items()
        for name in names
    }
    assert erased_here | IMPERSONAL | OTHERWISE == there
    assert not IMPERSONAL & (erased_here | OTHERWISE)


# Texts of facts that tell nothing of a client.
PLAIN = {
    "letter.written": {"channel"}, "letter.sent": {"channel"},
    "letter.failed": {"channel", "problem"}, "letter_template.changed": {"name", "what"},
    "letter_sender.changed": {"channel", "address", "what"},
    "inquiry.message": {"how"}, "inquiry.message_failed": {"how", "problem"},
    "inquiry.letter": {"direction", "machine"}, "mailbox.changed": {"address", "what"},
    "stranger.dismissed": {"channel", "reason"}, "stranger.returned": {"channel", "reason"},
    "inquiry.overridden": {"rule"}, "routing.rule_changed": {"name", "act", "before", "after"},
    "person.duty_changed": {"name", "before", "after"}, "person.pause_set": {"name", "reason"},
    "person.absence_put": {"name", "absence", "first_on", "last_on"},
    "person.skill_set": {"name", "skill"},
    "inquiry.passed_on": {"how"}, "delivery.dropped": {"channel"},
    "api_key.changed": {"name", "what", "scopes"},
    "deal.stage_entered": {"stage_name"}, "deal.activity": {"name", "lifecycle"},
    "deal.demand_passed": {"stage", "demand_kind", "what"},
    "regulation.published": {"note"},
    "deal.indicator_recorded": {"stage", "name", "value_kind", "unit", "value"},
    "deal.lost": {"reason", "reason_group"},
    "deal.refusal_clarified": {"reason", "reason_group"},
    "deal.reopened": {"was"}, "client.merge_undone": {"kept_fields"},
    "step.set": {"step_kind", "due_at"}, "step.moved": {"step_kind", "due_at"},
    "step.done": {"step_kind"}, "step.cancelled": {"step_kind"},
    "inquiry.registered": {"channel", "source"}, "inquiry.answered": {"channel"},
    "inquiry.classified": {"state", "was"}, "call.ended": {"direction", "outcome"},
    "call.asked": {"extension"}, "call_back.due": {"due_at"}, "call_back.closed": {"how"},
    "call.summed_up": {"outcome", "step_kind"},
    "call.talked": {"direction"}, "call.corrected": {"changes"},
    "exchange.changed": {"name", "what"},
    "slip.opened": {"rule"}, "slip.closed": {"rule", "how"}, "slip.escalated": {"rule"},
    "person.changed": {"name", "what"}, "setting.changed": {"name", "before", "after"},
    "list.exported": {"what"}, "consent.text_set": {"purpose"},
    "consent.given": {"purpose", "how"},
    "consent.withdrawn": {"purposes", "how", "on", "erase_by"},
    "personal.erased": {"client_ids", "rows"}, "personal.read": {"form"},
}  # fmt: skip


def test_every_text_of_every_fact_is_erased_or_said_to_name_nobody() -> None:
    for kind in FactBody.__subclasses__():
        types = kind.__annotations__
        texts = {
            name
            for name, said in types.items()
            if "ClassVar" not in str(said) and said not in (int, bool, int | None)
        }
        assert set(kind.personal) <= set(types), kind.kind
        assert texts - set(kind.personal) == PLAIN.get(kind.kind, set()), kind.kind
