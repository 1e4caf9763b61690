"""What came in, as text."""


def decoded(body: bytes, charset: str = "") -> str:
    """Read bytes as text: by the charset named, else UTF-8, else Windows-1251; never fails."""
    for name in (charset, "utf-8-sig", "cp1251"):
        try:
            return body.decode(name) if name else body.decode("utf-8-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")
