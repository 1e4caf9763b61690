"""An exchange's record in a real MariaDB, as FreePBX keeps it: local time, whole seconds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from voronka.calls.asterisk.past import latest_rows
from voronka.calls.asterisk.record import Place, address_of, recordings_of, rows_after
from voronka.calls.asterisk.record_doors import RecordProblemError, looked
from voronka.calls.asterisk.shown_record import has_hidden, shown, typed_over
from voronka.calls.exchange_models import Exchange
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.models import Call
from voronka.calls.reconciling import reconcile
from voronka.calls.tests.mariadb_beside import mariadb
from voronka.people.viewers import SYSTEM

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 3, 2, 12, tzinfo=MOSCOW)
CEL = (
    "CREATE TABLE cel (id INT AUTO_INCREMENT PRIMARY KEY, eventtype VARCHAR(30), eventtime"
    " DATETIME NOT NULL, cid_name VARCHAR(80), cid_num VARCHAR(80), exten VARCHAR(80), channame"
    " VARCHAR(80), appname VARCHAR(80), uniqueid VARCHAR(32), linkedid VARCHAR(32), extra"
    " VARCHAR(512))"
)
CDR = "CREATE TABLE cdr (linkedid VARCHAR(32), recordingfile VARCHAR(255))"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Any]]:
    """MariaDB with a reader who may read one database and no more."""
    with mariadb(tmp_path_factory.mktemp("mariadb")) as (port, opened):
        base = opened.cursor()
        base.execute("CREATE DATABASE asteriskcdrdb CHARACTER SET utf8mb4")
        base.execute("CREATE USER crm@'127.0.0.1' IDENTIFIED BY 'a:b@c'")
        base.execute("GRANT SELECT ON asteriskcdrdb.* TO crm@'127.0.0.1'")
        base.execute("USE asteriskcdrdb")
        yield port, base


@pytest.fixture
def address(server: tuple[int, Any]) -> str:
    """Where the record is, with tables that are empty."""
    port, base = server
    for table, made in (("cel", CEL), ("cdr", CDR)):
        base.execute(f"DROP TABLE IF EXISTS {table}")
        base.execute(made)
    return f"mysql://crm:a%3Ab%40c@127.0.0.1:{port}/asteriskcdrdb"


@pytest.fixture
def exchange(address: str, cast: SimpleNamespace) -> Exchange:
    endpoints = {
        "PJSIP/trunk": {"role": "client"},
        "PJSIP/101": {"role": "person", "extension": "101"},
    }
    new = NewExchange(
        kind="asterisk", name="Офис", options={"record": address, "endpoints": endpoints}
    )
    return add_exchange(new, by=SYSTEM, at=NOON - timedelta(days=9))


def talk(base: Any, ref: str, at: datetime) -> None:
    """A client is heard for a minute; moments as local time without a zone."""
    one, two, room = f"PJSIP/trunk-{ref}", f"PJSIP/101-{ref}", f'{{"bridge_id":"{ref}"}}'
    rows = [
        (0, "CHAN_START", one, "79120000001", "74950000001", ""),
        (1, "CHAN_START", two, "", "s", ""),
        (4, "ANSWER", two, "", "s", ""),
        (4, "BRIDGE_ENTER", two, "", "s", room),
        (4, "BRIDGE_ENTER", one, "", "s", room),
        (64, "HANGUP", one, "", "s", '{"hangupcause":16}'),
        (64, "HANGUP", two, "", "s", '{"hangupcause":16}'),
        (64, "LINKEDID_END", two, "", "s", ""),
    ]
    base.executemany(
        "INSERT INTO cel (eventtype, eventtime, cid_name, cid_num, exten, channame, appname,"
        " uniqueid, linkedid, extra) VALUES (%s, %s, 'Ромашка 🌼', %s, %s, %s, '', %s, %s, %s)",
        [
            (kind, f"{at + timedelta(seconds=after):%F %T}", cid, exten, channel, channel, ref,
             extra)
            for after, kind, channel, cid, exten, extra in rows
        ],
    )  # fmt: skip
    base.execute("INSERT INTO cdr VALUES (%s, %s)", (ref, f"{ref}.wav"))


def test_calls_of_a_day_come_in_at_the_hour_at_which_they_were(
    server: tuple[int, Any], exchange: Exchange
) -> None:
    _port, base = server
    for n in range(3):
        talk(base, f"{n}.1", NOON + timedelta(minutes=n))
    # Five minutes to midnight of the same day, by the exchange's clock.
    talk(base, "9.1", NOON + timedelta(hours=11, minutes=55))
    day: date = NOON.date()
    done = reconcile(
        exchange_id=exchange.pk, since=day, until=day, by=SYSTEM, at=NOON + timedelta(days=1)
    )
    assert (done.theirs, done.added, done.missing) == (4, 4, 0)
    first = Call.objects.order_by("started_at").first()
    assert first is not None
    assert first.started_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    told = (first.menu_seconds, first.wait_seconds, first.talk_seconds, first.phone)
    assert told == (1, 3, 60, "+79120000001")


def test_rows_are_read_from_a_place_on_and_told_in_full(
    server: tuple[int, Any], exchange: Exchange
) -> None:
    _port, base = server
    talk(base, "1.1", NOON)
    where = address_of(exchange)
    rows, place = rows_after(where, Place())
    assert (len(rows), rows[0]["eventtime"]) == (8, NOON)
    assert place.last_id == 8
    talk(base, "2.1", NOON + timedelta(hours=1))
    assert rows_after(where, place)[1].last_id == 16
    assert latest_rows(where, 1)[0]["linkedid"] == "2.1"
    assert recordings_of(where, ["1.1", "7.7"]) == {"1.1": "1.1.wav"}
    # The table was begun anew: it is read from its first row.
    base.execute("TRUNCATE cel")
    talk(base, "3.1", NOON + timedelta(hours=2))
    assert {row["linkedid"] for row in rows_after(where, place)[0]} == {"3.1"}


def test_a_record_in_utc_is_said_to_be_so_and_is_the_same_record(
    server: tuple[int, Any], exchange: Exchange
) -> None:
    _port, base = server
    talk(base, "1.1", NOON)
    _rows, before = rows_after(address_of(exchange), Place())
    exchange.options["record"] += "?zone=UTC"
    rows, place = rows_after(address_of(exchange), Place())
    assert rows[0]["eventtime"] == NOON.replace(tzinfo=UTC)
    assert place == before


def test_a_password_that_was_not_escaped_is_not_shown() -> None:
    for sign in "/?#":
        address = f"mysql://crm:tell{sign}nobody@pbx/asteriskcdrdb"
        assert "nobody" not in shown(address)
        assert has_hidden(shown(address))
        assert typed_over(shown(address), address) == address
    assert shown("sqlite:///var/a.db") == "sqlite:///var/a.db"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("a%3Ab%40c", "wrong"), "no_record"),
        (("/asteriskcdrdb", "/nowhere"), "no_record"),
        (("/asteriskcdrdb", "/asteriskcdrdb?table=calls"), "bad_record"),
        (("/asteriskcdrdb", "/asteriskcdrdb?table=cdr"), "bad_record"),
        (("/asteriskcdrdb", "/asteriskcdrdb?table=cel;x"), "record_address"),
        (("/asteriskcdrdb", "/asteriskcdrdb?zone=Mars"), "record_address"),
        (("127.0.0.1:", "127.0.0.1:x"), "record_address"),
        (("127.0.0.1:", "[x"), "record_address"),
        (("a%3Ab%40c", "%D1%8F%F0%9F%8C%BC"), "no_record"),
    ],
)
def test_what_cannot_be_read_is_told_apart(
    address: str, change: tuple[str, str], code: str
) -> None:
    with pytest.raises(RecordProblemError) as caught:
        rows_after(address.replace(*change), Place())
    assert caught.value.code == code


def test_a_server_that_is_away_is_no_crash(address: str) -> None:
    port = address.rpartition(":")[2].partition("/")[0]
    with pytest.raises(RecordProblemError) as caught:
        rows_after(address.replace(f":{port}/", ":9/"), Place())
    assert caught.value.code == "no_record"


def test_nothing_can_be_written_by_way_of_the_record(
    server: tuple[int, Any], address: str
) -> None:
    _port, base = server
    talk(base, "1.1", NOON)
    root = address.replace("crm:a%3Ab%40c", "root")
    with pytest.raises(RecordProblemError):
        looked(root, lambda cursor, _mark: cursor.execute("DELETE FROM cel"))
    base.execute("SELECT COUNT(*) FROM cel")
    assert base.fetchall() == ((8,),)
