"""The memory of the real server after every page was asked for many times."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voronka.config.benching.measuring import BadAnswerError

TIMES, START_SECONDS, STOP_SECONDS = 20, 60, 20


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes: now and at the peak, of now what is its own and what is files; CPU too."""

    rss: float
    peak: float
    own: float
    files: float
    cpu_ms_a_request: float


def measure_memory(*, home: Path, session: str, addresses: list[str]) -> Memory:
    """Serve `home` in a process of its own, ask for all pages 20 times, read what it takes.

    Raises: BadAnswerError when it does not start or a page does not answer 200.
    """
    with _server(home) as (process, port):
        for address in addresses:
            _ask(port, session, address)
        began = cpu_seconds(process.pid)
        for _ in range(TIMES):
            for address in addresses:
                _ask(port, session, address)
        spent = cpu_seconds(process.pid) - began
        return _memory(process.pid, 1000 * spent / TIMES / len(addresses))


@contextlib.contextmanager
def _server(home: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    port = _free_port()
    command = [sys.executable, "-m", "voronka.config.cli", "start", "--port", str(port)]
    process = subprocess.Popen(
        command,
        env=os.environ | {"VORONKA_HOME": str(home), "VORONKA_MODE": "demo"},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield process, port
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise BadAnswerError("the server did not start")


def _ask(port: int, session: str, address: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"}
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise BadAnswerError(f"{address}: {answer.status} from the server")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _memory(pid: int, cpu_ms: float) -> Memory:
    lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    known = dict(line.split(":", 1) for line in lines)

    def megabytes(name: str) -> float:
        return int(known[name].split()[0]) / 1024

    return Memory(
        megabytes("VmRSS"),
        megabytes("VmHWM"),
        megabytes("RssAnon"),
        megabytes("RssFile"),
        cpu_ms,
    )


def cpu_seconds(pid: int) -> float:
    """Give how much CPU a process has used so far."""
    # After the name in brackets, utime and stime are the 12th and the 13th.
    fields = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
