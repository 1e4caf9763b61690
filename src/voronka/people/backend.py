"""Who asks: the account behind a session, and in the same read whether anything changed."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Subquery

from voronka.foundation import recent
from voronka.foundation.models import Stamp
from voronka.people.models import Person

# Put together once: every request asks it.
_PEOPLE = Person.objects.filter(is_active=True).annotate(
    stamp=Subquery(Stamp.objects.values("n")[:1])
)


class StampedBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs people in by mail and password; blocked accounts are nobody."""

    def get_user(self, user_id: Any) -> Person | None:
        """Give the active person of a session, one query; None for anybody else."""
        found = next(iter(_PEOPLE.filter(pk=user_id)), None)
        if found is not None:
            recent.seen(found.stamp or 0)
        return found
