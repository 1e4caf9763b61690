"""Signing in and out, the first run, invitations, one's own account."""

from typing import Any

from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as SecondFactorAgain
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from voronka.people import accounts, invitations
from voronka.people.queries import demo_people
from voronka.web import formats
from voronka.web.pages import ANONYMOUS, EVERYBODY, open_to, settings_of, viewer
from voronka.web.shell import now
from voronka.web.shell import render as draw

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


class SignIn(LoginView):  # type: ignore[misc]
    """The sign-in page; in the demonstration also one press per role."""

    template_name = "signin/signin.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page shows beside the form."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        known = settings_of(self.request)
        context |= {"LANG": formats.language(), "company": known["company_name"]}
        if settings.IS_DEMO:
            context["roles"] = demo_people()
        return context


signin = open_to(ANONYMOUS)(SignIn.as_view())
second_factor = open_to(ANONYMOUS)(
    AuthenticateView.as_view(template_name="signin/second_factor.html")
)


def _for_everybody(view: Any) -> Any:
    view.before_second_factor = True
    return open_to(EVERYBODY)(view)


activate = _for_everybody(ActivateTOTPView.as_view(template_name="signin/activate.html"))
recovery = _for_everybody(ViewRecoveryCodesView.as_view(template_name="signin/recovery.html"))
new_recovery = _for_everybody(
    GenerateRecoveryCodesView.as_view(template_name="signin/new_recovery.html")
)
again = _for_everybody(ReauthenticateView.as_view(template_name="signin/again.html"))
again_by_code = _for_everybody(SecondFactorAgain.as_view(template_name="signin/again.html"))


@require_POST
@open_to(ANONYMOUS)
def demo_signin(request: HttpRequest, person_id: int) -> HttpResponse:
    """Enter as a person of the demonstration; elsewhere there is no such page."""
    if not settings.IS_DEMO:
        raise Http404
    person = next((one for one in demo_people() if one.pk == person_id), None)
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    return HttpResponseRedirect("/")


@require_POST
@_for_everybody
def signout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


@open_to(ANONYMOUS)
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """Make the administrator of an empty installation; the link works once."""
    if not invitations.is_first_run(token):
        raise Http404
    if request.method == "POST":
        person = invitations.make_first_administrator(
            token=token,
            name=request.POST.get("name", ""),
            email=request.POST.get("email", ""),
            password=request.POST.get("password", ""),
            at=now(),
        )
        login(request, person, backend=BACKEND)
        return HttpResponseRedirect("/setup/")
    return render(request, "signin/first_run.html", {"LANG": formats.language()})


@open_to(ANONYMOUS)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by a single-use link."""
    if request.method == "POST":
        person = invitations.accept_invitation(
            token=token, password=request.POST.get("password", ""), at=now()
        )
        login(request, person, backend=BACKEND)
        return HttpResponseRedirect("/")
    return render(request, "signin/invitation.html", {"LANG": formats.language()})


@_for_everybody
def account(request: HttpRequest) -> HttpResponse:
    """Show and change one's own language; the way to the second factor and out."""
    if request.method == "POST":
        language = request.POST.get("language", "")
        accounts.change_own(person_id=viewer(request).person_id, language=language)
        response: HttpResponse = HttpResponseRedirect("/account/")
        response.set_cookie("language", language, max_age=31536000, samesite="Lax")
        return response
    has_totp = Authenticator.objects.filter(user=request.user, type="totp").exists()
    return draw(request, "signin/account.html", {"has_totp": has_totp}, here="account")
