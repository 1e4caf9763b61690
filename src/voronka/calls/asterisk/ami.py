"""A client of Asterisk's manager interface: bytes by line, decoded by line, pinged.

Our own, about as long as its description: the libraries that were tried cut Cyrillic names
between two reads, and did not notice an exchange that stands still.
"""

import re
import socket
import time
from collections.abc import Iterator

PING_EVERY, PONG_WITHIN = 10.0, 5.0
TOP_FRAME = 64 * 1024
_LINE = re.compile(rb"\r?\n")
_CLEAN = re.compile(r"[\r\n\0]+")


class AmiProblemError(OSError):
    """The exchange cannot be spoken to; `code`: unreachable, bad_login, no_answer, gone."""

    def __init__(self, code: str, told: str = "") -> None:
        super().__init__(f"{code}: {told}")
        self.code = code


class Frames:
    """Cuts a stream of bytes into frames; a torn or overlong one is left out and counted."""

    def __init__(self) -> None:
        self._rest = b""
        self._frame: dict[str, str] = {}
        self._size = 0
        self.torn = 0

    def feed(self, more: bytes) -> Iterator[dict[str, str]]:
        """Give the frames that are whole by now. Of a repeated key the first value counts."""
        *lines, self._rest = _LINE.split(self._rest + more)
        if len(self._rest) > TOP_FRAME:
            self._rest, self._frame = b"", {}
            self.torn += 1
        for line in lines:
            if not line:
                if self._frame and self._size <= TOP_FRAME:
                    yield self._frame
                self.torn += self._size > TOP_FRAME
                self._frame, self._size = {}, 0
                continue
            self._size += len(line)
            key, colon, value = line.decode("utf-8", "replace").partition(":")
            if colon and self._size <= TOP_FRAME:
                self._frame.setdefault(key, value.strip())


class Ami:
    """One connection, signed in. Not for several threads at once."""

    def __init__(
        self, host: str, port: int, *, login: str, password: str, seconds: float = 5.0
    ) -> None:
        """Connect and sign in. Raises: AmiProblemError."""
        self._frames = Frames()
        self._events: list[dict[str, str]] = []
        self._count = 0
        self._heard = self._asked = time.monotonic()
        self._pings = 0
        try:
            self._socket = socket.create_connection((host, port), timeout=seconds)
        except OSError as error:
            raise AmiProblemError("unreachable", str(error)) from error
        try:
            self.act("Login", Username=login, Secret=password)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up; twice does no harm."""
        self._socket.close()

    def events(self, seconds: float) -> list[dict[str, str]]:
        """Give what was said, waiting for `seconds` at most until anything is.

        Raises: AmiProblemError when the exchange went away, or no longer answers a ping.
        """
        if not self._events:
            self._take(seconds)
        self._keep_awake()
        found, self._events = self._events, []
        return found

    def act(self, name: str, *, wait: float = 5.0, **fields: str) -> dict[str, str]:
        """Have an action done and give the answer. Raises: AmiProblemError bad_login, refused,
        no_answer, gone.
        """
        return self._ask(name, fields, wait)[0]

    def list_of(self, name: str, end: str, **fields: str) -> list[dict[str, str]]:
        """Give the rows of a list that is asked for, up to its event `end`."""
        return self._ask(name, fields, 5.0, end)[1]

    def _ask(
        self, name: str, fields: dict[str, str], wait: float, end: str = ""
    ) -> tuple[dict[str, str], list[dict[str, str]]]:
        self._count += 1
        ident = f"voronka-{self._count}"
        self._send(name, ident, fields)
        until = time.monotonic() + wait
        answer: dict[str, str] = {}
        rows: list[dict[str, str]] = []
        while time.monotonic() < until:
            for frame in self._received(until - time.monotonic()):
                if frame.get("ActionID") != ident:
                    self._put(frame)
                elif "Response" in frame:
                    answer = frame
                else:
                    rows.append(frame)
            if answer and answer["Response"] != "Success":
                code = "bad_login" if name == "Login" else "refused"
                raise AmiProblemError(code, answer.get("Message", ""))
            if answer and (not end or any(row.get("Event") == end for row in rows)):
                return answer, [row for row in rows if row.get("Event") != end]
        raise AmiProblemError("no_answer", name)

    def _send(self, name: str, ident: str, fields: dict[str, str]) -> None:
        said = {"Action": name, "ActionID": ident} | fields
        # A line break in a value would begin a field of its own.
        lines = [f"{key}: {_CLEAN.sub(' ', value)}" for key, value in said.items()]
        try:
            self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        except OSError as error:
            raise AmiProblemError("gone", str(error)) from error

    def _received(self, seconds: float) -> list[dict[str, str]]:
        self._socket.settimeout(max(0.001, seconds))
        try:
            more = self._socket.recv(1 << 16)
        except TimeoutError:
            return []
        except OSError as error:
            raise AmiProblemError("gone", str(error)) from error
        if not more:
            raise AmiProblemError("gone")
        self._heard = time.monotonic()
        return list(self._frames.feed(more))

    def _take(self, seconds: float) -> None:
        for frame in self._received(seconds):
            self._put(frame)

    def _put(self, frame: dict[str, str]) -> None:
        if "Event" in frame:
            self._events.append(frame)

    def _keep_awake(self) -> None:
        now = time.monotonic()
        if now - self._heard < PING_EVERY or now - self._asked < PING_EVERY:
            return
        self._asked = now
        self.act("Ping", wait=PONG_WITHIN)
