"""People of the firm as telephony.externalCall names them: by number or by extension."""

from typing import Any

from voronka.calls.binding import people_by_extension
from voronka.people.queries import names


def users() -> list[dict[str, Any]]:
    """List those who have an extension, as that form gives users. One query."""
    by_id = names()
    return [
        {"ID": str(pk), "ACTIVE": True, "NAME": by_id.get(pk, ""), "UF_PHONE_INNER": extension}
        for extension, pk in people_by_extension().items()
    ]


def extension_of(named: str) -> str:
    """Give the extension of "inner 101" or "user 7"; of a user nobody knows the name itself."""
    how, _, what = named.partition(" ")
    if how == "inner":
        return what
    found = [extension for extension, pk in people_by_extension().items() if str(pk) == what]
    return found[0] if found else named
