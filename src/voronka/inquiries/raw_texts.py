"""What came in as text, and the ways in which it cannot be read."""


class UnreadError(Exception):
    """Nobody but a person can make sense of it; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IgnoredError(UnreadError):
    """It is no inquiry, and nobody has to look at it; `code` says why. It is kept."""


def decoded(body: bytes, charset: str = "") -> str:
    """Read bytes as text: by the charset named, else UTF-8, else Windows-1251; never fails."""
    for name in (charset, "utf-8-sig", "cp1251"):
        try:
            return body.decode(name) if name else body.decode("utf-8-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")
