"""Whether anything may leave this machine."""

from django.conf import settings

from voronka.foundation.errors import RefusalError
from voronka.people.settings import all_settings


class OutsideClosedError(RefusalError):
    """In the demonstration and in trial mode nothing leaves this machine."""

    code = "outside_closed"


def outside_is_closed() -> bool:
    """Say whether nothing may leave this machine: in the demonstration and in trial mode."""
    return bool(settings.IS_DEMO or all_settings()["trial_mode"])
