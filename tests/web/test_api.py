"""The doors for programs: keys, inquiries, whom to ring."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from conftest import MONDAY
from voronka.clients.models import Client
from voronka.inquiries import ringing
from voronka.inquiries.models import Inquiry, Received
from voronka.inquiries.taking_in import take_in_waiting
from voronka.journal.models import Fact
from voronka.people.absences import put_absence
from voronka.people.api_keys import keys, make_key, revoke_key
from voronka.people.models import ApiKey, Person
from voronka.people.settings import change_setting

Post = Callable[..., Any]


@pytest.fixture
def token(cast: SimpleNamespace) -> str:
    return make_key(
        name="Площадка", scopes=["inquiries", "route"], by=cast.see("anna"), at=MONDAY
    )


@pytest.fixture
def post(token: str) -> Post:
    """Send to the API as a program with its key."""

    def sent(body: Any, **more: str) -> Any:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Browser().post(
            "/api/inquiries",
            text,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"} | more,
        )

    return sent


def test_a_program_sends_an_inquiry_once_however_often_it_tries(post: Post) -> None:
    body = {"id": "A-1", "name": "Анна", "phone": "8 912 000 11 22", "source": "Площадка",
            "marks": {"utm_campaign": "весна"}, "text": "Нужны окна"}  # fmt: skip
    answers = [post(body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert {answer.json()["number"] for answer in answers} == {1}
    again = [post({"name": "Пётр"}, **{"Idempotency-Key": "k"}).json() for _ in range(2)]
    assert again[0] == again[1]
    take_in_waiting(now=datetime.now(UTC))
    first = Inquiry.objects.get(number=1)
    assert (first.phone, first.marks, first.source and first.source.name) == (
        "+79120001122", {"utm_campaign": "весна"}, "Площадка",
    )  # fmt: skip
    assert Inquiry.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"), (b"[]", 400, "not_json"), (b"{}", 400, "empty"),
        (b"x" * 70_000, 413, "too_long"), (b"\xff\xfe", 400, "not_json"),
        (b"[" * 50_000, 400, "not_json"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_and_told(
    post: Post, body: bytes, status: int, code: str
) -> None:
    answer = post(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    kept = Received.objects.get(number=answer.json()["number"])
    take_in_waiting(now=datetime.now(UTC))
    kept.refresh_from_db()
    assert (kept.state, bytes(kept.body)[:9]) == ("unread", body[:9])


def test_a_flood_of_a_program_is_refused_without_loss(
    post: Post, cast: SimpleNamespace
) -> None:
    change_setting(name="api_per_minute", value=10, by=cast.see("anna"), at=MONDAY)
    answers = [post({"name": str(n), "id": str(n)}) for n in range(100)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429] * 90
    assert answers[-1].headers["Retry-After"] == "60"
    # What is there already is no flood: the sender may ask for its receipt.
    assert post({"name": "3", "id": "3"}).status_code == 200
    take_in_waiting(now=datetime.now(UTC))
    assert Inquiry.objects.count() == 10


def test_only_a_living_key_with_the_right_opens(cast: SimpleNamespace, token: str) -> None:
    anna = cast.see("anna")
    other = make_key(name="АТС", scopes=["route"], by=anna, at=MONDAY)
    send = Browser().post
    for shown in ("", "vk_wrong", other):
        answer = send("/api/inquiries", "{}", "application/json",
                      headers={"Authorization": f"Bearer {shown}"})  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (401, "no_key")
    assert Browser().get("/api/inquiries", headers={"X-Api-Key": token}).status_code == 405
    assert Browser().get(f"/api/route?phone=1&key={token}").status_code == 200
    revoke_key(key_id=ApiKey.objects.get(name="Площадка").pk, by=anna, at=MONDAY)
    assert Browser().get(f"/api/route?phone=1&key={token}").status_code == 401
    assert [key.name for key in keys()] == ["АТС"]
    facts = str(list(Fact.objects.filter(kind="api_key.changed").values_list("body")))
    assert token not in facts
    assert "revoked" in facts


def test_the_exchange_rings_who_is_responsible(
    cast: SimpleNamespace,
    token: str,
    make_client: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change_setting(name="default_extension", value="100", by=cast.see("anna"), at=MONDAY)
    Person.objects.filter(pk=cast.olga.pk).update(extension="101")
    client = make_client(phones=["+7 912 345-67-89"])

    def ask(phone: str, more: str = "") -> Any:
        return Browser().get("/api/route", {"phone": phone, "key": token, "format": more})

    assert ask("8 912 345-67-89").json() == {
        "extension": "101", "why": "client", "person": "Olga", "client": client.name,
        "client_id": client.pk,
    }  # fmt: skip
    assert ask("+79123456789", "text").content == b"101"
    for nonsense in ("", "абв", "9" * 400, "+7", "' OR 1=1"):
        assert ask(nonsense).json()["extension"] == "100"
    Person.objects.filter(pk=cast.olga.pk).update(is_active=False)
    assert ask("+79123456789").json()["why"] == "default"

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(ringing, "by_phone", fail)
    assert ask("+79123456789").json()["extension"] == "100"


def test_while_somebody_is_absent_their_stand_in_is_rung(
    cast: SimpleNamespace, token: str, make_client: Callable[..., Client]
) -> None:
    anna, now = cast.see("anna"), datetime.now(UTC)
    change_setting(name="default_extension", value="100", by=anna, at=MONDAY)
    for name, extension in (("olga", "101"), ("oleg", "102"), ("lev", "103")):
        Person.objects.filter(pk=getattr(cast, name).pk).update(extension=extension)
    make_client(phones=["+7 912 345-67-89"])
    days = {
        "first_on": now.date() - timedelta(days=2),
        "last_on": now.date() + timedelta(days=2),
    }

    def rings() -> str:
        answer = Browser().get("/api/route", {"phone": "+79123456789", "key": token})
        return str(answer.json()["extension"])

    def away(who: Person, stands_in: Person | None) -> None:
        put_absence(
            person_id=who.pk, kind="vacation", by=anna, at=now,
            stands_in_id=stands_in.pk if stands_in else None, **days,
        )  # fmt: skip

    assert rings() == "101"
    away(cast.olga, cast.oleg)
    assert rings() == "102"
    # The stand-in is away as well: nobody is looked for further than that.
    away(cast.oleg, cast.lev)
    assert rings() == "100"


def test_a_key_is_shown_once(cast: SimpleNamespace, enter: Callable[..., Browser]) -> None:
    browser = enter("anna")
    page = browser.post("/settings/programs/", {"name": "АТС", "scope": ["route"]})
    assert "vk_" in page.content.decode().split("Как обращаться")[0]
    assert (
        "vk_"
        not in browser.get("/settings/programs/").content.decode().split("Как обращаться")[0]
    )
