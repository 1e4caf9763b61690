"""A client to write to, a post office that takes letters, and how to press send."""

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from conftest import MONDAY
from voronka.clients.cards import NewClient, add_client
from voronka.clients.models import Client
from voronka.letters.senders import NewSender, set_sender
from voronka.letters.tests.smtp_beside import PASSWORD, Post, post_office
from voronka.letters.writing import NewLetter, write_letter


@pytest.fixture
def port() -> int:
    """A free port on loopback."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def buyer(cast: SimpleNamespace) -> Client:
    """Olga's client with a mail and a number."""
    new = NewClient(
        name="Ромашка", phones=("+79161234567",), mails=("buyer@client.example",),
        manager_id=cast.olga.pk,
    )  # fmt: skip
    return add_client(new, by=cast.see("vera"), at=MONDAY)


@pytest.fixture
def post(port: int, cast: SimpleNamespace) -> Iterator[Post]:
    """A post office, set up as what letters go out through."""
    new = NewSender(
        address="sales@firm.example", password=PASSWORD, server="127.0.0.1", port=port,
        security="none",
    )  # fmt: skip
    set_sender(new, by=cast.see("anna"), at=MONDAY)
    with post_office(port) as office:
        yield office


@pytest.fixture
def write(cast: SimpleNamespace, buyer: Client) -> Callable[..., Any]:
    """Write a letter as Olga, a minute after Monday began unless said."""

    def _write(**known: Any) -> Any:
        by, at = known.pop("by", "olga"), known.pop("at", MONDAY + timedelta(minutes=1))
        told: dict[str, Any] = {
            "channel": "mail", "client_id": buyer.pk, "to": "buyer@client.example",
            "subject": "Расчёт", "text": "Добрый день!\n\nСчёт ниже.",
        }  # fmt: skip
        return write_letter(NewLetter(**told | known), by=cast.see(by), at=at)

    return _write


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2050, 1, 1, tzinfo=dt.UTC))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    paths = tmp_path / "cert.pem", tmp_path / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.TraditionalOpenSSL
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return paths
