"""A real SMTP server beside a test: what it took, and what it is told to refuse."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

PASSWORD = "correct horse"


class Post:
    """Takes letters; `refuse` maps an address to the answer it gets, `answer` is for all."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self.answer = ""
        self.hangs_up = False
        self.signed_in: list[str] = []

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        if self.answer:
            return self.answer
        content = envelope.content
        assert isinstance(content, bytes)
        made = message_from_bytes(content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.taken.append(made)
        if self.hangs_up:
            server.transport.close()
        return "250 taken"

    def check(
        self, server: Any, session: Any, envelope: Any, way: str, data: Any
    ) -> AuthResult:
        """Let in whoever knows the password."""
        assert isinstance(data, LoginPassword)
        is_right = data.password == PASSWORD.encode()
        if is_right:
            self.signed_in.append(data.login.decode())
        return AuthResult(success=is_right, handled=False)


@contextmanager
def post_office(port: int, *, safe: ssl.SSLContext | None = None) -> Iterator[Post]:
    """Run a server on loopback."""
    post = Post()
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=port,
        authenticator=post.check,
        auth_require_tls=False,
        tls_context=safe,
    )
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
