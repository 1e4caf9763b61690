"""Files encrypted with the installation's own key, readable from any place on.

Each piece of 64 KiB is sealed apart (AES-256-GCM). Its number and the whole file's length are
sealed with it: a piece that was swapped, repeated or cut off does not open.
"""

import hashlib
import os
import struct
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from voronka.foundation import files
from voronka.foundation.sealing import LostKeyError

MARK, SALT, PIECE, TAG = b"VSF1", 16, 64 * 1024, 16
HEAD = len(MARK) + SALT + 8


def sealed(content: bytes) -> bytes:
    """Encrypt a file's bytes; the same twice gives two different ones."""
    head = MARK + os.urandom(SALT) + struct.pack(">Q", len(content))
    lock = _lock(settings.SECRET_KEY, head)
    pieces = (content[n : n + PIECE] for n in range(0, len(content), PIECE))
    closed = (lock.encrypt(_number(n), piece, head) for n, piece in enumerate(pieces))
    return head + b"".join(closed)


ReadPart = Callable[[str, int, int], bytes]


def read_sealed(
    name: str, begin: int, length: int, *, read_part: ReadPart = files.read_part
) -> bytes:
    """Give plain bytes of a sealed file from a place on; only the pieces asked for are read.

    `read_part`: gives bytes of the sealed file from wherever it lies.

    Raises: FileNotFoundError, LostKeyError when it was sealed with another key or changed.
    """
    head = read_part(name, 0, HEAD)
    if len(head) < HEAD or not head.startswith(MARK):
        raise LostKeyError
    whole: int = struct.unpack(">Q", head[-8:])[0]
    end = min(begin + length, whole)
    if begin >= end:
        return b""
    first, last = begin // PIECE, (end - 1) // PIECE
    lock = _lock(settings.SECRET_KEY, head)
    pieces = []
    step = PIECE + TAG
    closed_all = read_part(name, HEAD + first * step, (last - first + 1) * step)
    for n in range(first, last + 1):
        closed = closed_all[(n - first) * step : (n - first + 1) * step]
        try:
            pieces.append(lock.decrypt(_number(n), closed, head))
        except InvalidTag as error:
            raise LostKeyError from error
    return b"".join(pieces)[begin - first * PIECE : end - first * PIECE]


def _number(n: int) -> bytes:
    """A nonce: unique, as each file has a key of its own."""
    return n.to_bytes(12, "big")


@lru_cache(maxsize=16)
def _lock(key: str, head: bytes) -> AESGCM:
    salt = hashlib.sha256(head).digest()
    made = HKDF(hashes.SHA256(), 32, salt=salt, info=b"voronka sealed files 1")
    return AESGCM(made.derive(key.encode("utf-8")))
