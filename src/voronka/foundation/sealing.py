"""Secrets kept in the database, readable only with the installation's own key."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class LostKeyError(Exception):
    """It was sealed with another key: the secret has to be given anew."""


def seal(secret: str) -> str:
    """Encrypt a secret; twice the same gives two different texts."""
    return _lock(settings.SECRET_KEY).encrypt(secret.encode("utf-8")).decode("ascii")


def unseal(sealed: str) -> str:
    """Give a sealed secret. Raises: LostKeyError."""
    try:
        return _lock(settings.SECRET_KEY).decrypt(sealed.encode("ascii")).decode("utf-8")
    except (InvalidToken, UnicodeError) as error:
        raise LostKeyError from error


@lru_cache(maxsize=4)
def _lock(key: str) -> Fernet:
    # A key of its own, so that what signs sessions never opens secrets.
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"voronka sealed secrets 1")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode("utf-8"))))
