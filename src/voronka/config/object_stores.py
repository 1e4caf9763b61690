"""Which S3 store keeps the recordings, from one address and two keys."""

from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from voronka.foundation.object_store import Store


def store_settings(environment: Mapping[str, str]) -> Store | None:
    """Give the store that the environment names; None: recordings lie in the data folder.

    `VORONKA_S3=https://host/bucket/folder?region=name`, with `VORONKA_S3_KEY` and
    `VORONKA_S3_SECRET`. Raises: ValueError that says what is wrong.
    """
    url = environment.get("VORONKA_S3", "")
    if not url:
        return None
    parts = urlsplit(url)
    bucket, _, folder = unquote(parts.path).strip("/").partition("/")
    if parts.scheme not in ("https", "http") or not parts.hostname or not bucket:
        raise ValueError("VORONKA_S3: it must look like https://host/bucket")
    if parts.username or parts.password:
        raise ValueError("VORONKA_S3: keys belong into VORONKA_S3_KEY and VORONKA_S3_SECRET")
    key, secret = (environment.get(f"VORONKA_S3_{one}", "") for one in ("KEY", "SECRET"))
    if not key or not secret:
        raise ValueError("VORONKA_S3: VORONKA_S3_KEY and VORONKA_S3_SECRET are needed too")
    return Store(
        endpoint=f"{parts.scheme}://{parts.netloc}",
        bucket=bucket,
        folder=f"{folder}/" if folder else "",
        region=parse_qs(parts.query).get("region", ["us-east-1"])[0],
        key=key,
        secret=secret,
    )
