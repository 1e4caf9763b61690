"""A real IMAP server on a loopback port, without rights, gone with the tests."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

USERS = ("sales", "info", "big", "kill", "anew", "gap", "site")
PASSWORD = "пароль с пробелом"
_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
protocols = imap
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
default_vsz_limit = 1G
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Отправленные {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Заявки {{
    auto = create
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """The server, and what a mail program of its users does."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    @contextmanager
    def entered(self, user: str) -> Iterator[imaplib.IMAP4]:
        line = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            line.authenticate("PLAIN", lambda _asked: f"\0{user}\0{PASSWORD}".encode())
            yield line
        finally:
            line.logout()

    def put(self, user: str, *letters: bytes, folder: str = "INBOX", at: datetime) -> None:
        with self.entered(user) as line:
            for one in letters:
                when = imaplib.Time2Internaldate(at)
                assert line.append(folder, "", when, one)[0] == "OK"

    def number_anew(self, user: str) -> None:
        """Forget the numbers of all letters, as a server moved to another disk does."""
        place = self.folder / "mail" / user
        for file in place.glob("dovecot.index*"):
            file.unlink()
        first = (place / "dovecot-uidlist").read_text().split("\n")[0].split()
        anew = [first[0], f"V{int(first[1][1:]) + 7}", "N1", *first[3:]]
        (place / "dovecot-uidlist").write_text(" ".join(anew) + "\n")

    def empty(self, user: str) -> None:
        """Delete all letters of a user."""
        with self.entered(user) as line:
            names = [found.split(b' "." ')[1].decode() for found in line.list()[1]]  # type: ignore[union-attr]
            for name in names:
                if line.select(name)[1] != [b"0"]:
                    line.store("1:*", "+FLAGS", r"(\Deleted)")
                    line.expunge()


@contextmanager
def running() -> Iterator[Dovecot]:
    """Start Dovecot; skip, saying how to get it, where there is none."""
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("no IMAP server here: apt-get install dovecot-imapd")
    with tempfile.TemporaryDirectory(prefix="voronka-imap-") as name:
        folder, port = Path(name), _free_port()
        config, rights = _configured(folder, port)
        server = subprocess.Popen([program, "-F", "-c", config], **rights)
        try:
            _wait_for(port, folder / "log", server)
            yield Dovecot(folder, port)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _configured(folder: Path, port: int) -> tuple[Path, dict[str, Any]]:
    """Write all it needs; give the configuration and as whom to run it."""
    is_root = os.geteuid() == 0
    who = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
    for below in ("run", "state", "mail", "home"):
        (folder / below).mkdir()
    words = {"user": who.pw_name, "group": grp.getgrgid(who.pw_gid).gr_name, "port": port}
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(folder=folder, uid=who.pw_uid, gid=who.pw_gid, **words), encoding="utf-8"
    )
    lines = (f"{one}@firm.example:{{PLAIN}}{PASSWORD}\n" for one in USERS)
    (folder / "passwords").write_text("".join(lines), encoding="utf-8")
    if not is_root:
        return config, {}
    for one in (folder, *folder.rglob("*")):
        os.chown(one, who.pw_uid, who.pw_gid)
    return config, {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def _wait_for(port: int, log: Path, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)
    raise RuntimeError(log.read_text() if log.exists() else "Dovecot did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
