"""One after another: what must not happen twice at the same moment in any process."""

from zlib import crc32

from django.db import connection


def take_turn(name: str) -> None:
    """Wait until no other transaction is in the turn of that name; ours ends with our own.

    SQLite lets one writer in anyhow.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [crc32(name.encode())])
