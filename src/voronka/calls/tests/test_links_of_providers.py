"""Where recordings of providers lie: asked with our key, and never told to others."""

import base64
import hashlib
import hmac
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.twilio.recordings import link_of as twilio_link_of
from voronka.calls.providers.zadarma.recordings import link_of
from voronka.calls.tests.listening import Asked, provider
from voronka.foundation.sealing import seal

KEY, SECRET, LINK = "the-key", "the-secret-of-the-cabinet", "https://api.zadarma.com/r/1.mp3"
pytestmark = pytest.mark.django_db


def joined(kind: str, address: str = "", secret: str = SECRET, login: str = KEY) -> Exchange:
    return Exchange(
        kind=kind, name="АТС", path_key="k", secret=seal(secret), created_at=MONDAY,
        options={"host": address, "login": login},
    )  # fmt: skip


def zadarma(asked: Asked) -> tuple[int, Any]:
    digest = hashlib.md5(asked.query.encode(), usedforsecurity=False).hexdigest()
    made = hmac.new(SECRET.encode(), f"{asked.path}{asked.query}{digest}".encode(), "sha1")
    sign = base64.b64encode(made.hexdigest().encode()).decode()
    if asked.headers.get("authorization") != f"{KEY}:{sign}":
        return 401, {"status": "error"}
    answers = {
        "1772442000.77": {"status": "success", "link": LINK},
        "many": {"status": "success", "links": [LINK, LINK + "2"]},
        "odd": {"status": "success", "link": "file:///etc/passwd"},
    }
    return 200, answers.get(asked.fields["call_id"], {"status": "error"})


def test_zadarma_tells_where_it_lies_to_whom_the_key_belongs(db: None) -> None:
    with provider(zadarma) as here:
        exchange = joined("zadarma", here.address)
        assert link_of(exchange, "1772442000.77") == (LINK, {})
        assert link_of(exchange, "many") == (LINK, {})
        for name, code, known in (
            ("odd", "wrong_answer", exchange),
            ("absent", "wrong_answer", exchange),
            ("many", "refused", joined("zadarma", here.address, secret="another-secret")),
            ("many", "no_key", joined("zadarma", here.address, login="")),
        ):
            with pytest.raises(AskingError) as failed:
                link_of(known, name)
            assert failed.value.code == code


def test_twilios_proof_goes_to_twilio_alone(db: None) -> None:
    exchange = joined("twilio")
    url, headers = twilio_link_of(exchange, "https://api.twilio.com/2010/RE1")
    assert url == "https://api.twilio.com/2010/RE1.wav?RequestedChannels=2"
    shown = headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(shown).decode() == f"{KEY}:{SECRET}"
    for name in ("https://api.twilio.com.example/RE1", "http://api.twilio.com/RE1", "RE1", ""):
        with pytest.raises(AskingError):
            twilio_link_of(exchange, name)
    with pytest.raises(AskingError):
        twilio_link_of(joined("twilio", login=""), "https://api.twilio.com/RE1")
