"""What an inquiry usually brings: the price of one that nobody answers or writes down."""

from django.db.models import Avg, Count, Q

from voronka.deals.models import Deal, Stage
from voronka.foundation.recent import kept_for
from voronka.inquiries.models import Inquiry

ENOUGH = 30
"""So many inquiries of a channel, one of them won, tell what the channel brings."""


@kept_for(600)
def usual_sale() -> tuple[int, int]:
    """Give the mean won sum and the first stage's chance: what an inquiry usually brings."""
    mean = Deal.objects.live().filter(outcome="won").aggregate(x=Avg("amount_kopecks"))["x"]
    first = Stage.objects.filter(retired_at=None, funnel__is_active=True)
    stage = first.order_by("funnel__place", "funnel_id", "place").first()
    return int(mean or 0), stage.win_permille if stage else 0


def usual_sale_of(channel: str) -> tuple[int, int]:
    """Give the mean won sum and the share won of a channel's inquiries, in thousandths.

    Spam and duplicates are left out. Where they are too few: what any inquiry brings.
    """
    return _by_channel().get(channel) or usual_sale()


@kept_for(600)
def _by_channel() -> dict[str, tuple[int, int]]:
    is_won = Q(deal__outcome="won", deal__removed_at=None)
    rows = Inquiry.objects.live().exclude(state__in=("spam", "duplicate"))
    found = rows.values_list("channel").annotate(
        n=Count("pk"),
        won=Count("pk", filter=is_won),
        mean=Avg("deal__amount_kopecks", filter=is_won),
    )
    return {
        channel: (int(mean or 0), 1000 * won // n)
        for channel, n, won, mean in found
        if n >= ENOUGH and won
    }
