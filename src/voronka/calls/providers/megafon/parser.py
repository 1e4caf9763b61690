"""MegaFon and exchanges of the same make: events as in the generic protocol."""

from voronka.calls.providers.generic.parser import ref_of, signals_of, straightened

__all__ = ["keys_of", "ref_of", "signals_of", "straightened"]


def keys_of(secret: str) -> tuple[str, str]:
    """Give the token by which it proves itself to us, and the key by which we do to it.

    Both stand in one secret, a space between them; the second may be left out: "".
    """
    token, _, key = secret.strip().partition(" ")
    return token, key.strip()
