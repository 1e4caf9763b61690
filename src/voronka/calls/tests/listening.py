"""A provider that runs here: it answers as it is told and keeps what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Answering = Callable[["Asked"], tuple[int, Any]]


@dataclass(frozen=True)
class Asked:
    """One request: `headers` with names in lower case; `fields` of the address and the body."""

    path: str
    query: str
    headers: dict[str, str]
    fields: dict[str, str]
    body: str = ""


@dataclass
class Provider:
    """Where it listens, and what it was asked."""

    address: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def provider(answering: Answering) -> Iterator[Provider]:
    """Run one: `answering` gives the status and what to say: bytes, or anything as JSON."""
    here = Provider("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            asked = Asked(
                parts.path,
                parts.query,
                {name.lower(): value for name, value in self.headers.items()},
                dict(parse_qsl(parts.query) + parse_qsl(body)),
                body,
            )
            here.asked.append(asked)
            status, said = answering(asked)
            told = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("location", here.address + "/elsewhere")
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
