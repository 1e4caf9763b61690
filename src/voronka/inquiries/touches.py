"""Where people come from: the marks of an inquiry, the first and the last touch of a deal.

A touch is an inquiry. A client's first touch is the earliest one, also after a merge; a
deal's last touch is the latest one before the deal was opened. Nothing is copied: both are
read from the inquiries, so they are right whatever is merged, loaded or taken back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q

from voronka.deals.models import Deal
from voronka.inquiries.models import Inquiry

CHUNK = 20_000
_BY_CLICK = {"yclid": "yandex", "gclid": "google"}
_COLUMNS = (
    "pk", "number", "arrived_at", "client_id", "deal_id", "channel", "source__name", "marks",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where somebody came from. `source` "" when nothing tells; `campaign` "" for none."""

    source: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Touch:
    """One turning to us, as far as money is led back to it. `came_first`: where the visitor
    came from when first seen on the site, where the form remembered it.
    """

    inquiry_id: int
    number: int
    at: datetime
    client_id: int | None
    deal_id: int | None
    channel: str
    origin: Origin
    page: str
    referrer: str
    came_first: Origin | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """A deal with both touches. Without an inquiry before it, its own source is both."""

    deal_id: int
    client_id: int
    opened_at: datetime
    first: Origin
    last: Origin
    first_touch: Touch | None = None
    last_touch: Touch | None = None


def origin_of(source: str, marks: Mapping[str, Any]) -> Origin:
    """Tell where an inquiry came from: its source, else utm, a click's mark, the referrer."""
    campaign = str(marks.get("utm_campaign", "")).strip()
    named = source.strip() or str(marks.get("utm_source", "")).strip()
    if not named:
        named = next((who for mark, who in _BY_CLICK.items() if marks.get(mark)), "")
    return Origin(named or _host(str(marks.get("referrer", ""))), campaign)


def _came_first(marks: Mapping[str, Any]) -> Origin | None:
    first = {
        name.removeprefix("first_"): said
        for name, said in marks.items()
        if name.startswith("first_")
    }
    found = origin_of("", first)
    return found if found.source else None


def _host(referrer: str) -> str:
    try:
        host = urlsplit(referrer if "//" in referrer else f"//{referrer}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if "." in host else ""


def touches(which: Q) -> list[Touch]:
    """List inquiries that stand, the earliest first; one query."""
    rows = Inquiry.objects.live().filter(which).order_by("arrived_at", "pk")
    return [
        Touch(
            pk, number, at, client_id, deal_id, channel, origin_of(source or "", marks),
            str(marks.get("page", "")), str(marks.get("referrer", "")), _came_first(marks),
        )
        for pk, number, at, client_id, deal_id, channel, source, marks
        in rows.values_list(*_COLUMNS)
    ]  # fmt: skip


def touches_by_id(ids: Iterable[int]) -> dict[int, Touch]:
    """Give inquiries by their ids; one query for each 20,000."""
    return {
        one.inquiry_id: one for some in _chunks(sorted(ids)) for one in touches(Q(pk__in=some))
    }


def client_touches(client_ids: Sequence[int]) -> list[Touch]:
    """List the touches of a client's cards, the first one first; one query."""
    return touches(Q(client_id__in=client_ids))


def touched_deals(deal_ids: Iterable[int]) -> dict[int, Touched]:
    """Give deals with their first and last touch; two queries for each 20,000 deals."""
    found: dict[int, Touched] = {}
    for some in _chunks(sorted(deal_ids)):
        deals = list(
            Deal.objects.filter(pk__in=some).values_list(
                "pk", "client_id", "created_at", "source__name"
            )
        )
        by_client: dict[int, list[Touch]] = {}
        clients = {client_id for _, client_id, *_ in deals}
        for touch in touches(Q(client_id__in=clients)):
            by_client.setdefault(touch.client_id or 0, []).append(touch)
        for pk, client_id, opened, source in deals:
            own = Origin(source or "")
            found[pk] = _touched(pk, client_id, opened, own, by_client.get(client_id, []))
    return found


def _touched(
    deal_id: int, client_id: int, opened: datetime, own: Origin, there: list[Touch]
) -> Touched:
    """The inquiry a deal was made from is a touch even when files date it after the deal."""
    before = [one for one in there if one.at <= opened or one.deal_id == deal_id]
    if not before:
        return Touched(deal_id, client_id, opened, own, own)
    first, last = before[0], before[-1]
    came_first = first.came_first or first.origin
    return Touched(deal_id, client_id, opened, came_first, last.origin, first, last)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for n in range(0, len(ids), CHUNK):
        yield ids[n : n + CHUNK]
