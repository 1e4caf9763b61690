"""Kinds of exchanges that can be joined, one folder each beside the Asterisk.

`READY`: tried against a real exchange. `DOCUMENTED`: written by what is published, not yet
tried on a live account; the settings page says so.
"""

from dataclasses import dataclass

READY, DOCUMENTED = "ready", "documented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind. `name`: what its maker calls it, or ours in English (the page has the words);
    `needs`: fields of the settings form, of them `secret` is sealed.
    """

    kind: str
    name: str
    status: str
    needs: tuple[str, ...]


KINDS = [
    Kind(
        kind="asterisk",
        name="Asterisk, FreePBX, MikoPBX",
        status=READY,
        needs=("host", "port", "login", "secret", "record", "recordings", "zone"),
    ),
    Kind(kind="generic", name="Generic protocol", status=DOCUMENTED, needs=("secret", "zone")),
    Kind(
        kind="external_call",
        name="telephony.externalCall",
        status=DOCUMENTED,
        needs=("secret", "zone"),
    ),
    Kind(kind="sipuni", name="Sipuni", status=DOCUMENTED, needs=("secret", "zone")),
    Kind(kind="onlinepbx", name="OnlinePBX", status=DOCUMENTED, needs=("secret", "zone")),
    Kind(kind="telphin", name="Telphin", status=DOCUMENTED, needs=("secret", "zone")),
    Kind(
        kind="mts",
        name="MTS Autosecretary",
        status=DOCUMENTED,
        needs=("login", "secret", "numbers", "zone"),
    ),
    Kind(
        kind="beeline",
        name="Beeline Cloud PBX",
        status=DOCUMENTED,
        needs=("secret", "subscriptions", "zone"),
    ),
    Kind(
        kind="mango",
        name="Mango Office",
        status=DOCUMENTED,
        needs=("login", "secret", "zone"),
    ),
    Kind(
        kind="zadarma",
        name="Zadarma, Novofon",
        status=DOCUMENTED,
        needs=("login", "secret", "zone"),
    ),
    Kind(
        kind="uis",
        name="UIS, CoMagic, CallGear",
        status=DOCUMENTED,
        needs=("secret", "zone"),
    ),
    Kind(
        kind="megafon",
        name="MegaFon",
        status=DOCUMENTED,
        needs=("host", "secret", "zone"),
    ),
    Kind(
        kind="twilio",
        name="Twilio",
        status=DOCUMENTED,
        needs=("login", "secret", "zone"),
    ),
]
