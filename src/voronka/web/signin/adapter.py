"""How allauth is bent to a closed installation: accounts are made by invitation only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; dismissed people are told the same as strangers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: the administrator invites."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Give the person behind the credentials; None for strangers and dismissed ones."""
        person = super().authenticate(request, **credentials)
        return person if person and person.is_active else None

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Send whoever was dismissed in the middle of signing in back to its start."""
        return HttpResponseRedirect(reverse("account_login"))
