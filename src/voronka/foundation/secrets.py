"""Passwords and tokens of other services, sealed with the installation's own secret.

A copy of the database alone opens nothing: the key is made of `secret.key` in the data folder.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBrokenError(Exception):
    """What was sealed cannot be opened: it is damaged, or `secret.key` is another one."""


def seal(text: str) -> str:
    """Seal a text; the same text gives another seal each time. ASCII."""
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode("ascii")


def open_sealed(text: str) -> str:
    """Give the text that was sealed. Raises: SealBrokenError."""
    try:
        return _box(settings.SECRET_KEY).decrypt(text.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise SealBrokenError from error


@lru_cache(maxsize=2)
def _box(secret: str) -> Fernet:
    made = HKDF(SHA256(), 32, salt=None, info=b"voronka sealed texts")
    return Fernet(base64.urlsafe_b64encode(made.derive(secret.encode())))
