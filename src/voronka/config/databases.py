"""Which database an installation uses, from one address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def database_settings(url: str, home: Path) -> dict[str, Any]:
    """Give Django's settings for `url`; an empty one means SQLite in the data folder.

    PostgreSQL: `postgresql://user:password@host:port/name`, or with the server's socket
    folder `postgresql://user@/name?host=/run/postgresql`.
    """
    if not url:
        return _sqlite(home / "voronka.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"VORONKA_DATABASE_URL: unknown scheme {parts.scheme!r}")
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Deferred transactions that turn into writers met 50k-127k "busy" errors.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;"
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
            ),
        },
    }
