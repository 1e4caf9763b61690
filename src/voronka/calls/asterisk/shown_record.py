"""The address of a record as it may be shown: a database's password stays inside."""

from urllib.parse import urlsplit, urlunsplit

HIDDEN = "***"


def shown(address: str) -> str:
    """Give an address with its password blotted out; one without is given as it is."""
    try:
        parts = urlsplit(address)
        if "@" in f"{parts.path}{parts.query}{parts.fragment}":
            # A sign in the password that should have been written as %2F cut it in two.
            return f"{parts.scheme}://{HIDDEN}"
        if parts.password is None:
            return address
    except ValueError:
        return ""
    before, _, host = parts.netloc.rpartition("@")
    login = before.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{login}:{HIDDEN}@{host}"))


def typed_over(typed: str, known: str) -> str:
    """Give the address that is meant: what was shown and left as it was is the known one."""
    return known if known and typed == shown(known) else typed


def has_hidden(address: str) -> bool:
    """Say whether a blotted password stands where a real one is wanted."""
    return f":{HIDDEN}@" in address or address.endswith(f"://{HIDDEN}")
