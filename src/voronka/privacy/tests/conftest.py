"""One client known by everything that a base may hold of somebody."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.agenda.steps import finish_step, set_step
from voronka.calls.recording import NewCall, record_call
from voronka.clients.cards import NewClient, add_client, change_client, write_note
from voronka.clients.custom_fields import define_field
from voronka.clients.merging import merge_clients
from voronka.clients.models import Client
from voronka.clients.people_at_client import put_contact
from voronka.control.watch import look_at_all
from voronka.deals.dealing import change_deal, open_deal
from voronka.deals.models import Deal, Funnel
from voronka.deals.stage_moves import lose_deal, win_deal
from voronka.foundation.models import Job
from voronka.importing.models import Change, Load
from voronka.inquiries.consents import set_text, take_consent
from voronka.inquiries.intake import (
    NewInquiry,
    answer_inquiry,
    classify_inquiry,
    deal_from_inquiry,
    register_inquiry,
)
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact

HOUR = timedelta(hours=1)
NAMES = ("Аристарх Задунайский", "Задунайск", "Аристарх", "ИП Задунайский")
SECRETS = (
    "Задунайск", "задунайск", "ЗАДУНАЙСК", "Аристарх", "аристарх", "9123456780",
    "912 345-67-80", "912-345-67-80", "345-67-80", "aristarh@zadunay.example",
    "500100732259", "Тихвинская", "паспорт 4510",
)  # fmt: skip


@pytest.fixture
def zadunay(cast: SimpleNamespace, funnel: Funnel, reasons: SimpleNamespace) -> SimpleNamespace:
    """A private client of olga's with all that was ever said; nothing is left to do."""
    at, olga = MONDAY, cast.see("olga")
    fields = _fields(cast)
    inquiry, won = _inquiry(cast)
    client = inquiry.client
    assert client
    twin, lost = _twin(cast, reasons)
    _fill_card(cast, client.pk, fields)
    _work(cast, won.pk, fields)
    put_contact(
        client_id=client.pk, contact_id=None, name="Аристарх Задунайский", post="сам",
        decides="yes", phones=["+7 912 345-67-80"], mails=["aristarh@zadunay.example"],
        by=olga, at=at,
    )  # fmt: skip
    merge_clients(kept_id=client.pk, other_id=twin.pk, choice={}, by=olga, at=at + 2 * HOUR)
    for direction, answered in (("in", False), ("out", True)):
        record_call(
            NewCall(
                started_at=at + HOUR, direction=direction, phone="8 912 345 67 80",
                manager_id=cast.olga.pk, is_answered=answered, wait_seconds=30,
                talk_seconds=90 * answered,
            ),
            by=olga,
        )  # fmt: skip
    _elsewhere(cast, client.pk)
    look_at_all(now=at + 5 * HOUR)
    return SimpleNamespace(
        client=client, twin=twin, won=won, lost=lost, inquiry=inquiry, at=at + 6 * HOUR,
        flag=fields.flag,
    )  # fmt: skip


def _fields(cast: SimpleNamespace) -> SimpleNamespace:
    by, at = cast.see("anna"), MONDAY
    return SimpleNamespace(
        text=define_field(scope="client", name="Паспорт", kind="text", by=by, at=at),
        flag=define_field(scope="client", name="Юрлицо", kind="flag", by=by, at=at),
        own=define_field(scope="deal", name="Кому", kind="text", by=by, at=at),
    )


def _inquiry(cast: SimpleNamespace) -> tuple[Inquiry, Deal]:
    at, olga = MONDAY, cast.see("olga")
    set_text(purpose="answer", text="Согласен", by=cast.see("anna"), at=at)
    new = NewInquiry(
        channel="form", name="Аристарх Задунайский", phone="8 (912) 345-67-80",
        mail="Aristarh@Zadunay.example", text="Задунайский, перезвоните на 912-345-67-80",
        source="Сайт", external_id="tg-9123456780",
        marks={"utm_source": "ya", "utm_campaign": "лето", "_ym_uid": "1680000", "page": "/x"},
        raw='{"name": "Аристарх Задунайский", "phone": "8 (912) 345-67-80"}',
        manager_id=cast.olga.pk,
    )  # fmt: skip
    inquiry = register_inquiry(new, by=olga, at=at)
    take_consent(inquiry, {"consent": "on", "consent_version": "1"}, by=olga, at=at)
    answer_inquiry(inquiry_id=inquiry.pk, by=olga, at=at + HOUR)
    won = deal_from_inquiry(
        inquiry_id=inquiry.pk, title="Кресла для Задунайского", by=olga, at=at + HOUR
    )
    inquiry.refresh_from_db()
    return inquiry, won


def _fill_card(cast: SimpleNamespace, client_id: int, fields: SimpleNamespace) -> None:
    at, olga = MONDAY, cast.see("olga")
    change_client(
        client_id=client_id,
        fields={"inn": "500100732259", "address": "Тихвинская, 5", "note": "Задунайский строг"},
        custom={fields.text.key: "паспорт 4510", fields.flag.key: "да"},
        by=olga,
        at=at + HOUR,
    )
    write_note(
        client_id=client_id,
        text="ЗАДУНАЙСКИЙ: Тихвинская, код 12, 912 345-67-80",
        by=olga,
        at=at + HOUR,
    )


def _work(cast: SimpleNamespace, deal_id: int, fields: SimpleNamespace) -> None:
    at, olga = MONDAY, cast.see("olga")
    change_deal(
        deal_id=deal_id, by=olga, at=at + HOUR,
        fields={
            "amount_kopecks": 700_00, "note": "для Задунайского",
            "custom": {fields.own.key: "Аристарх"},
        },
    )  # fmt: skip
    step = set_step(
        kind="meeting",
        title="У Задунайского",
        due_at=at + HOUR,
        deal_id=deal_id,
        by=olga,
        at=at,
    )
    win_deal(deal_id=deal_id, by=olga, at=at + 3 * HOUR)
    finish_step(step_id=step.pk, outcome="Аристарх согласен", by=olga, at=at + 3 * HOUR)


def _twin(cast: SimpleNamespace, reasons: SimpleNamespace) -> tuple[Client, Deal]:
    at, olga = MONDAY, cast.see("olga")
    twin = add_client(NewClient(name="ИП Задунайский", phones=["+79123456780"]), by=olga, at=at)
    lost = open_deal(client_id=twin.pk, title="Столы", by=olga, at=at, amount_kopecks=50_00)
    lose_deal(
        deal_id=lost.pk, reason_id=reasons.other.pk, by=olga, at=at + HOUR,
        detail="Задунайский передумал",
    )  # fmt: skip
    return twin, lost


def _elsewhere(cast: SimpleNamespace, client_id: int) -> None:
    """Other rows that speak of him: another client's card and deal, a load, a job."""
    oleg = cast.see("oleg")
    other = add_client(
        NewClient(name="ООО «Лютик»", fields={"note": "прислал Задунайский Аристарх"}),
        by=oleg,
        at=MONDAY,
    )
    write_note(
        client_id=other.pk, text="Спросить Аристарха Задунайского, +7 (912) 345-67-80",
        by=oleg, at=MONDAY,
    )  # fmt: skip
    spam = register_inquiry(
        NewInquiry(channel="mail", text="пишет aristarh@zadunay.example", name="x"),
        by=oleg,
        at=MONDAY,
    )
    classify_inquiry(
        inquiry_id=spam.pk, state="spam", reason="от Задунайского Аристарха", by=oleg, at=MONDAY
    )
    Load.objects.create(
        file_name="Аристарх Задунайский.csv", path="", as_what="clients", mapping={},
        started_at=MONDAY, state="done",
        report={"errors": [{"row": 2, "text": "8-912-345-67-80"}],
                "unknown": {"person": {"Аристарх Задунайский": {"n": 1}}}},
    )  # fmt: skip
    Change.objects.create(
        batch_id=7, table="clients.client", row_id=client_id,
        before={"name": "Аристарх Задунайский"}, after={"name": "А. Задунайский"},
    )  # fmt: skip
    Job.objects.create(
        task="x", arguments={"mail": "aristarh@zadunay.example"}, created_at=MONDAY,
        run_at=MONDAY, state="dead", problem="ValueError: 89123456780",
    )  # fmt: skip
    due = MONDAY + HOUR
    step = Step.objects.create(
        kind="task", title="Позвонить Задунайскому Аристарху", client=other, person=cast.oleg,
        due_at=due, first_due_at=due, created_at=MONDAY, done_at=due,
    )  # fmt: skip
    assert step.pk


@pytest.fixture
def whole_base() -> Callable[[], str]:
    """Give every value of every table as text, JSON with its letters unescaped."""

    def dump() -> str:
        said = []
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in cursor.fetchall():
                    said += [_letters(value) for value in row]
        return "\n".join(said)

    return dump


def _letters(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text.encode().decode("unicode_escape", "replace") + "\n" + text


def facts_of_figures() -> list[tuple[object, ...]]:
    """What must not move: each fact with all of its columns but the body."""
    columns = [f.attname for f in Fact._meta.concrete_fields if f.name != "body"]
    return list(Fact.objects.order_by("pk").values_list(*columns))
