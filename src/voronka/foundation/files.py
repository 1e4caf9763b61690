"""Files kept beside the database, named by what they hold: the same bytes are there once."""

import hashlib
import os
from pathlib import Path

from django.conf import settings


def keep(content: bytes) -> str:
    """Write bytes so that a power cut loses nothing acknowledged; give their SHA-256 name."""
    name = hashlib.sha256(content).hexdigest()
    target = _place(name)
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


def read(name: str) -> bytes:
    """Give the bytes kept under a name. Raises: FileNotFoundError."""
    return _place(name).read_bytes()


def read_part(name: str, begin: int, length: int) -> bytes:
    """Give bytes from a place on, fewer where the file ends. Raises: FileNotFoundError."""
    with _place(name).open("rb") as file:
        file.seek(begin)
        return file.read(length)


def drop(name: str) -> None:
    """Forget a file; one that is not there is no error. Only when nothing names it any more."""
    _place(name).unlink(missing_ok=True)


def folder() -> Path:
    """Give where all of them lie."""
    return Path(settings.HOME) / "files"


def _place(name: str) -> Path:
    if len(name) != 64 or not name.isalnum():
        raise FileNotFoundError(name)
    return folder() / name[:2] / name
