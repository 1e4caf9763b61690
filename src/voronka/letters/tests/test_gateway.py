"""A short message is handed to a real HTTP server, signed; senders go in and never come out."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.foundation.errors import RefusalError
from voronka.journal.models import Fact
from voronka.letters.models import Gateway, Letter, Sender
from voronka.letters.queries import ways
from voronka.letters.senders import NewSender, remove, set_gateway, set_sender, switch
from voronka.letters.sending import due, send

SECRET = "sixteen signs and more"
SOON = MONDAY + timedelta(minutes=2)


def send_waiting(*, now: datetime) -> None:
    """Send all that is due at a moment."""
    for pk in due(now=now):
        send(pk, now=now)


@pytest.fixture
def gateway() -> Iterator[SimpleNamespace]:
    """A gateway on loopback: what it was told, and the status that it answers with."""
    told = SimpleNamespace(took=[], status=200)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.took.append((self.headers["X-Voronka-Signature"], body))
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/sms"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_is_handed_over_signed_and_once(
    gateway: SimpleNamespace, write: Callable[..., Any], cast: SimpleNamespace
) -> None:
    set_gateway(url=gateway.url, secret=SECRET, by=cast.see("anna"), at=MONDAY)
    made = write(channel="message", to="8 (916) 123-45-67", text="Счёт «готов» & ждёт")
    send_waiting(now=SOON)
    send_waiting(now=SOON)
    ((signature, body),) = gateway.took
    assert hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest() == signature
    assert json.loads(body) == {
        "id": made.message_id.strip("<>"), "to": "+79161234567", "text": "Счёт «готов» & ждёт",
    }  # fmt: skip
    assert Letter.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("status", "state", "problem"),
    [
        (503, "waiting", "unreachable"),
        (429, "waiting", "busy"),
        (401, "waiting", "bad_secret"),
        (422, "failed", "refused"),
    ],
)
def test_what_a_gateway_refuses_is_told_apart(
    gateway: SimpleNamespace,
    write: Callable[..., Any],
    cast: SimpleNamespace,
    status: int,
    state: str,
    problem: str,
) -> None:
    gateway.status = status
    set_gateway(url=gateway.url, secret=SECRET, by=cast.see("anna"), at=MONDAY)
    write(channel="message", to="+79161234567")
    send_waiting(now=SOON)
    row = Letter.objects.get()
    assert (row.state, row.problem) == (state, problem)


@pytest.mark.parametrize(
    ("url", "secret", "code"),
    [
        ("http://sms.example/send", SECRET, "unsafe_sender"),
        ("ftp://127.0.0.1/x", SECRET, "unsafe_sender"),
        ("https:///x", SECRET, "bad_sender"),
        ("https://[x/", SECRET, "bad_sender"),
        ("https://sms.example/ send", SECRET, "bad_sender"),
        ("https://sms.example/send", "short", "bad_sender"),
        ("https://sms.example/send", "", "bad_sender"),
    ],
)
def test_a_gateway_that_cannot_be_is_refused(
    cast: SimpleNamespace, url: str, secret: str, code: str
) -> None:
    with pytest.raises(RefusalError) as caught:
        set_gateway(url=url, secret=secret, by=cast.see("anna"), at=MONDAY)
    assert caught.value.code == code
    assert (Gateway.objects.count(), Fact.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("known", "code", "field"),
    [
        ({"address": "nobody"}, "bad_mail", None),
        ({"server": ""}, "bad_sender", "server"),
        ({"port": 0}, "bad_sender", "port"),
        ({"security": "hope"}, "bad_sender", "security"),
        ({"password": ""}, "bad_sender", "password"),
        ({"security": "none"}, "unsafe_sender", None),
    ],
)
def test_a_mailbox_that_cannot_be_is_refused(
    cast: SimpleNamespace, known: dict[str, Any], code: str, field: str | None
) -> None:
    said = {"address": "a@firm.example", "password": "x", "server": "smtp.firm.example"}
    with pytest.raises(RefusalError) as caught:
        set_sender(NewSender(**said | known), by=cast.see("anna"), at=MONDAY)
    assert caught.value.code == code
    assert caught.value.details.get("field") == field
    assert (Sender.objects.count(), Fact.objects.count()) == (0, 0)


def test_a_known_password_is_sent_to_no_other_server(cast: SimpleNamespace) -> None:
    anna = cast.see("anna")
    first = NewSender(address="a@yandex.ru", password="known")
    made = set_sender(first, by=anna, at=MONDAY)
    assert (made.server, made.port, made.login) == ("smtp.yandex.ru", 465, "a@yandex.ru")
    sealed = made.secret
    set_sender(NewSender(address="a@yandex.ru"), by=anna, at=MONDAY)
    assert Sender.objects.get().secret == sealed
    other = NewSender(address="a@yandex.ru", server="evil.example")
    with pytest.raises(RefusalError) as caught:
        set_sender(other, by=anna, at=MONDAY)
    assert caught.value.details == {"field": "password"}
    assert Sender.objects.get().server == "smtp.yandex.ru"


def test_ways_out_are_switched_and_removed_and_each_is_a_fact(cast: SimpleNamespace) -> None:
    anna = cast.see("anna")
    set_sender(NewSender(address="a@yandex.ru", password="known"), by=anna, at=MONDAY)
    switch(channel="mail", is_on=False, by=anna, at=MONDAY)
    switch(channel="mail", is_on=False, by=anna, at=MONDAY)
    assert [(one.address, one.is_on) for one in ways(viewer=anna)] == [("a@yandex.ru", False)]
    assert ways(viewer=cast.see("olga")) == []
    remove(channel="mail", by=anna, at=MONDAY)
    assert ways(viewer=anna) == []
    said = Fact.objects.filter(kind="letter_sender.changed").order_by("pk")
    assert [one.body["what"] for one in said] == ["added", "off", "removed"]
    assert "known" not in str([one.body for one in said])
    for who in ("olga", "lev", "audit"):
        with pytest.raises(PermissionError):
            set_sender(NewSender(address="a@b.example"), by=cast.see(who), at=MONDAY)
