"""Recordings behind links: limits, redirects, and never into our own network."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from voronka.calls.sound import links
from voronka.calls.sound.links import fetched
from voronka.calls.sound.problems import SoundProblemError

SOUND = b"RIFF....WAVE" + bytes(100_000)


class Provider(BaseHTTPRequestHandler):
    """Answers as a provider may; what was asked stands in `asked`."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        act = self.path.strip("/").partition("?")[0]
        if act.isdecimal():
            self.send_response(int(act))
            self.end_headers()
        elif act in ("home", "loop", "file"):
            self.send_response(302)
            there = {"home": "/sound.wav", "loop": "/loop", "file": "file:///etc/passwd"}
            self.send_header("Location", there[act])
            self.end_headers()
        else:
            self.send_response(200)
            said = len(SOUND) + (50 if act == "short" else 0)
            self.send_header("Content-Length", str(said))
            self.end_headers()
            self.wfile.write(SOUND)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Provider.asked.clear()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def problem(url: str, own_host: str = "127.0.0.1") -> str:
    with pytest.raises(SoundProblemError) as caught:
        fetched(url, own_host=own_host)
    return caught.value.code


def test_the_exchanges_own_host_may_stand_in_a_private_network(provider: str) -> None:
    with fetched(
        f"{provider}/home?a=1", own_host="127.0.0.1", headers={"Authorization": "k"}
    ) as f:
        assert f.read() == SOUND
    assert Provider.asked == [("/home?a=1", "k"), ("/sound.wav", "k")]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("404", "no_file"), ("410", "no_file"), ("403", "refused"), ("401", "refused"),
        ("500", "busy"), ("503", "busy"), ("429", "busy"), ("loop", "bad_link"),
        ("file", "bad_link"), ("short", "torn"),
    ],
)  # fmt: skip
def test_what_the_provider_says_decides_whether_to_try_again(
    provider: str, path: str, code: str
) -> None:
    assert problem(f"{provider}/{path}") == code


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254",
        "172.16.0.1", "100.64.0.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
        "[fe80::1]", "[2002:7f00:1::]", "224.0.0.1", "2130706433", "0x7f.1",
    ],
)  # fmt: skip
def test_no_link_leads_into_a_private_network(provider: str, host: str) -> None:
    port = provider.rpartition(":")[2]
    assert problem(f"http://{host}:{port}/sound.wav", "pbx.example") == "private_address"
    assert Provider.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://a.example/x", "gopher://a", "//a.example/x", "x.wav", "",
        "http://", "http://a.example:99999/", "http://a.example/a\r\nHost: b", "http://[::1",
        "http://user:word@a.example/x", "http://a.example/запись .wav",
    ],
)  # fmt: skip
def test_what_is_no_plain_link_is_refused(url: str) -> None:
    assert problem(url) == "bad_link"


def test_what_is_too_large_is_left_half_way(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_BYTES", 50_000)
    assert problem(f"{provider}/sound.wav") == "too_large"


def test_nobody_there_is_tried_again() -> None:
    assert problem("http://127.0.0.1:1/x") == "no_answer"
    assert problem("http://nowhere.invalid/x") == "no_answer"
