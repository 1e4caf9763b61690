"""What an exchange's record has and we have not comes in, once, and is told of."""

import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.asterisk import past as past_module
from voronka.calls.asterisk.connector import Line
from voronka.calls.asterisk.past import rows_between
from voronka.calls.exchange_models import CallEvent, Exchange, Reconciliation
from voronka.calls.exchanges import NewExchange, add_exchange, change_exchange
from voronka.calls.histories import HistoryProblemError, NoHistoryError
from voronka.calls.models import Call, InternalCall
from voronka.calls.reconciling import (
    HISTORIES,
    BadPeriodError,
    gaps_of,
    reconcile,
    reconcile_yesterday,
)
from voronka.journal.models import Fact
from voronka.people.models import Notice
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
NEXT_DAY = MONDAY + timedelta(days=1)
DAY: date = MONDAY.date()
COLUMNS = (
    "AcctId INTEGER PRIMARY KEY, eventtype, eventtime, cidnum, exten, channel, app, uniqueid,"
    " linkedid, extra"
)


class Record:
    """A record as Asterisk keeps it in SQLite; calls are written one after another."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with sqlite3.connect(file) as base:
            base.execute(f"CREATE TABLE cel ({COLUMNS})")

    @property
    def address(self) -> str:
        return f"sqlite://{self.file}"

    def write(
        self, ref: str, at: datetime, first: str, second: str, *, ends: bool = True
    ) -> None:
        """One channel calls another and they hear each other for a minute."""
        one, two = f"{first}-{ref:0>8}", f"{second}-{ref:0>8}"
        number, room = f"7912{ref:0>7}", f'{{"bridge_id":"{ref}"}}'
        rows = [
            (0, "CHAN_START", one, number, "74950000001", ""),
            (1, "CHAN_START", two, "", "s", ""),
            (4, "ANSWER", two, "", "s", ""),
            (4, "BRIDGE_ENTER", two, "", "s", room),
            (4, "BRIDGE_ENTER", one, "", "s", room),
        ]
        if ends:
            rows += [
                (64, "HANGUP", one, "", "s", '{"hangupcause":16}'),
                (64, "HANGUP", two, "", "s", '{"hangupcause":16}'),
                (64, "LINKEDID_END", two, "", "s", ""),
            ]
        with sqlite3.connect(self.file) as base:
            base.executemany(
                "INSERT INTO cel (eventtype, eventtime, cidnum, exten, channel, app, uniqueid,"
                " linkedid, extra) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?)",
                [
                    (
                        kind,
                        f"{at.timestamp() + after:.6f}",
                        cid,
                        exten,
                        channel,
                        channel,
                        ref,
                        extra,
                    )
                    for after, kind, channel, cid, exten, extra in rows
                ],
            )

    def write_day(self, n: int) -> None:
        """So many calls of clients a minute apart, and one between our own people."""
        for i in range(n):
            self.write(str(i), MONDAY + i * timedelta(minutes=1), "PJSIP/trunk", "PJSIP/101")
        self.write("900", MONDAY + timedelta(hours=2), "PJSIP/101", "PJSIP/102")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "master.db")


@pytest.fixture
def exchange(record: Record, cast: SimpleNamespace) -> Exchange:
    new = NewExchange(kind="asterisk", name="Офис", options={"record": record.address})
    return add_exchange(new, by=SYSTEM, at=MONDAY)


def compared(exchange: Exchange, **more: Any) -> Reconciliation:
    said: dict[str, Any] = {"since": DAY, "until": DAY, "by": SYSTEM, "at": NEXT_DAY} | more
    return reconcile(exchange_id=exchange.pk, **said)


def totals(one: Reconciliation) -> tuple[int, ...]:
    return one.theirs, one.ours, one.added, one.missing, one.extra, one.internal


def lose(*refs: str) -> None:
    """As after a failed restore: neither the events nor the calls are there."""
    CallEvent.objects.filter(call_ref__in=refs).delete()
    for call in Call.objects.filter(call_ref__in=refs):
        call.legs.all().delete()
        call.delete()


def test_what_was_lost_comes_in_once_and_the_gap_is_shown(
    exchange: Exchange, record: Record
) -> None:
    record.write_day(12)
    Line(exchange).read_record()
    rows = sorted(Call.objects.values_list("call_ref", "started_at", "talk_seconds", "phone"))
    assert len(rows) == 12
    lose("3", "4", "5", "9")
    one = compared(exchange)
    assert totals(one) == (12, 8, 4, 0, 0, 1)
    now_there = Call.objects.values_list("call_ref", "started_at", "talk_seconds", "phone")
    assert sorted(now_there) == rows
    start = [MONDAY + n * timedelta(minutes=1) for n in (3, 5, 9)]
    shown = [(datetime.fromisoformat(a), datetime.fromisoformat(b), n) for a, b, n in one.gaps]
    assert shown == [(start[0], start[1], 3), (start[2], start[2], 1)]
    facts, events = Fact.objects.filter(kind="call.ended").count(), CallEvent.objects.count()
    again = compared(exchange)
    assert totals(again) == (12, 12, 0, 0, 0, 1)
    assert (again.gaps, again.is_alarm) == ([], False)
    assert Fact.objects.filter(kind="call.ended").count() == facts
    assert CallEvent.objects.count() == events


def test_what_was_erased_is_not_brought_back(exchange: Exchange, record: Record) -> None:
    record.write_day(2)
    Line(exchange).read_record()
    Call.objects.filter(call_ref="1").update(phone="", client=None)
    CallEvent.objects.filter(call_ref="1").update(body="")
    assert totals(compared(exchange)) == (2, 2, 0, 0, 0, 1)
    assert Call.objects.get(call_ref="1").phone == ""
    assert not CallEvent.objects.filter(call_ref="1").exclude(body="").exists()


def test_a_line_that_reads_on_afterwards_doubles_nothing(
    exchange: Exchange, record: Record
) -> None:
    record.write_day(5)
    assert totals(compared(exchange)) == (5, 0, 5, 0, 0, 1)
    Line(Exchange.objects.get(pk=exchange.pk)).read_record()
    assert (Call.objects.count(), InternalCall.objects.count()) == (5, 1)
    assert Fact.objects.filter(kind="call.ended").count() == 5


def test_calls_of_other_days_and_calls_that_go_on_are_left_alone(
    exchange: Exchange, record: Record
) -> None:
    record.write("1", MONDAY - timedelta(days=1), "PJSIP/trunk", "PJSIP/101")
    record.write("2", MONDAY, "PJSIP/trunk", "PJSIP/101")
    record.write("3", MONDAY + timedelta(minutes=5), "PJSIP/trunk", "PJSIP/101", ends=False)
    record.write("4", NEXT_DAY, "PJSIP/trunk", "PJSIP/101")
    assert totals(compared(exchange)) == (1, 0, 1, 0, 0, 0)
    assert list(Call.objects.values_list("call_ref", flat=True)) == ["2"]
    two = compared(exchange, since=DAY - timedelta(days=1))
    assert totals(two) == (2, 1, 1, 0, 0, 0)


def test_a_long_record_is_read_in_pages_and_from_the_day_wanted_only(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_module, "AT_ONCE", 7)
    for n in range(40):
        at = MONDAY + timedelta(days=n)
        record.write(str(n), at, "PJSIP/trunk", "PJSIP/101")
    begin = MONDAY + timedelta(days=20)
    first, rows = rows_between(record.address, begin, begin + timedelta(days=1, hours=6))
    assert first.startswith("1 ")
    assert [row["linkedid"] for row in rows] == ["20"] * 8 + ["21"] * 8


def test_what_the_exchange_does_not_know_is_counted_as_extra(
    exchange: Exchange, record: Record
) -> None:
    record.write_day(3)
    Line(exchange).read_record()
    with sqlite3.connect(record.file) as base:
        base.execute("DELETE FROM cel WHERE linkedid = '1'")
    assert totals(compared(exchange)) == (2, 2, 0, 0, 1, 1)


def test_too_large_a_share_is_told_to_the_administrator(
    exchange: Exchange, record: Record, cast: SimpleNamespace
) -> None:
    record.write_day(50)
    Line(exchange).read_record()
    lose("7")
    assert not compared(exchange).is_alarm
    lose("7", "8")
    assert compared(exchange).is_alarm
    told = Notice.objects.get(kind="exchange.gap")
    assert told.person_id == cast.anna.pk
    assert told.about | {"exchange_id": 0} == {
        "name": "Офис", "theirs": 50, "lost": 2, "exchange_id": 0,
    }  # fmt: skip


def test_without_cel_calls_are_counted_by_cdr(exchange: Exchange, record: Record) -> None:
    record.write_day(2)
    Line(exchange).read_record()
    rows = [("1", "PJSIP/trunk-00000001", "PJSIP/101-00000002")] * 3
    rows += [("2", "PJSIP/101-00000003", "PJSIP/trunk-00000004")]
    rows += [("3", "PJSIP/trunk-00000005", "")]
    rows += [("4", "PJSIP/101-00000006", "PJSIP/102-00000007")]
    with sqlite3.connect(record.file) as base:
        base.execute("DROP TABLE cel")
        base.execute("CREATE TABLE cdr (start, channel, dstchannel, linkedid)")
        base.executemany(
            "INSERT INTO cdr (start, linkedid, channel, dstchannel) VALUES"
            " ('2026-07-06 12:30:00', ?, ?, ?)".replace("2026-07-06", str(DAY)),
            rows,
        )
    one = compared(exchange)
    assert (one.source, totals(one)) == ("cdr", (3, 2, 0, 1, 0, 0))
    assert one.is_alarm


def test_yesterday_is_compared_once_by_the_clock_and_again_after_a_failure(
    exchange: Exchange, record: Record
) -> None:
    record.write_day(3)
    record.file.rename(record.file.with_suffix(".away"))
    assert reconcile_yesterday(now=NEXT_DAY) == 0
    record.file.with_suffix(".away").rename(record.file)
    assert reconcile_yesterday(now=NEXT_DAY) == 1
    assert reconcile_yesterday(now=NEXT_DAY + timedelta(hours=1)) == 0
    one = Reconciliation.objects.get()
    assert (one.since, one.until, one.by_clock, totals(one)) == (
        DAY, DAY, True, (3, 0, 3, 0, 0, 1),
    )  # fmt: skip


def test_what_cannot_be_compared_says_why(
    exchange: Exchange, record: Record, cast: SimpleNamespace
) -> None:
    with pytest.raises(PermissionError):
        compared(exchange, by=cast.see("olga"))
    with pytest.raises(BadPeriodError):
        compared(exchange, until=DAY - timedelta(days=1))
    with pytest.raises(BadPeriodError):
        compared(exchange, since=DAY - timedelta(days=200))
    record.file.unlink()
    with pytest.raises(HistoryProblemError) as caught:
        compared(exchange)
    assert caught.value.details == {"why": "no_record"}
    change_exchange(
        exchange_id=exchange.pk, new=NewExchange(kind="asterisk", name="Офис"), by=SYSTEM,
        at=MONDAY,
    )  # fmt: skip
    with pytest.raises(NoHistoryError):
        compared(exchange)
    assert not Reconciliation.objects.exists()


@pytest.mark.parametrize(
    ("calls", "runs"),
    [("", []), ("++", []), ("-", [1]), ("+--+-+", [2, 1]), ("---", [3])],
)
def test_gaps_are_runs(calls: str, runs: list[int]) -> None:
    told = [(float(n), sign == "+") for n, sign in enumerate(calls)]
    assert [gap[2] for gap in gaps_of(reversed(told))] == runs


def test_one_provider_s_odd_answer_keeps_no_other_from_being_compared(
    exchange: Exchange, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = add_exchange(NewExchange(kind="mango", name="Облако"), by=SYSTEM, at=MONDAY)
    Exchange.objects.filter(pk=odd.pk).update(name="А")
    record.write_day(2)

    def torn(*_: Any) -> Any:
        raise TypeError("NoneType is not iterable")

    monkeypatch.setitem(HISTORIES, "mango", torn)
    assert reconcile_yesterday(now=NEXT_DAY) == 1
    odd.refresh_from_db()
    assert odd.cursor["not_compared"] == "asked_wrong_answer"
