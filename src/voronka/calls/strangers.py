"""Talks with numbers that stand nowhere in the base."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Length

from voronka.calls.models import Call
from voronka.inquiries.strangers import COLUMNS, unknown
from voronka.journal.viewer import Viewer
from voronka.people.queries import own_numbers

SHORTEST = 8
"""Signs of a number with its plus: what is shorter is one of the exchange's own."""


def talks(
    *, viewer: Viewer, since: datetime | None, also: Any, settings: dict[str, Any]
) -> "QuerySet[Any, tuple[Any, ...]]":
    """Give the talks of the viewer's people with unknown numbers, as rows of COLUMNS.

    Those that began at `since` or later (None: none of them) and those with the numbers
    `also`; of `unregistered_seconds` or longer. Numbers of our own people are left out.
    """
    wanted = Q(phone__in=also)
    if since is not None:
        wanted |= Q(started_at__gte=since)
    no_card = Q(client=None) | Q(client__removed_at__isnull=False)
    rows = Call.objects.visible_to(viewer).filter(
        wanted, no_card, talk_seconds__gte=settings["unregistered_seconds"]
    )
    rows = rows.alias(signs=Length("phone")).filter(signs__gte=SHORTEST)
    strange: QuerySet[Any] = unknown(rows.exclude(phone__in=own_numbers()), "phone")
    told: QuerySet[Any, tuple[Any, ...]] = strange.annotate(
        channel=Value("call", CharField()),
        address=F("phone"),
        at=F("started_at"),
        row_id=F("pk"),
    ).values_list(*COLUMNS)
    return told
