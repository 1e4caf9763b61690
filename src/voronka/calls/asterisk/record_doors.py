"""Databases in which exchanges keep their record: a file, PostgreSQL, MySQL; read only."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

Found = TypeVar("Found")
LOOKS, BETWEEN_LOOKS = 8, 0.004
SECONDS = 5


class RecordProblemError(Exception):
    """The record cannot be read; `code`: no_record, bad_record, record_address."""

    def __init__(self, code: str, told: str = "") -> None:
        super().__init__(f"{code}: {told}")
        self.code = code


class Zoned:
    """A cursor whose moments all tell their zone: Asterisk writes local time without one."""

    def __init__(self, cursor: Any, zone: tzinfo) -> None:
        self._cursor, self._zone = cursor, zone

    @property
    def description(self) -> Any:
        """The columns of the last query."""
        return self._cursor.description

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> None:
        """Ask; without values the text goes as it stands."""
        if values:
            self._cursor.execute(sql, values)
        else:
            self._cursor.execute(sql)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Give all rows of the last query."""
        return [tuple(map(self._told, row)) for row in self._cursor.fetchall()]

    def _told(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is None:
            return value.replace(tzinfo=self._zone)
        return value


def looked(address: str, look: Callable[[Any, str], Found]) -> Found:
    """Give what `look` reads with a cursor and the database's own mark for a parameter.

    Nothing is written; a server has ten seconds for each answer.
    Raises: RecordProblemError.
    """
    parts = parts_of(address)
    kind = parts.scheme
    if kind == "sqlite":
        return _looked_into_file(Path(unquote(parts.path)), look)
    if kind in SERVERS:
        with SERVERS[kind](address) as cursor:
            return look(Zoned(cursor, _zone_of(address)), "%s")
    raise RecordProblemError("record_address", kind)


def _looked_into_file(path: Path, look: Callable[[Any, str], Found]) -> Found:
    """Look without a lock: Asterisk drops a row that it cannot write within a millisecond.

    18 of 50 rows of a burst were lost to a reader that locked. A look during which the file
    changed is taken again; the last one counts, and what it overlooked is read with the next.
    """
    if not path.is_file():
        raise RecordProblemError("no_record", str(path))
    has_wal = path.with_name(f"{path.name}-wal").exists()
    problem = ""
    for n in range(LOOKS):
        before = _state_of(path)
        try:
            found = _one_look(path, look, locks=has_wal)
        except sqlite3.Error as error:
            problem = str(error)
        else:
            is_last = n == LOOKS - 1
            if has_wal or is_last or (before == _state_of(path) and before[1] == 0):
                return found
        time.sleep(BETWEEN_LOOKS)
    raise RecordProblemError("bad_record", problem)


def _one_look(path: Path, look: Callable[[Any, str], Found], *, locks: bool) -> Found:
    how = "mode=ro" if locks else "mode=ro&immutable=1"
    opened = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=5)
    try:
        return look(opened.cursor(), "?")
    finally:
        opened.close()


def _state_of(path: Path) -> tuple[bytes, int]:
    """The file's own count of changes, and the size of what is being written."""
    journal = path.with_name(f"{path.name}-journal")
    with path.open("rb") as file:
        file.seek(24)
        count = file.read(4)
    try:
        return count, journal.stat().st_size
    except FileNotFoundError:
        return count, 0


def parts_of(address: str) -> SplitResult:
    """Take an address apart. Raises: RecordProblemError record_address."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise RecordProblemError("record_address", str(error)) from error
    return parts


def _zone_of(address: str) -> tzinfo:
    """Give the zone that an address names, UTC where none. Raises: RecordProblemError."""
    name = (parse_qs(parts_of(address).query).get("zone") or ["UTC"])[0]
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise RecordProblemError("record_address", name) from error


@contextmanager
def _postgresql(address: str) -> Iterator[Any]:
    import psycopg  # noqa: PLC0415

    bare = address.partition("?")[0]
    try:
        with psycopg.connect(
            bare,
            connect_timeout=SECONDS,
            autocommit=True,
            options=f"-c statement_timeout={2000 * SECONDS}",
        ) as opened:
            opened.read_only = True
            yield opened.cursor()
    except psycopg.OperationalError as error:
        raise RecordProblemError("no_record", str(error)) from error
    except psycopg.Error as error:
        raise RecordProblemError("bad_record", str(error)) from error


@contextmanager
def _mysql(address: str) -> Iterator[Any]:
    import pymysql  # noqa: PLC0415

    parts = parts_of(address)
    try:
        opened = pymysql.connect(
            host=parts.hostname or "",
            port=parts.port or 3306,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            database=unquote(parts.path.strip("/")) or None,
            charset="utf8mb4",
            connect_timeout=SECONDS,
            read_timeout=2 * SECONDS,
            autocommit=True,
            # A TIMESTAMP comes in the server's own zone then, as what Asterisk wrote does.
            init_command="SET SESSION TRANSACTION READ ONLY",
        )
    except (pymysql.Error, OSError, ValueError) as error:
        # A password in letters that the protocol does not know is a UnicodeError.
        raise RecordProblemError("no_record", str(error)) from error
    try:
        yield opened.cursor()
    except (pymysql.OperationalError, OSError) as error:
        raise RecordProblemError("no_record", str(error)) from error
    except pymysql.Error as error:
        raise RecordProblemError("bad_record", str(error)) from error
    finally:
        opened.close()


SERVERS: dict[str, Callable[[str], AbstractContextManager[Any]]] = {
    "postgresql": _postgresql,
    "postgres": _postgresql,
    "mysql": _mysql,
    "mariadb": _mysql,
}
