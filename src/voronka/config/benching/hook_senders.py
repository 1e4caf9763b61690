"""Exchanges that send: many open lines in one thread, each waits for its answer."""

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import cast

TOKEN = "a-token-of-the-bench"
_STEPS = (
    "type=INCOMING&ext=101", "type=INCOMING&ext=102", "type=ACCEPTED&ext=102",
    "type=COMPLETED&status=Success&duration=30&ext=102",
)  # fmt: skip


class Senders:
    """Events brought over so many lines, `a_second` at most (0: as fast as they are taken).

    A name is "call-step". What was torn or refused is brought again until it is acknowledged.
    """

    def __init__(
        self, port: int, keys: list[str], names: Iterator[str], lines: int, *, a_second: int = 0
    ) -> None:
        self._port, self._keys, self._names = port, keys, names
        self._most, self._pause = lines, 1 / a_second if a_second else 0.0
        self._again: list[str] = []
        self._lines: dict[socket.socket, str] = {}
        self._heard: dict[socket.socket, bytes] = {}
        self._ears = selectors.DefaultSelector()
        self._is_over = False
        self.acknowledged: set[str] = set()
        self.torn = self.refused = 0

    def send(self) -> None:
        """Bring all; return when the last one is acknowledged."""
        while not self._is_over or self._again or any(self._lines.values()):
            while len(self._lines) < self._most and (self._again or not self._is_over):
                if not self._open():
                    time.sleep(0.02)
                    break
            for ear, _ in self._ears.select(timeout=0.2):
                self._listen(cast(socket.socket, ear.fileobj))
        for line in list(self._lines):
            self._hang_up(line)

    def stop(self) -> None:
        """Begin nothing new."""
        self._is_over = True

    def _open(self) -> bool:
        try:
            line = socket.create_connection(("127.0.0.1", self._port), 5)
        except OSError:
            return False
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines[line] = ""
        self._ears.register(line, selectors.EVENT_READ)
        self._next(line)
        return True

    def _next(self, line: socket.socket) -> None:
        name = (
            self._again.pop() if self._again else "" if self._is_over else next(self._names, "")
        )
        if not name:
            self._is_over = True
            self._hang_up(line)
            return
        self._lines[line] = name
        time.sleep(self._pause)
        try:
            line.sendall(self._request(name))
        except OSError:
            self._tear(line)

    def _listen(self, line: socket.socket) -> None:
        try:
            said = line.recv(4096)
        except OSError:
            said = b""
        if not said:
            self._tear(line)
            return
        said = self._heard.pop(line, b"") + said
        if not _is_whole(said):
            self._heard[line] = said
            return
        name, self._lines[line] = self._lines[line], ""
        if said.startswith(b"HTTP/1.1 200"):
            self.acknowledged.add(name)
        else:
            self.refused += 1
            self._again.append(name)
            time.sleep(0.01)
        self._next(line)

    def _tear(self, line: socket.socket) -> None:
        if name := self._lines.get(line):
            self._again.append(name)
            self.torn += 1
        self._hang_up(line)

    def _hang_up(self, line: socket.socket) -> None:
        with suppress(KeyError):
            self._ears.unregister(line)
        self._lines.pop(line, None)
        self._heard.pop(line, None)
        line.close()

    def _request(self, name: str) -> bytes:
        call, step = map(int, name.split("-"))
        key = self._keys[call % len(self._keys)]
        body = (
            f"cmd=event&callid=b{call}&phone=7912{call:07}&diversion=74950000001"
            f"&token={TOKEN}&{_STEPS[step]}&name={name}"
        )
        return (
            f"POST /telephony/{key}/ HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def _is_whole(said: bytes) -> bool:
    """Head and body come apart: an answer counts when both are there."""
    head, _, body = said.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return length.isdigit() and len(body) >= int(length)
