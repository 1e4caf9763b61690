"""Kinds of exchanges that can be joined, one folder each beside the Asterisk.

`READY`: tried against a real exchange. `DOCUMENTED`: written by what is published, not yet
tried on a live account; the settings page says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

READY, DOCUMENTED = "ready", "documented"
API_SECRET = "api_secret"
"""The option that has what proves us to a provider, where it is not the secret at our door."""
SEALED = ("secret", API_SECRET)
TABLES = ("numbers", "subscriptions", "people")
"""Options that tell whose something is: a mapping of theirs to the extensions here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind. `name`: what its maker calls it, or ours in English (the page has the words);
    `needs`: fields of the settings form, those of SEALED are kept sealed; `asked_with`: which
    of them it takes to ask for calls of days gone by, () where it cannot be asked.
    """

    kind: str
    name: str
    status: str
    needs: tuple[str, ...]
    asked_with: tuple[str, ...] = ()


KINDS = [
    Kind(
        kind="asterisk",
        name="Asterisk, FreePBX, MikoPBX",
        status=READY,
        needs=("host", "port", "login", "secret", "record", "recordings", "zone"),
        asked_with=("record",),
    ),
    Kind(kind="generic", name="Generic protocol", status=DOCUMENTED, needs=("secret", "zone")),
    Kind(
        kind="external_call",
        name="telephony.externalCall",
        status=DOCUMENTED,
        needs=("secret", "zone"),
    ),
    Kind(
        kind="sipuni",
        name="Sipuni",
        status=DOCUMENTED,
        needs=("secret", "login", API_SECRET, "zone"),
        asked_with=("login", API_SECRET),
    ),
    Kind(
        kind="onlinepbx",
        name="OnlinePBX",
        status=DOCUMENTED,
        needs=("secret", "domain", API_SECRET, "zone"),
        asked_with=("domain", API_SECRET),
    ),
    Kind(
        kind="telphin",
        name="Telphin",
        status=DOCUMENTED,
        needs=("secret", "login", API_SECRET, "host", "zone"),
        asked_with=("login", API_SECRET),
    ),
    Kind(
        kind="mts",
        name="MTS Autosecretary",
        status=DOCUMENTED,
        needs=("login", "secret", "numbers", "domain", API_SECRET, "zone"),
        asked_with=("domain", API_SECRET),
    ),
    Kind(
        kind="beeline",
        name="Beeline Cloud PBX",
        status=DOCUMENTED,
        needs=("secret", "subscriptions", API_SECRET, "zone"),
        asked_with=(API_SECRET,),
    ),
    Kind(
        kind="mango",
        name="Mango Office",
        status=DOCUMENTED,
        needs=("login", "secret", "zone"),
        asked_with=("login", "secret"),
    ),
    Kind(
        kind="zadarma",
        name="Zadarma, Novofon",
        status=DOCUMENTED,
        needs=("login", "secret", "host", "zone"),
        asked_with=("login", "secret"),
    ),
    Kind(
        kind="uis",
        name="UIS, CoMagic, CallGear",
        status=DOCUMENTED,
        needs=("secret", "people", API_SECRET, "host", "zone"),
        asked_with=(API_SECRET,),
    ),
    Kind(
        kind="megafon",
        name="MegaFon",
        status=DOCUMENTED,
        needs=("host", "secret", API_SECRET, "zone"),
        asked_with=("host", "secret"),
    ),
    Kind(
        kind="twilio",
        name="Twilio",
        status=DOCUMENTED,
        needs=("login", "secret", "people", "zone"),
        asked_with=("login", "secret"),
    ),
]


def can_be_asked(kind: str, options: Mapping[str, Any], *, has_secret: bool) -> bool:
    """Say whether all is filled in that it takes to ask an exchange for its calls."""
    names = next((one.asked_with for one in KINDS if one.kind == kind), ())
    return bool(names) and all(
        has_secret if name == "secret" else bool(options.get(name)) for name in names
    )
