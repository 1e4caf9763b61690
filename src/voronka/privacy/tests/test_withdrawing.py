"""Consents are proven, taken back with a day to erase by, and what is held can be asked."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.agenda.steps import set_step
from voronka.clients.merging import merge_clients
from voronka.deals.models import Funnel
from voronka.inquiries.consent_queries import consents_of, lets_letters, withdrawals_of
from voronka.inquiries.consents import (
    BadConsentError,
    ConsentMissingError,
    add_consent,
    current_texts,
    demand_tick,
    form_text,
    set_text,
    take_consent,
)
from voronka.inquiries.intake import NewInquiry, deal_from_inquiry, register_inquiry
from voronka.inquiries.models import Consent, ConsentText, Inquiry, Withdrawal
from voronka.journal.models import Fact
from voronka.privacy.erasing import erase
from voronka.privacy.held import held
from voronka.privacy.withdrawing import NewWithdrawal, open_steps, withdraw

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def inquiry(cast: SimpleNamespace, name: str = "Иван") -> Inquiry:
    new = NewInquiry(channel="form", name=name, phone="8 912 000 11 22")
    return register_inquiry(new, by=cast.see("olga"), at=MONDAY)


def taken_back(cast: SimpleNamespace, client_id: int, **more: object) -> Withdrawal:
    wanted: dict[str, object] = {
        "purposes": ["answer", "letters"], "how": "voice", "on": date(2026, 3, 2),
        "task": "Стереть", **more,
    }  # fmt: skip
    new = NewWithdrawal(client_id=client_id, **wanted)  # type: ignore[arg-type]
    return withdraw(new, by=cast.see("olga"), at=MONDAY)


def test_a_text_that_somebody_agreed_to_is_never_changed(cast: SimpleNamespace) -> None:
    anna = cast.see("anna")
    for text in ("Первый", "Первый, поправлен", "Первый, поправлен"):
        set_text(purpose="answer", text=text, by=anna, at=MONDAY)
    assert list(ConsentText.objects.values_list("version", "text")) == [
        (1, "Первый, поправлен")
    ]
    take_consent(inquiry(cast), {"consent": "on"}, by=anna, at=MONDAY)
    set_text(purpose="answer", text="Второй", by=anna, at=MONDAY)
    assert list(ConsentText.objects.order_by("version").values_list("version", "text")) == [
        (1, "Первый, поправлен"), (2, "Второй"),
    ]  # fmt: skip
    asked = form_text()
    assert asked
    assert (asked.version, asked.text) == (2, "Второй")
    set_text(purpose="answer", text="", by=anna, at=MONDAY)
    assert current_texts() == {}
    assert [f.body for f in Fact.objects.filter(kind="consent.text_set").order_by("pk")] == [
        {"purpose": "answer", "version": 1}, {"purpose": "answer", "version": 1},
        {"purpose": "answer", "version": 2}, {"purpose": "answer", "version": 2},
    ]  # fmt: skip
    with pytest.raises(PermissionError):
        set_text(purpose="answer", text="x", by=cast.see("olga"), at=MONDAY)
    with pytest.raises(BadConsentError):
        set_text(purpose="spying", text="x", by=anna, at=MONDAY)


@pytest.mark.parametrize("said", ["", "0", "false", "нет", "off", "None"])
def test_a_box_not_ticked_is_no_consent(cast: SimpleNamespace, said: str) -> None:
    demand_tick({})
    set_text(purpose="answer", text="Текст", by=cast.see("anna"), at=MONDAY)
    with pytest.raises(ConsentMissingError):
        demand_tick({"consent": said})
    one = inquiry(cast)
    assert take_consent(one, {"consent": said}, by=cast.see("anna"), at=MONDAY) is None
    assert not Consent.objects.exists()


def test_a_consent_says_to_which_text_when_and_by_which_inquiry(
    cast: SimpleNamespace, funnel: Funnel
) -> None:
    anna = cast.see("anna")
    set_text(purpose="answer", text="Первый", by=anna, at=MONDAY)
    first = inquiry(cast)
    for _ in range(2):
        take_consent(first, {"consent": "True"}, by=anna, at=MONDAY)
    set_text(purpose="answer", text="Второй", by=anna, at=MONDAY + DAY)
    late, unknown = inquiry(cast), inquiry(cast)
    take_consent(late, {"consent": "on", "consent_version": "1"}, by=anna, at=MONDAY + DAY)
    take_consent(unknown, {"consent": "on", "consent_version": "7"}, by=anna, at=MONDAY + DAY)
    deal = deal_from_inquiry(inquiry_id=first.pk, title="x", by=cast.see("olga"), at=MONDAY)
    rows = consents_of([deal.client_id])
    assert [(r.version, r.text, r.inquiry, r.number, r.how) for r in rows] == [
        (1, "Первый", 1, "+79120001122", "form")
    ]
    assert Consent.objects.get(inquiry=late).text == ConsentText.objects.get(version=1)
    kept = Consent.objects.get(inquiry=unknown)
    assert (kept.text, kept.evidence) == (None, "7")
    assert Fact.objects.filter(kind="consent.given").count() == 3


def test_a_consent_by_voice_is_to_the_text_in_force_and_on_paper_to_its_own(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    olga = cast.see("olga")
    set_text(purpose="letters", text="Рассылка", by=cast.see("anna"), at=MONDAY)
    for how in ("voice", "paper", "paper"):
        add_consent(
            client_id=zadunay.client.pk, purpose="letters", how=how, given_at=MONDAY,
            evidence="договор 5", by=olga, at=zadunay.at,
        )  # fmt: skip
    rows = consents_of([zadunay.client.pk])
    assert sorted((r.how, r.version, r.evidence) for r in rows if r.purpose == "letters") == [
        ("paper", 0, "договор 5"), ("voice", 1, "договор 5"),
    ]  # fmt: skip
    for bad in ({"purpose": "x"}, {"how": "x"}, {"given_at": zadunay.at + DAY}):
        good = {"purpose": "letters", "how": "voice", "given_at": MONDAY, **bad}
        with pytest.raises(BadConsentError):
            add_consent(
                client_id=zadunay.client.pk, evidence="", by=olga, at=zadunay.at, **good
            )


def test_a_withdrawal_ends_consents_and_sets_a_day_to_erase_by(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    pk, olga = zadunay.client.pk, cast.see("olga")
    add_consent(
        client_id=pk, purpose="letters", how="voice", given_at=MONDAY - DAY, evidence="",
        by=olga, at=MONDAY,
    )  # fmt: skip
    assert lets_letters(consents_of([pk]), withdrawals_of([pk]))
    due = MONDAY + DAY
    set_step(kind="task", title="Звонок", due_at=due, client_id=pk, by=olga, at=MONDAY)
    made = taken_back(cast, pk)
    assert taken_back(cast, pk) == made
    assert made.erase_by == date(2026, 4, 1)
    assert not lets_letters(consents_of([pk]), withdrawals_of([pk]))
    assert {r.withdrawn_on for r in consents_of([pk])} == {date(2026, 3, 2)}
    task = Step.objects.get(pk=made.step_id or 0)
    assert (task.person_id, task.title, task.client_id) == (cast.anna.pk, "Стереть", pk)
    assert task.due_at == datetime.fromisoformat("2026-04-02T00:00:00+03:00")
    assert open_steps(pk) == 2
    fact = Fact.objects.get(kind="consent.withdrawn")
    assert fact.body == {
        "withdrawal_id": made.pk, "purposes": ["answer", "letters"], "how": "voice",
        "on": "2026-03-02", "erase_by": "2026-04-01", "consents": 2,
    }  # fmt: skip


def test_letters_alone_may_be_taken_back_and_steps_dropped_by_choice(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    pk, olga = zadunay.client.pk, cast.see("olga")
    due = MONDAY + DAY
    step = set_step(kind="task", title="Звонок", due_at=due, client_id=pk, by=olga, at=MONDAY)
    made = taken_back(
        cast, pk, purposes=["letters"], drops_steps=True, drop_reason="Отзыв согласия"
    )
    assert (made.erase_by, made.step_id) == (None, None)
    step.refresh_from_db()
    assert (step.cancelled_at, step.outcome) == (MONDAY, "Отзыв согласия")
    assert open_steps(pk) == 0
    bads: tuple[dict[str, object], ...] = (
        {"purposes": ["x"]}, {"purposes": []}, {"how": "x"}, {"on": date(2026, 3, 3)},
    )  # fmt: skip
    for bad in bads:
        with pytest.raises(BadConsentError):
            taken_back(cast, pk, **bad)
    assert Withdrawal.objects.count() == 1


def test_the_erasure_ends_the_task_and_takes_the_papers_words(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    pk = zadunay.client.pk
    add_consent(
        client_id=pk, purpose="letters", how="paper", given_at=MONDAY, evidence="Задунайский",
        by=cast.see("olga"), at=MONDAY,
    )  # fmt: skip
    made = taken_back(cast, pk)
    erase(
        client_id=pk, reason="отзыв", typed="Аристарх Задунайский", by=cast.see("anna"),
        at=zadunay.at,
    )  # fmt: skip
    made.refresh_from_db()
    task = Step.objects.get(pk=made.step_id or 0)
    assert (made.erased_at, task.done_at) == (zadunay.at, zadunay.at)
    rows = consents_of([pk])
    assert [(r.evidence, r.number, r.withdrawn_on) for r in rows] == [
        ("", "", date(2026, 3, 2)), ("", "", date(2026, 3, 2)),
    ]  # fmt: skip


def test_a_merge_brings_consents_along(cast: SimpleNamespace, zadunay: SimpleNamespace) -> None:
    olga = cast.see("olga")
    one = inquiry(cast)
    take_consent(one, {"consent": "on"}, by=olga, at=MONDAY)
    deal = deal_from_inquiry(inquiry_id=one.pk, title="x", by=olga, at=MONDAY)
    taken_back(cast, deal.client_id, purposes=["letters"])
    merge_clients(
        kept_id=zadunay.client.pk, other_id=deal.client_id, choice={}, by=olga, at=MONDAY
    )
    assert len(consents_of([zadunay.client.pk])) == 2
    assert len(withdrawals_of([zadunay.client.pk])) == 1


def test_the_answer_holds_all_that_is_kept_and_the_reading_is_a_fact(
    cast: SimpleNamespace, zadunay: SimpleNamespace
) -> None:
    found = held(client_id=zadunay.client.pk, form="file", by=cast.see("vera"), at=zadunay.at)
    counts = {part.code: len(part.lines) for part in found.parts}
    assert counts == {
        "cards": 2, "people": 1, "phones": 2, "mails": 1, "consents": 1, "inquiries": 1,
        "calls": 2, "deals": 2, "steps": 2, "journal": counts["journal"],
    }  # fmt: skip
    said = str(found.to_json())
    for one in ("Тихвинская, 5", "Задунайский строг", "паспорт 4510", "код 12", "1680000"):
        assert one in said, one
    assert "Лютик" not in said
    fact = Fact.objects.get(kind="personal.read")
    assert (fact.by_id, fact.measure, fact.body["form"]) == (cast.vera.pk, found.rows, "file")
    for who in ("olga", "audit"):
        with pytest.raises(PermissionError):
            held(client_id=zadunay.client.pk, form="page", by=cast.see(who), at=zadunay.at)
    erase(
        client_id=zadunay.client.pk, reason="x", typed=found.name, by=cast.see("anna"),
        at=zadunay.at,
    )  # fmt: skip
    after = held(client_id=zadunay.client.pk, form="page", by=cast.see("vera"), at=zadunay.at)
    said = str(after.to_json())
    for one in ("Задунайск", "9123456780", "1680000", "Тихвинская"):
        assert one not in said, one
