"""Inquiries from the firm's site: form and JSON, whatever they bring."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from conftest import MONDAY
from voronka.inquiries.models import Inquiry, Received
from voronka.inquiries.taking_in import take_in_waiting
from voronka.people.settings import change_setting

Post = Callable[..., Any]


@pytest.fixture
def post(cast: SimpleNamespace) -> Post:
    """Send the site's form, or JSON; give the answer's status and number."""
    change_setting(name="intake_key", value="key", by=cast.see("anna"), at=MONDAY)

    def sent(body: Any, address: str = "/form/key/", kind: str = "application/json") -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        answer = Browser().post(address, text, content_type=kind)
        take_in_waiting(now=datetime.now(UTC))
        return answer

    return sent


def test_the_sites_form_and_its_json_come_into_the_same_queue(post: Post) -> None:
    plain = "application/x-www-form-urlencoded"
    assert post("name=Ivan&phone=89120001122&utm_source=ya", kind=plain).status_code == 200
    answer = post({"name": "Анна", "email": "a@b.example", "id": 5, "page": "/x"})
    assert (answer.status_code, answer.json()) == (201, {"number": 2})
    assert post({"name": "Анна", "id": "5"}).json() == {"number": 2}
    first, second = Inquiry.objects.order_by("number")
    assert (first.channel, first.phone, first.marks) == (
        "form", "+79120001122", {"utm_source": "ya"},
    )  # fmt: skip
    assert (second.mail, second.marks, second.external_id) == (
        "a@b.example", {"page": "/x"}, "5",
    )  # fmt: skip
    assert json.loads(second.raw)["name"] == "Анна"


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "A\\u0000B", "utm_source": "\\u0000"}', '{"text": "\\ud800"}',
        '{"name": {"first": "A"}, "phone": [1]}', b'{"text": "\\u0000\xd0"}',
        '{"phone": "' + "9" * 5000 + '", "id": "' + "x" * 500 + '"}',
    ],
)  # fmt: skip
def test_signs_that_no_person_types_lose_no_inquiry(post: Post, body: str | bytes) -> None:
    kind = "application/json"
    if isinstance(body, bytes):
        body, kind = b"text=%00%FF", "application/x-www-form-urlencoded"
    assert post(body, kind=kind).status_code in (200, 201)
    assert Inquiry.objects.count() == 1


def test_the_sites_door_says_what_is_wrong_and_keeps_what_it_could_not_read(
    post: Post,
) -> None:
    refused = [
        post({"name": "А"}, "/form/other/"), post("[1]"), post("{"), post({}),
        post({"text": "а" * 70_000}), post(b"x" * 50_000_000),
    ]  # fmt: skip
    assert [answer.status_code for answer in refused] == [404, 400, 400, 400, 413, 413]
    assert [answer.json()["code"] for answer in refused[1:]] == [
        "not_json", "not_json", "empty", "too_long", "too_long",
    ]  # fmt: skip
    assert not Inquiry.objects.exists()
    kept = Received.objects.order_by("pk")
    assert [one.state for one in kept] == ["unread"] * 5
    assert [one.number for one in kept] == [answer.json()["number"] for answer in refused[1:]]
    assert bytes(kept[1].body) == b"{"


def test_what_fills_a_field_that_people_do_not_see_is_kept_as_spam(post: Post) -> None:
    assert post({"name": "Робот", "website2": "x"}).status_code == 201
    one = Inquiry.objects.get()
    assert (one.state, one.state_reason, one.manager_id) == ("spam", "auto:trap", None)


def test_the_sites_door_takes_so_many_a_minute_and_loses_nothing_it_said_yes_to(
    post: Post, cast: SimpleNamespace
) -> None:
    change_setting(name="intake_per_minute", value=30, by=cast.see("anna"), at=MONDAY)
    answers = [post({"name": str(n)}) for n in range(40)]
    taken = [answer for answer in answers if answer.status_code == 201]
    assert [answer.status_code for answer in answers[30:]] == [429] * 10
    assert answers[30].headers["Retry-After"] == "60"
    said = {answer.json()["number"] for answer in taken}
    assert said == set(Inquiry.objects.values_list("number", flat=True))
    assert len(said) == 30


def test_a_form_posted_twice_is_one_inquiry_and_two_visitors_are_two(post: Post) -> None:
    shown = [Browser().get("/form/key/").content.decode() for _ in range(2)]
    tokens = [re.search(r'name="token" value="([^"]+)"', page)[1] for page in shown]  # type: ignore[index]
    plain = "application/x-www-form-urlencoded"
    for token in (tokens[0], tokens[0], tokens[1]):
        assert post(f"name=Ivan&phone=89120001122&token={token}", kind=plain).status_code == 200
    assert Inquiry.objects.count() == 2
    # Without the page's mark the same body within ten minutes is the same.
    assert post({"name": "Анна"}).json() == post({"name": "Анна"}).json()


def test_a_form_in_windows_1251_is_read(post: Post) -> None:
    plain = "application/x-www-form-urlencoded"
    post(b"name=%C8%E2%E0%ED&text=%CF%F0%E8%E2%E5%F2", kind=plain)
    assert Inquiry.objects.get().name == "Иван"


def test_files_are_kept_by_what_they_are(post: Post) -> None:
    files = [
        ("чертёж.pdf", b"%PDF-1.7 ..."), ("run.exe", b"MZ\x90"), ("page.pdf", b"<html>"),
        ("bomb.zip", b"PK\x03\x04" + b"\0" * 50), ("../../etc/passwd.txt", b"plain text"),
        ("empty.pdf", b""),
    ]  # fmt: skip
    given = [SimpleUploadedFile(name, content) for name, content in files]
    answer = Browser().post("/form/key/", {"name": "Пётр", "file": given})
    assert answer.status_code == 200
    kept = Received.objects.get().files.order_by("pk")
    assert [(one.name, one.problem) for one in kept][:5] == [
        ("чертёж.pdf", ""), ("run.exe", "bad_kind"), ("page.pdf", "bad_kind"),
        ("bomb.zip", "bad_kind"), ("passwd.txt", ""),
    ]  # fmt: skip
    assert [bool(one.content) for one in kept][:5] == [True, False, False, False, True]


def test_the_firms_page_may_send_and_read_the_answer(post: Post) -> None:
    asked = Browser().options("/form/key/")
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (204, "*")
    script = Browser().get("/form/key/embed.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "http://testserver/form/key/" in script.content.decode()
    assert Browser().get("/form/other/embed.js").status_code == 404
