"""A program at the door: known by its key, answered in JSON, whatever happens."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from voronka.api.words import said
from voronka.people.api_keys import KeyRow, key_for, note_use

Door = Callable[..., HttpResponse]


def by_key(scope: str, *methods: str) -> Callable[[Door], Door]:
    """Declare a door for programs whose key has `scope`. The door gets `key`.

    Without a key, or with another's, it answers 401; with a wrong method 405.
    """

    def declare(view: Door) -> Door:
        @csrf_exempt
        @wraps(view)
        def door(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                answer = told(405, "wrong_method")
                answer.headers["Allow"] = ", ".join(methods)
                return answer
            key = key_for(token_of(request), scope)
            if key is None:
                answer = told(401, "no_key")
                answer.headers["WWW-Authenticate"] = "Bearer"
                return answer
            note_use(key, at=now())
            return view(request, key=key, **kwargs)

        # The gate lets it through: the key is asked for here, not a person.
        cast(Any, door).open_to = frozenset({"anonymous"})
        cast(Any, door).reads_raw = True
        return door

    return declare


def token_of(request: HttpRequest) -> str:
    """Give the key that was shown: in the header, or, where an exchange sets none, `?key=`."""
    shown = request.headers.get("Authorization", "")
    if shown.startswith("Bearer "):
        return shown.removeprefix("Bearer ").strip()
    return request.headers.get("X-Api-Key", "") or request.GET.get("key", "")


def told(status: int, code: str, **more: object) -> JsonResponse:
    """Answer with a code for the program and a sentence for whoever reads its log."""
    return JsonResponse({"code": code, "said": said(code)} | more, status=status)


def now() -> datetime:
    """Give the present moment."""
    return datetime.now(UTC)


__all__ = ["KeyRow", "by_key", "now", "told", "token_of"]
