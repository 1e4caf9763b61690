"""What a machine takes for spam: told by how the form was filled, and by the sender's past."""

import re
from collections.abc import Mapping

from voronka.inquiries.models import Inquiry

LEAST_SECONDS = 2
TOP_LINKS = 3
MARKED = 2
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


def filled_by_machine(fields: Mapping[str, str]) -> str:
    """Say what gives a robot away: trap (it filled the field that people do not see), too_fast,
    links; "" when nothing does.
    """
    if fields.get("website2", "").strip():
        return "trap"
    seconds = fields.get("seconds", "")
    if seconds.isdecimal() and int(seconds) < LEAST_SECONDS:
        return "too_fast"
    said = " ".join(value for name, value in fields.items() if name != "page")
    return "links" if len(_LINK.findall(said)) >= TOP_LINKS else ""


def marked_before(phone: str, mail: str) -> int:
    """Give how often people marked this sender as spam; 0 when it was ever targeted, or below
    the two times from which it counts.
    """
    if not phone.startswith("+") and "@" not in mail:
        return 0
    rows = Inquiry.objects.live()
    rows = rows.filter(phone=phone) if phone.startswith("+") else rows.filter(mail=mail)
    states = list(rows.exclude(state="new").values_list("state", flat=True)[:50])
    n = states.count("spam")
    return n if n >= MARKED and "targeted" not in states else 0
