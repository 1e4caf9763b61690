"""A click makes one's own telephone ring, and is a fact before the exchange is told."""

import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.calls.asterisk.originating import as_dialled
from voronka.calls.dialling import (
    DialFailedError,
    NoExchangeError,
    NoExtensionError,
    can_dial,
    dial,
)
from voronka.calls.exchanges import NewExchange, add_exchange, switch_exchange
from voronka.calls.models import Call, CallLeg
from voronka.calls.popping import caller_card
from voronka.foundation.phones import BadPhoneError
from voronka.journal.models import Fact
from voronka.people.models import Person
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
PHONE = "8 912 000-11-22"


@pytest.fixture
def answering() -> Iterator[tuple[int, list[str]]]:
    """A manager interface that says yes to all, and what it was told."""
    told: list[str] = []
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with door.accept()[0] as line:
            line.sendall(b"Asterisk Call Manager/9.0.0\r\n")
            rest = b""
            while more := line.recv(4096):
                *frames, rest = (rest + more).split(b"\r\n\r\n")
                for frame in frames:
                    told.append(frame.decode())
                    ident = frame.split(b"ActionID: ")[1].split(b"\r\n")[0]
                    line.sendall(b"Response: Success\r\nActionID: " + ident + b"\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield door.getsockname()[1], told
    door.close()


def join(port: int, **more: object) -> int:
    new = NewExchange(
        kind="asterisk", name="Офис", secret="s",
        options={"host": "127.0.0.1", "port": port, "login": "crm", **more},
    )  # fmt: skip
    return add_exchange(new, by=SYSTEM, at=MONDAY).pk


def test_the_exchange_is_told_whom_to_ring_and_under_which_name(
    cast: SimpleNamespace, answering: tuple[int, list[str]]
) -> None:
    port, told = answering
    join(port)
    Person.objects.filter(pk=cast.olga.pk).update(extension="101")
    made = dial(phone=PHONE, by=cast.see("olga"), at=MONDAY)
    fact = Fact.objects.get(kind="call.asked")
    assert (fact.body, fact.owner_id) == (
        {"phone": "+79120001122", "extension": "101"}, cast.olga.pk,
    )  # fmt: skip
    lines = told[1].split("\r\n")
    assert lines[0] == "Action: Originate"
    for line in (
        "Channel: PJSIP/101", "Context: from-internal", "Exten: 89120001122",
        f"ChannelId: {made.ref}",
    ):  # fmt: skip
        assert line in lines
    assert made.ref.endswith(f"-{fact.pk}")


def test_without_extension_or_exchange_nothing_is_asked(cast: SimpleNamespace) -> None:
    olga = cast.see("olga")
    with pytest.raises(NoExtensionError):
        dial(phone=PHONE, by=olga, at=MONDAY)
    Person.objects.filter(pk=cast.olga.pk).update(extension="101")
    assert can_dial() is False
    with pytest.raises(NoExchangeError):
        dial(phone=PHONE, by=olga, at=MONDAY)
    pk = join(1)
    assert can_dial() is True
    with pytest.raises(BadPhoneError):
        dial(phone="12", by=olga, at=MONDAY)
    with pytest.raises(PermissionError):
        dial(phone=PHONE, by=cast.see("audit"), at=MONDAY)
    assert not Fact.objects.filter(kind="call.asked").exists()
    with pytest.raises(DialFailedError) as refused:
        dial(phone=PHONE, by=olga, at=MONDAY)
    assert refused.value.details == {"why": "unreachable"}
    switch_exchange(exchange_id=pk, is_on=False, by=SYSTEM, at=MONDAY)
    assert can_dial() is False


def test_a_number_is_dialled_as_the_exchange_wants_it() -> None:
    forms = [as_dialled("+79120001122", form) for form in ("8", "7", "+7")]
    assert forms == ["89120001122", "79120001122", "+79120001122"]
    forms = [as_dialled("+4930123456", form) for form in ("8", "7", "+7")]
    assert forms == ["8104930123456", "4930123456", "+4930123456"]


def test_who_is_rung_may_know_who_rings_and_nobody_else(cast: SimpleNamespace) -> None:
    call = Call.objects.create(
        started_at=MONDAY, direction="in", phone="+79120001122", is_answered=False,
        state="ringing", is_final=False,
    )  # fmt: skip
    CallLeg.objects.create(
        call=call, seq=0, leg_ref="a", extension="101", person=cast.olga, began_at=MONDAY
    )
    card = caller_card(call_id=call.pk, person_id=cast.olga.pk)
    assert (card.phone, card.client, card.is_open) == ("+79120001122", "", True)
    for stranger in (cast.oleg.pk, cast.vera.pk, None):
        with pytest.raises(Call.DoesNotExist):
            caller_card(call_id=call.pk, person_id=stranger)
