"""A real MariaDB beside a test, on a port of loopback, with nothing in it."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymysql
import pytest

SECONDS = 60


@contextmanager
def mariadb(folder: Path) -> Iterator[tuple[int, Any]]:
    """Run a server in a folder; give its port, and a connection that may do all."""
    make, run = shutil.which("mariadb-install-db"), _server()
    if not make or not run or not shutil.which("my_print_defaults"):
        pytest.skip("NO MARIADB: apt-get install mariadb-server-core mariadb-client-core")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    whose = getpass.getuser()
    common = ["--no-defaults", f"--datadir={folder}", f"--user={whose}"]
    subprocess.run(
        [make, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True, capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    server = subprocess.Popen(
        [
            run, *common, "--bind-address=127.0.0.1", f"--port={port}",
            f"--socket={folder}/sock", f"--pid-file={folder}/pid",
            "--innodb-buffer-pool-size=8M", "--default-time-zone=+03:00",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with _connected(port, server) as opened:
            yield port, opened
    finally:
        server.terminate()
        server.wait(timeout=SECONDS)


def _server() -> str | None:
    return shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _connected(port: int, server: subprocess.Popen[bytes]) -> Any:
    until = time.monotonic() + SECONDS
    while True:
        try:
            return pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True)
        except pymysql.Error:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)
