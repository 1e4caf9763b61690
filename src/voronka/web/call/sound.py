"""Giving a recording to the browser, whole or a part of it; never to be kept by anybody."""

import re
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from voronka.calls.sound.keeping import read_sound
from voronka.calls.sound.listening import Recording, note_listening, recording_of
from voronka.foundation.object_store import StoreAwayError
from voronka.foundation.sealing import LostKeyError
from voronka.web.pages import EVERYBODY, open_to, viewer
from voronka.web.shell import now

MOST_AT_ONCE = 4 * 1024 * 1024
"""A browser that asks for all from a place on gets this much, and asks for the rest."""
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Part:
    """Which bytes are asked for. `is_whole`: all of them, not as a part."""

    begin: int
    length: int
    is_whole: bool


@require_safe
@open_to(EVERYBODY)
def sound(request: HttpRequest, call_id: int) -> HttpResponse:
    """Give a recording to who may hear it; that it is heard is a fact."""
    by = viewer(request)
    try:
        recording = recording_of(call_id=call_id, by=by)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    tag = f'"{recording.sha256}"'
    part = asked_part(
        request.headers.get("Range", ""),
        request.headers.get("If-Range", ""),
        tag,
        recording.size,
    )
    # Sound is packed already, and a packed part would be no part of it.
    request.META["HTTP_ACCEPT_ENCODING"] = ""
    if part is None:
        return _headed(HttpResponse(status=416), recording.media, tag, f"*/{recording.size}")
    content = b""
    if request.method == "GET":
        try:
            content = _content(recording, part)
        except StoreAwayError:
            return HttpResponse(_("Хранилище записей не отвечает."), status=503)
        token, second = request.GET.get("play", ""), request.GET.get("from", "")
        from_second = int(second[:9]) if second.isdecimal() else 0
        note_listening(recording, token=token, from_second=from_second, by=by, at=now())
    answer = HttpResponse(content, status=200 if part.is_whole else 206)
    last = part.begin + part.length - 1
    span = "" if part.is_whole else f"{part.begin}-{last}/{recording.size}"
    _headed(answer, recording.media, tag, span)
    answer.headers["Content-Length"] = str(part.length)
    return answer


def asked_part(asked: str, if_range: str, tag: str, size: int) -> Part | None:
    """Work out what a Range header wants of so many bytes; None when there is no such part.

    What is not understood, or speaks of another recording, wants all of it.
    """
    whole = Part(0, size, is_whole=True)
    found = RANGE.fullmatch(asked.strip())
    if not found or not any(found.groups()) or (if_range and if_range != tag):
        return whole
    first, last = found.groups()
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if first and last and int(last) < begin:
        return whole
    if begin >= size or (not first and not int(last)):
        return None
    return Part(begin, min(end - begin + 1, MOST_AT_ONCE), is_whole=False)


def _content(recording: Recording, part: Part) -> bytes:
    try:
        return read_sound(recording, part.begin, part.length)
    except (FileNotFoundError, LostKeyError) as error:
        raise Http404 from error


def _headed(answer: HttpResponse, media: str, tag: str, span: str) -> HttpResponse:
    said = {
        "Content-Type": media,
        "Content-Disposition": "inline",
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if span:
        said["Content-Range"] = f"bytes {span}"
    for name, value in said.items():
        answer.headers[name] = value
    return answer
