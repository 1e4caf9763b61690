"""What administrators are told of an exchange, once."""

from datetime import datetime
from typing import Any

from voronka.calls.exchange_models import Exchange
from voronka.people.models import Person
from voronka.people.notices import tell


def tell_administrators(
    kind: str, exchange: Exchange, about: dict[str, Any], *, at: datetime
) -> None:
    """Tell every administrator who is with the firm; heard after the transaction commits."""
    said = about | {"exchange_id": exchange.pk}
    rows = Person.objects.filter(role="administrator", is_active=True)
    for person_id in rows.values_list("pk", flat=True):
        tell(person_id=person_id, kind=kind, about=said, at=at)
