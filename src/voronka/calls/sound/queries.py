"""How many recordings there are."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from voronka.calls.models import Recording


@dataclass(frozen=True, slots=True)
class Sums:
    """Recordings kept, their bytes and seconds; how many are awaited or could not be had."""

    stored: int
    size: int
    seconds: int
    awaited: int
    failed: int


def stored_sums() -> Sums:
    """Sum up the recordings that are kept; one query."""
    kept = Q(state="stored")
    said = Recording.objects.aggregate(
        stored=Count("pk", filter=kept),
        size=Sum("size", filter=kept),
        seconds=Sum("seconds", filter=kept),
        awaited=Count("pk", filter=Q(state="awaited")),
        failed=Count("pk", filter=Q(state__in=("failed", "absent"))),
    )
    return Sums(
        said["stored"],
        int(said["size"] or 0),
        round(said["seconds"] or 0),
        said["awaited"],
        said["failed"],
    )
