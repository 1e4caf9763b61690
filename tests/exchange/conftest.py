"""A real exchange with real telephones, and our own line to it as a process that can be killed.

The commands use SQLite whatever the other tests run on, so they run in that pass only.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import SHARED

PBX = SHARED / "telephony" / "pbx"
NO_REGISTRY = 75
# On a busy disk the exchange itself loses rows of its record: it waits a millisecond for them.
MEMORY = Path("/dev/shm")
DEFAULT = Path(tempfile.gettempdir()) / "voronka-pbx"
ROOT = Path(__file__).resolve().parents[2]

if os.environ.get("VORONKA_DATABASE_URL"):
    collect_ignore_glob = ["test_*.py"]


def run_folder() -> Path:
    """Where the exchange keeps its records: in memory where that can be had."""
    if said := os.environ.get("PBX_RUN"):
        return Path(said)
    return MEMORY / "voronka-pbx" if MEMORY.is_dir() else DEFAULT


def pbx(*arguments: str, seconds: int = 420) -> subprocess.CompletedProcess[str]:
    """Have the exchange do something, and give what it said."""
    return subprocess.run(
        [sys.executable, str(PBX), *arguments],
        env=os.environ | {"PBX_RUN": str(run_folder())}, capture_output=True, text=True,
        timeout=seconds, check=False,
    )  # fmt: skip


@pytest.fixture
def exchange() -> Iterator[None]:
    """The exchange is up, and nobody else's; its ports are the same on every machine."""
    if not PBX.is_file():
        pytest.skip("TELEPHONY NOT TESTED: the folder ../shared/telephony is not there")
    # Asked for by each test anew: a lock held longer would stop a worker beside this one.
    with (Path(tempfile.gettempdir()) / "pbx.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code = pbx("install").returncode
        if code == NO_REGISTRY:
            pytest.skip("TELEPHONY NOT TESTED: the packages of the exchange can't be had")
        assert code == 0
        was_up = pbx("status").returncode == 0
        if not was_up:
            started = pbx("start")
            assert started.returncode == 0, started.stdout + started.stderr
            for _ in range(40):
                if pbx("status").returncode == 0:
                    break
                time.sleep(0.5)
        yield
        if not was_up:
            pbx("stop")


class Office:
    """An installation of its own, joined to the exchange."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.line: subprocess.Popen[bytes] | None = None
        folder = run_folder()
        record, sounds = folder / "log" / "master.db", folder / "spool" / "monitor"
        self.said(
            "telephony", "add", "--name", "Office", "--host", "127.0.0.1", "--port", "15038",
            "--login", "crm", "--password-from", "AMI_TEST_PASSWORD",
            "--record", f"sqlite://{record}", "--recordings", str(sounds),
        )  # fmt: skip

    def said(self, *arguments: str) -> str:
        """Run a command of the product and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "voronka.config.cli", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        own = {"VORONKA_HOME": str(self.home), "AMI_TEST_PASSWORD": "ami-test-secret"}
        return {k: v for k, v in os.environ.items() if k != "VORONKA_DATABASE_URL"} | own

    def listen(self) -> None:
        """Begin to listen, in a process of its own."""
        self.line = subprocess.Popen(
            [sys.executable, "-m", "voronka.config.cli", "telephony", "asterisk"],
            cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        """End the listener at once, as a power cut would."""
        if self.line is not None:
            self.line.send_signal(signal.SIGKILL)
            self.line.wait()
            self.line = None

    def calls(self, *, since: float = 0.0, n: int | None = None) -> list[dict[str, Any]]:
        """Give the calls that began since a moment, once all are over and `n` are there."""
        until = time.monotonic() + 45
        while True:
            rows = [json.loads(line) for line in self.said("calls", "export").splitlines()]
            rows = [row for row in rows if _began(row) >= since]
            whole = all(row["is_final"] for row in rows) and n in (None, len(rows))
            if (whole and rows) or time.monotonic() > until:
                return rows
            time.sleep(1)


def _began(row: dict[str, Any]) -> float:
    from datetime import datetime  # noqa: PLC0415

    return datetime.fromisoformat(row["started_at"]).timestamp()


@pytest.fixture
def office(exchange: None, tmp_path: Path) -> Iterator[Office]:
    """An installation that listens to the exchange."""
    made = Office(tmp_path / "office")
    made.listen()
    try:
        yield made
    finally:
        made.kill()
