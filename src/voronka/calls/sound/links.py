"""Recordings behind a link of a provider: fetched with limits, never from our own network."""

import http.client
import ipaddress
import socket
import ssl
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from voronka.calls.sound.problems import SoundProblemError

TIMEOUT_SECONDS, WHOLE_SECONDS = 20.0, 180.0
MOST_BYTES, MOST_HOPS = 100 * 1024 * 1024, 4
IN_MEMORY, AT_ONCE = 1 << 20, 1 << 16
NOT_THERE = (404, 410)
LATER = (408, 425, 429)
# Addresses that lead into a private network by way of a translator.
TRANSLATED = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "2002::/16", "2001::/32")]


def fetched(
    url: str, *, own_host: str = "", headers: Mapping[str, str] | None = None
) -> IO[bytes]:
    """Fetch a recording into a file that is gone once it is closed.

    `own_host`: the exchange's own host, the only one that may be in a private network; only to
    the first host are `headers` told. Raises: SoundProblemError.
    """
    ends = time.monotonic() + WHOLE_SECONDS
    given, first = dict(headers or {}), _parts(url).hostname
    for _ in range(MOST_HOPS):
        parts = _parts(url)
        told = given if parts.hostname == first else {}
        with closing(_connected(parts, own_host)) as line, _asked(line, parts, told) as answer:
            if answer.status in (301, 302, 303, 307, 308):
                url = _next(url, answer.headers.get("Location", ""))
                continue
            _demand_success(answer.status)
            return _body(answer, ends)
    raise SoundProblemError("bad_link")


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise SoundProblemError("bad_link") from error


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise SoundProblemError("bad_link") from error
    odd = any(ord(sign) <= 32 or ord(sign) == 127 for sign in url)
    if parts.scheme not in ("http", "https") or not parts.hostname or odd or parts.username:
        raise SoundProblemError("bad_link")
    return parts


def _connected(parts: SplitResult, own_host: str) -> http.client.HTTPConnection:
    """Connect to the very address that was looked at: a name may mean another one next time."""
    host, is_safe = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if is_safe else 80)
    address = _address(host, port, is_own=bool(own_host) and host == own_host.lower())
    line: http.client.HTTPConnection
    if is_safe:
        line = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS)
    else:
        line = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    bare = None
    try:
        bare = socket.create_connection((address, port), timeout=TIMEOUT_SECONDS)
        secure = ssl.create_default_context()
        line.sock = secure.wrap_socket(bare, server_hostname=host) if is_safe else bare
    except OSError as error:
        if bare is not None:
            bare.close()
        is_forged = isinstance(error, ssl.SSLCertVerificationError)
        raise SoundProblemError("refused" if is_forged else "no_answer") from error
    return line


def _address(host: str, port: int, *, is_own: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SoundProblemError("no_answer") from error
    addresses = [str(one[4][0]) for one in found]
    if not is_own and not all(_is_public(one) for one in addresses):
        raise SoundProblemError("private_address")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            address = address.ipv4_mapped
        elif any(address in net for net in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


def _asked(
    line: http.client.HTTPConnection, parts: SplitResult, headers: Mapping[str, str]
) -> http.client.HTTPResponse:
    path = parts.path or "/"
    try:
        line.request("GET", f"{path}?{parts.query}" if parts.query else path, headers=headers)
        return line.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SoundProblemError("no_answer") from error


def _demand_success(status: int) -> None:
    if status == 200:
        return
    if status in NOT_THERE:
        # Some providers have it only minutes after the call.
        raise SoundProblemError("no_file")
    raise SoundProblemError("busy" if status >= 500 or status in LATER else "refused")


def _body(answer: http.client.HTTPResponse, ends: float) -> IO[bytes]:
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    try:
        size = 0
        while part := answer.read(AT_ONCE):
            size += len(part)
            if size > MOST_BYTES:
                raise SoundProblemError("too_large")
            if time.monotonic() > ends:
                raise SoundProblemError("no_answer")
            file.write(part)
        if answer.length:
            raise SoundProblemError("torn")
    except (OSError, http.client.HTTPException) as error:
        file.close()
        raise SoundProblemError("no_answer") from error
    except SoundProblemError:
        file.close()
        raise
    file.seek(0)
    return file
