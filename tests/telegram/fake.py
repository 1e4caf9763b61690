"""A Telegram of our own: one bot's updates, files and chats, served on a local port."""

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

TOKEN = "4242:AAabcdefghijklmnopqrstuvwxyz012345"


class FakeTelegram:
    """Keeps updates until a later offset confirms them, as Telegram does.

    `troubles`: (status, description, retry_after) given instead of answers, one each; status 0
    drops the connection, 200 answers with broken JSON.
    """

    def __init__(self) -> None:
        self.pending: list[dict[str, Any]] = []
        self.confirmed: list[int] = []
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.troubles: list[tuple[int, str, int]] = []
        self.asked: list[str] = []
        self.came = threading.Condition()
        self.server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Own", (Handler,), {"fake": self})
        )
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def write(self, update_id: int, **message: Any) -> None:
        """Let somebody write to the bot."""
        with self.came:
            self.pending.append(update(update_id, **message))
            self.came.notify_all()

    def updates(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        with self.came:
            offset = asked.get("offset", 0)
            self.confirmed += [
                one["update_id"] for one in self.pending if one["update_id"] < offset
            ]
            self.pending = [one for one in self.pending if one["update_id"] >= offset]
            if not self.pending:
                self.came.wait(asked["timeout"])
            return self.pending[:10]


def update(update_id: int, *, chat: int = 7, edited: bool = False, **more: Any) -> Any:
    """Make an update as Telegram writes them."""
    message = {
        "message_id": update_id, "date": 1_772_442_000,
        "chat": {"id": chat, "type": "private"},
        "from": {"id": chat, "is_bot": False, "first_name": "Анна", "language_code": "ru"},
    } | more  # fmt: skip
    return {"update_id": update_id, "edited_message" if edited else "message": message}


class Handler(BaseHTTPRequestHandler):
    fake: ClassVar[FakeTelegram]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        asked = json.loads(self.rfile.read(size) or b"{}")
        method = self.path.rsplit("/", 1)[-1]
        self.fake.asked.append(method)
        if self.fake.troubles:
            self._trouble(*self.fake.troubles.pop(0))
        elif f"/bot{TOKEN}/" not in self.path:
            self._trouble(401, "Unauthorized", 0)
        else:
            self._ok(method, asked)

    def do_GET(self) -> None:
        self.fake.asked.append("file")
        self._write(200, self.fake.files[self.path.rsplit("/", 1)[-1]])

    def _ok(self, method: str, asked: dict[str, Any]) -> None:
        result: Any = {"id": 4242, "is_bot": True, "username": "firm_bot"}
        if method == "getUpdates":
            result = self.fake.updates(asked)
        elif method == "getFile":
            result = {"file_path": f"photos/{asked['file_id']}"}
        elif method == "sendMessage":
            self.fake.sent.append(asked)
            result = {"message_id": 1000 + len(self.fake.sent)}
        self._write(200, json.dumps({"ok": True, "result": result}).encode())

    def _trouble(self, status: int, said: str, retry: int) -> None:
        if status == 0:
            self.close_connection = True
            return
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": said}
        if retry:
            body["parameters"] = {"retry_after": retry}
        broken = b'{"ok": tr' if status == 200 else json.dumps(body).encode()
        self._write(status, broken)

    def _write(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()
