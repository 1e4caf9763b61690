"""Giving a stored file, to be saved: a browser never opens it here."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def to_save(name: str, content: bytes) -> HttpResponse:
    """Answer with a file that is kept by whoever asks, and run by nobody."""
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer
