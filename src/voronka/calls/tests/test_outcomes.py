"""After a talk: its outcome, a summary, and the step that follows."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.agenda.steps import StepInPastError
from voronka.calls.models import Call, CallOutcome
from voronka.calls.outcomes import (
    OUTCOMES,
    NoTalkError,
    NothingSaidError,
    UnknownOutcomeError,
    note_call,
    outcome_list,
)
from voronka.calls.recording import NewCall, record_call
from voronka.clients.cards import NewClient, add_client
from voronka.clients.models import Client
from voronka.deals.dealing import open_deal
from voronka.deals.models import Deal, Funnel
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.journal.models import Fact
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
PHONE = "+79120001122"
LATER, TOMORROW = MONDAY + timedelta(minutes=5), MONDAY + timedelta(days=1)


@pytest.fixture
def deal(cast: SimpleNamespace, funnel: Funnel) -> Deal:
    by, at = cast.see("olga"), MONDAY - timedelta(days=1)
    card = add_client(NewClient(name="Лютик", phones=(PHONE,)), by=by, at=at)
    return open_deal(client_id=card.pk, title="Окна", by=by, at=at)


def talk(cast: SimpleNamespace, **more: Any) -> Call:
    wanted: dict[str, Any] = {
        "direction": "in", "phone": PHONE, "manager_id": cast.olga.pk, "is_answered": True,
        "talk_seconds": 60,
    } | more  # fmt: skip
    return record_call(NewCall(started_at=MONDAY, **wanted), by=SYSTEM)


def note(call: Call, by: Any, **more: Any) -> CallOutcome:
    wanted: dict[str, Any] = {
        "outcome": "agreed", "summary": " Ждёт расчёт на 12 окон ", "step_kind": "quote",
        "due_at": TOMORROW,
    } | more  # fmt: skip
    return note_call(call_id=call.pk, by=by, at=LATER, **wanted)


def test_a_summary_and_the_step_to_the_deal_in_one_go_and_once(
    cast: SimpleNamespace, deal: Deal
) -> None:
    call = talk(cast)
    made = note(call, cast.see("olga"))
    step = Step.objects.get()
    assert (made.outcome, made.summary, made.draft) == ("agreed", "Ждёт расчёт на 12 окон", "")
    assert (step.kind, step.deal_id, step.person_id, step.due_at, made.step_id) == (
        "quote", deal.pk, cast.olga.pk, TOMORROW, step.pk,
    )  # fmt: skip
    fact = Fact.objects.get(kind="call.summed_up")
    assert (fact.deal_id, fact.by_id, fact.body["step_kind"]) == (
        deal.pk,
        cast.olga.pk,
        "quote",
    )
    note(call, cast.see("olga"))
    assert (Step.objects.count(), Fact.objects.filter(kind="call.summed_up").count()) == (1, 1)
    note(call, cast.see("olga"), summary="Передумал", step_kind="", due_at=None)
    again = CallOutcome.objects.get()
    assert (again.summary, again.step_id) == ("Передумал", step.pk)


def test_who_took_a_colleague_s_client_on_the_line_sets_the_step(
    cast: SimpleNamespace, deal: Deal
) -> None:
    call = talk(cast, manager_id=cast.oleg.pk)
    note(call, cast.see("oleg"))
    step = Step.objects.get()
    assert (step.deal_id, step.person_id, step.created_by_id) == (
        deal.pk, cast.oleg.pk, cast.oleg.pk,
    )  # fmt: skip


def test_a_stranger_gets_a_card_of_the_inquiry(cast: SimpleNamespace) -> None:
    inquiry = register_inquiry(
        NewInquiry(channel="call", phone=PHONE, name="Пётр", manager_id=cast.olga.pk),
        by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    call = talk(cast)
    note(call, cast.see("olga"), step_kind="letter")
    card = Client.objects.get()
    call.refresh_from_db()
    inquiry.refresh_from_db()
    assert (card.name, call.client_id, inquiry.client_id) == ("Пётр", card.pk, card.pk)
    assert Step.objects.get().client_id == card.pk


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"outcome": "", "summary": " ", "step_kind": ""}, NothingSaidError),
        ({"outcome": "купил слона"}, UnknownOutcomeError),
        ({"due_at": MONDAY}, StepInPastError),
    ],
)
def test_what_is_refused_changes_nothing(
    cast: SimpleNamespace, deal: Deal, given: dict[str, Any], error: type[Exception]
) -> None:
    call = talk(cast)
    n = Fact.objects.count()
    with pytest.raises(error):
        note(call, cast.see("olga"), **given)
    assert (Step.objects.count(), CallOutcome.objects.count(), Fact.objects.count()) == (
        0,
        0,
        n,
    )


def test_nothing_comes_of_a_call_without_a_talk_nor_of_somebody_else_s(
    cast: SimpleNamespace, deal: Deal
) -> None:
    missed = talk(cast, direction="out", is_answered=False, talk_seconds=0)
    with pytest.raises(NoTalkError):
        note(missed, cast.see("olga"))
    with pytest.raises(Call.DoesNotExist):
        note(talk(cast), cast.see("oleg"))
    with pytest.raises(PermissionError):
        note(talk(cast), cast.see("audit"))
    assert not CallOutcome.objects.exists()


def test_the_firm_s_own_outcomes_take_the_place_of_ours(
    cast: SimpleNamespace, deal: Deal
) -> None:
    assert outcome_list() == OUTCOMES
    value = "Ждёт замер\n\n Ждёт замер \nУшёл думать"
    change_setting(name="call_outcomes", value=value, by=SYSTEM, at=MONDAY)
    assert outcome_list() == ("Ждёт замер", "Ушёл думать")
    assert note(talk(cast), cast.see("olga"), outcome="Ждёт замер").outcome == "Ждёт замер"
