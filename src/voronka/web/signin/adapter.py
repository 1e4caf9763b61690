"""How allauth is bent to a closed installation: accounts are made by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; dismissed people are told the same as strangers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: the administrator invites."""
        return False
