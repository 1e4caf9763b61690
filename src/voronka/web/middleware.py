"""What every request passes: headers, language, the gate, and refusals turned into words."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from voronka.control.watch import catch_up
from voronka.foundation.errors import RefusalError
from voronka.people.rights import NEEDS_SECOND_FACTOR
from voronka.people.settings import all_settings
from voronka.people.viewers import viewer_of
from voronka.web import errors, formats
from voronka.web.refusals import sentence

Next = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


def security_headers(following: Next) -> Next:
    """Close the browser's doors: own scripts and styles only, no frames, no referrer."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = following(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response

    return answer


def personal_language(following: Next) -> Next:
    """Speak the person's language; before sign-in the cookie's, else Russian."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get("language", "ru")
        if request.user.is_authenticated:
            chosen = request.user.language
        chosen = chosen if chosen in dict(settings.LANGUAGES) else "ru"
        with translation.override(chosen):
            response = following(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        response.headers["Content-Language"] = chosen
        return response

    return answer


class gate:
    """Let through only what the page declares; everything else is "not found"."""

    def __init__(self, following: Next) -> None:
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the decision falls in process_view, when the page is known."""
        return self.following(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse, ask to sign in, ask for the second factor, or hand over the viewer."""
        roles: frozenset[str] = getattr(view, "open_to", frozenset())
        if not getattr(view, "reads_raw", False):
            _without_nul(request)
        request.settings = all_settings()  # type: ignore[attr-defined]
        formats.use_zone(request.settings["zone"])  # type: ignore[attr-defined]
        if "anonymous" in roles:
            return None
        person = request.user
        if not person.is_authenticated:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={request.get_full_path()}")
        if person.role not in roles:
            raise Http404
        if _lacks_second_factor(request) and not getattr(view, "before_second_factor", False):
            return HttpResponseRedirect("/account/second-factor/")
        request.viewer = viewer_of(person)  # type: ignore[attr-defined]
        return None


def _without_nul(request: HttpRequest) -> None:
    """Take signs out that no person types and PostgreSQL does not store."""
    if any("\x00" in value for _name, values in request.GET.lists() for value in values):
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
    if request.method == "POST" and any(
        "\x00" in value for _name, values in request.POST.lists() for value in values
    ):
        request.POST = _cleaned(request.POST)  # type: ignore[assignment]


def _cleaned(given: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        kept.setlist(name, [value.replace("\x00", "") for value in values])
    return kept


def _lacks_second_factor(request: HttpRequest) -> bool:
    role = getattr(request.user, "role", "")
    if settings.IS_DEMO or role not in {needed.value for needed in NEEDS_SECOND_FACTOR}:
        return False
    if request.session.get("second_factor"):
        return False
    has_one: bool = Authenticator.objects.filter(user=request.user, type="totp").exists()
    if has_one:
        request.session["second_factor"] = True
    return not has_one


def slips_follow(following: Next) -> Next:
    """After whatever was written, look at the slips: one is gone, or there, at once."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = following(request)
        if request.method == "POST" and response.status_code < 400:
            catch_up(now=datetime.now(UTC))
        return response

    return answer


class refusals_in_words:
    """Turn a rule's "no" into a sentence on the page the person came from."""

    def __init__(self, following: Next) -> None:
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; refusals arrive in process_exception."""
        return self.following(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal: back to the page with the sentence, or 409 with it for a part."""
        if isinstance(error, ObjectDoesNotExist):
            return errors.missing(request)
        if isinstance(error, PermissionError):
            return errors.forbidden(request)
        if not isinstance(error, RefusalError):
            return None
        said = sentence(error)
        if request.headers.get("HX-Request") or request.method == "GET":
            context = {"what": "refused", "said": said, "LANG": formats.language()}
            return render(request, "error.html", context, status=409)
        messages.error(request, said)
        back = request.headers.get("Referer", "/")
        host = {request.get_host()}
        return HttpResponseRedirect(
            back if url_has_allowed_host_and_scheme(back, host) else "/", status=303
        )
