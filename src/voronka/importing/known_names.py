"""What a name of a file may stand for."""

from voronka.clients.models import Source
from voronka.deals.models import Product, Stage
from voronka.people.models import Person


def known_names() -> dict[str, list[str]]:
    """List the names of ours that a name of a file may stand for, by kind; four queries."""
    people = Person.objects.filter(is_active=True).order_by("name")
    stages = Stage.objects.filter(retired_at=None, funnel__draft_of=None).order_by(
        "funnel__place", "place"
    )
    return {
        "people": list(dict.fromkeys(people.values_list("name", flat=True))),
        "products": list(Product.objects.order_by("name").values_list("name", flat=True)[:300]),
        "sources": list(Source.objects.order_by("name").values_list("name", flat=True)[:300]),
        "stages": list(dict.fromkeys(stages.values_list("name", flat=True))),
    }
