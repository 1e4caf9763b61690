"""Inquiries from the firm's site: form and JSON, whatever they bring."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from conftest import MONDAY
from voronka.inquiries.models import Inquiry
from voronka.people.settings import change_setting

Post = Callable[..., Any]


@pytest.fixture
def post(cast: SimpleNamespace) -> Post:
    """Send the site's form, or JSON; give the answer's status and number."""
    change_setting(name="intake_key", value="key", by=cast.see("anna"), at=MONDAY)

    def sent(body: Any, address: str = "/form/key/", kind: str = "application/json") -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return Browser().post(address, text, content_type=kind)

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


def test_the_sites_door_is_closed_to_what_is_no_inquiry(post: Post) -> None:
    refused = [
        post({"name": "А"}, "/form/other/"), post("[1]"), post("{"), post({}),
        post({"text": "а" * 70_000}),
    ]  # fmt: skip
    assert [answer.status_code for answer in refused] == [404, 400, 400, 400, 413]
    assert post({"name": "Робот", "website2": "x"}).json() == {"number": 0}
    assert not Inquiry.objects.exists()


def test_the_sites_door_takes_sixty_a_minute(post: Post) -> None:
    statuses = [post({"name": str(n)}).status_code for n in range(61)]
    assert (statuses[59], statuses[60], Inquiry.objects.count()) == (201, 429, 60)
