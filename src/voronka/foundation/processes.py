"""Who holds a lease: host, process and thread; and whether that process still lives."""

import os
import socket
import threading

HOST = socket.gethostname()[:60]


def me() -> str:
    """Name this thread among all threads of all processes: "host:process:thread"."""
    return f"{HOST}:{os.getpid()}:{threading.get_ident()}"


def is_gone(holder: str) -> bool:
    """Say whether a holder's process has ended; of other machines nobody knows."""
    parts = holder.rsplit(":", 2)
    if len(parts) < 3 or parts[0] != HOST or not parts[1].isdecimal():
        return False
    return not _is_alive(int(parts[1]))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
