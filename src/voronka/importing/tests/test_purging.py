"""Examples go away whole, and nothing of the firm's own goes with them."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.apps import apps  # noqa: TID251

from voronka.agenda.models import BulkEdit
from voronka.clients.models import Client
from voronka.config.seeding.demo import seed_demo
from voronka.deals.dealing import open_deal
from voronka.deals.demands import put_demand
from voronka.deals.drafts import open_draft
from voronka.deals.funnels import put_hint
from voronka.deals.models import Deal, Demand, Funnel, Stage
from voronka.deals.versions import publish
from voronka.discovery.finding import ask
from voronka.discovery.models import Finding
from voronka.importing.purging import purge_examples
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import (
    Bot,
    Chat,
    Inquiry,
    LetPass,
    Letter,
    Reply,
    Routing,
    RoutingRule,
    RulesVersion,
    Thread,
)
from voronka.inquiries.rule_changes import put_last
from voronka.inquiries.rule_drafts import RuleDraft
from voronka.journal.models import Fact
from voronka.people.absences import put_absence
from voronka.people.models import Absence, Person

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label
        in ("people", "clients", "deals", "agenda", "inquiries", "calls", "control", "journal")
        and model.__name__ != "Watermark"
    }


@pytest.mark.django_db
def test_a_purge_leaves_no_example_and_touches_no_real_row(
    cast: SimpleNamespace, make_deal: Callable[..., Deal]
) -> None:
    make_deal()
    before, facts = counts(), list(Fact.objects.order_by("pk").values())
    seed_demo(now=NOW, scale=0.01, with_settings=False)
    assert Client.objects.count() > 30
    gone = purge_examples(by=cast.see("anna"))
    assert gone["clients.client"] > 30
    assert counts() == before
    assert list(Fact.objects.order_by("pk").values()) == facts
    assert purge_examples(by=cast.see("anna")) == {}


@pytest.mark.django_db
def test_an_example_that_a_real_deal_needs_stays(cast: SimpleNamespace, funnel: Funnel) -> None:
    seed_demo(now=NOW, scale=0.01, with_settings=False)
    card = Client.objects.filter(batch_id__isnull=False).order_by("pk")[0]
    deal = open_deal(
        client_id=card.pk, title="Наша", by=cast.see("vera"), at=NOW, funnel_id=funnel.pk
    )
    purge_examples(by=cast.see("anna"))
    assert list(Client.objects.values_list("pk", flat=True)) == [card.pk]
    assert Deal.objects.get().pk == deal.pk


@pytest.mark.django_db
def test_demands_findings_and_edits_of_examples_go_with_them(cast: SimpleNamespace) -> None:
    seed_demo(now=NOW, scale=0.01, with_settings=False)
    stage, by = Stage.objects.order_by("pk")[0], cast.see("vera")
    put_demand(
        stage_id=stage.pk, kind="talk", what="", least=30, level="warn",
        since=NOW.date(), by=by, at=NOW,
    )  # fmt: skip
    ask(funnel_id=stage.funnel_id, by=by, at=NOW)
    seller = Person.objects.filter(batch_id__isnull=False).order_by("pk")[0]
    draft = open_draft(funnel_id=stage.funnel_id, by=by, at=NOW)
    own = Stage.objects.get(origin=stage)
    put_hint(stage_id=own.pk, text="Спросить", by=by, at=NOW)
    publish(funnel_id=draft.draft_of_id or 0, plan={}, by=by, at=NOW)
    open_draft(funnel_id=stage.funnel_id, by=by, at=NOW)
    real = register_inquiry(NewInquiry(channel="form", text="?"), by=by, at=NOW)
    Routing.objects.create(inquiry=real, at=NOW, how="competence", person=seller)
    LetPass.objects.create(inquiry=real, person=seller, to=cast.olga, assigned_at=NOW, at=NOW)
    example = Inquiry.objects.filter(batch_id__isnull=False)[0]
    for one in (real, example):
        Letter.objects.create(inquiry=one, at=NOW, direction="out", person=seller)
    BulkEdit.objects.create(by=seller, at=NOW, act="step", done=[])
    purge_examples(by=cast.see("anna"))
    left = (Demand.objects.count(), Finding.objects.count(), BulkEdit.objects.count())
    assert left == (0, 0, 0)
    assert not LetPass.objects.exists()
    letter = Letter.objects.get()
    assert (letter.inquiry_id, letter.person_id) == (real.pk, None)
    assert not Stage.objects.exists()
    assert not Funnel.objects.exists()


@pytest.mark.django_db
def test_the_examples_bot_goes_and_the_firms_own_keeps_its_chats(cast: SimpleNamespace) -> None:
    seed_demo(now=NOW, scale=0.01)
    assert Bot.objects.count() == 1
    seller = Person.objects.filter(batch_id__isnull=False).order_by("pk")[0]
    real = register_inquiry(
        NewInquiry(channel="messenger", text="?"), by=cast.see("vera"), at=NOW
    )
    example = Inquiry.objects.filter(batch_id__isnull=False, thread=None)[0]
    bot = Bot.objects.create(bot_id=4242, name="own_bot")
    chat = Chat.objects.create(bot=bot, chat_id=7)
    for one in (real, example):
        thread = Thread.objects.create(chat=chat, inquiry=one, last_at=NOW)
        Reply.objects.create(
            thread=thread, kind="answer", text="?", by=seller, at=NOW, next_at=NOW
        )
    purge_examples(by=cast.see("anna"))
    reply = Reply.objects.get()
    assert (reply.thread.inquiry_id, reply.by_id) == (real.pk, None)
    assert Chat.objects.get().bot_id == Bot.objects.get().pk == bot.pk


@pytest.mark.django_db
def test_only_who_may_change_settings_may_purge(cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionError):
        purge_examples(by=cast.see("olga"))


@pytest.mark.django_db
def test_rules_hours_and_absences_of_examples_go_and_the_firms_own_rules_stay(
    cast: SimpleNamespace,
) -> None:
    by, before = cast.see("vera"), counts()
    seed_demo(now=NOW, scale=0.01)
    assert RoutingRule.objects.count() == 4
    seller = Person.objects.filter(batch_id__isnull=False, role="manager").order_by("pk")[0]
    put_last(RuleDraft(fallback="person", falls_to_id=seller.pk), by=by, at=NOW)
    put_absence(
        person_id=cast.olga.pk, kind="sick", first_on=NOW.date(), last_on=NOW.date(),
        stands_in_id=seller.pk, by=by, at=NOW,
    )  # fmt: skip
    purge_examples(by=cast.see("anna"))
    last = RoutingRule.objects.get()
    assert (last.is_last, last.falls_to_id, last.fallback) == (True, None, "head")
    assert Absence.objects.get().stands_in_id is None
    assert RulesVersion.objects.count() == 1
    own = {"inquiries.RoutingRule": 1, "inquiries.RulesVersion": 1, "people.Absence": 1}
    left = {name: n - before[name] for name, n in counts().items() if n != before[name]}
    assert {name: n for name, n in left.items() if name in own} == own
    people = {name for name in left if name.startswith("people.")}
    assert people <= {"people.Absence", "people.Setting"}
