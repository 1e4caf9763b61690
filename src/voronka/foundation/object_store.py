"""Files in an S3 store, named by what they hold, as those beside the database are.

Only where an installation names a store in its environment; nothing is sent anywhere else.
"""

import base64
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings

CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 30, 3
GONE = ("404", "NoSuchKey", "NotFound")
Found = TypeVar("Found")
_MAKING = threading.Lock()


class StoreAwayError(Exception):
    """The store cannot be reached, or refuses. Nothing was lost: to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Where the store is. `folder`: what all names begin with, "" or ending in a slash."""

    endpoint: str
    bucket: str
    folder: str
    region: str
    key: str
    secret: str = field(repr=False)


def is_set() -> bool:
    """Tell whether this installation has a store."""
    return settings.OBJECT_STORE is not None


def keep(content: bytes) -> str:
    """Put bytes into the store; give their SHA-256 name. The store checks what arrived.

    Raises: StoreAwayError.
    """
    name = hashlib.sha256(content).hexdigest()
    check = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    _asked(lambda s3, at: s3.put_object(**at(name), Body=content, ContentMD5=check))
    return name


def read_part(name: str, begin: int, length: int) -> bytes:
    """Give bytes from a place on, fewer where the file ends.

    Raises: FileNotFoundError, StoreAwayError.
    """
    if length <= 0:
        return b""
    span = f"bytes={begin}-{begin + length - 1}"
    try:
        found: bytes = _asked(
            lambda s3, at: s3.get_object(**at(name), Range=span)["Body"].read()
        )
    except _BeyondError:
        return b""
    return found


def drop(name: str) -> None:
    """Forget a file; one that is not there is no error. Raises: StoreAwayError."""
    _asked(lambda s3, at: s3.delete_object(**at(name)))


class _BeyondError(Exception):
    """What was asked for lies behind the file's end."""


def _asked(ask: Callable[[Any, Callable[[str], dict[str, str]]], Found]) -> Found:
    """Ask the store; make three errors of its hundred."""
    store = settings.OBJECT_STORE
    if store is None:
        raise StoreAwayError("no store is set")
    return _in_three_errors(lambda: ask(_client(store), lambda name: _place(store, name)))


def _place(store: Store, name: str) -> dict[str, str]:
    if len(name) != 64 or not name.isalnum():
        raise FileNotFoundError(name)
    return {"Bucket": store.bucket, "Key": f"{store.folder}{name[:2]}/{name}"}


def _in_three_errors(ask: Callable[[], Found]) -> Found:
    # It costs 20 MB and a third of a second: only who has a store pays.
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        return ask()
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in GONE:
            raise FileNotFoundError(code) from error
        if code in ("416", "InvalidRange"):
            raise _BeyondError from error
        raise StoreAwayError(code) from error
    except FileNotFoundError:
        raise
    except (BotoCoreError, OSError) as error:
        raise StoreAwayError(type(error).__name__) from error


def _client(store: Store) -> Any:
    with _MAKING:
        return _made(store)


@lru_cache(maxsize=2)
def _made(store: Store) -> Any:
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    session = boto3.session.Session(
        aws_access_key_id=store.key,
        aws_secret_access_key=store.secret,
        region_name=store.region,
    )
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"max_attempts": TRIES, "mode": "standard"},
        # What other makers' stores do not know.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return session.client("s3", endpoint_url=store.endpoint, config=config)
