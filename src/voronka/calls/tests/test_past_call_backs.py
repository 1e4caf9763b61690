"""What became of missed calls that came from files, or were heard of too late to be a task."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.calls.call_backs import recount
from voronka.calls.conditions import Conditions, calls_where
from voronka.calls.day_sums import norms_of
from voronka.calls.missing import Ring, Spell, spells
from voronka.calls.models import Call, CallBack
from voronka.calls.past_call_backs import lay_past, lay_past_of_all
from voronka.calls.queries import CallRow, Returns, call_list, returns
from voronka.calls.recording import NewCall, record_call
from voronka.importing import loads
from voronka.importing.mapping import Plan
from voronka.importing.models import Load
from voronka.importing.undoing import undo_load
from voronka.inquiries.models import NotCustomer
from voronka.journal.models import Fact
from voronka.people.settings import DEFAULTS
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
MINUTE, DAY, RINGING = timedelta(minutes=1), timedelta(days=1), timedelta(seconds=20)
PHONES = BACK, OWN, NEVER, SHORT = tuple(f"+7912345670{n}" for n in range(4))
ASKED = Conditions(start=MONDAY - DAY, end=MONDAY + DAY)
NORMS = norms_of(DEFAULTS)
Put = Callable[..., Call]


@pytest.fixture
def put(cast: SimpleNamespace) -> Put:
    """Write a call down as a load does: it alone, so many minutes after Monday noon."""

    def call(
        minutes: float, phone: str, direction: str = "in", talk: int = 0, wait: int = 20
    ) -> Call:
        return Call.objects.create(
            started_at=MONDAY + minutes * MINUTE, direction=direction, phone=phone,
            manager=cast.olga, is_answered=talk > 0, talk_seconds=talk, wait_seconds=wait,
        )  # fmt: skip

    return call


@pytest.fixture
def calls(put: Put) -> None:
    """One rung back, one who rang again, one never talked with, one who hung up at once."""
    for phone in (BACK, OWN, NEVER, ""):
        put(0, phone)
    put(5, BACK)
    put(19, BACK, "out", talk=60)
    put(31, OWN, talk=15)
    put(-9, NEVER, talk=300)
    put(9, NEVER, "out", talk=4)
    put(9, NEVER, "out")
    put(3, SHORT, wait=2)
    put(25, SHORT, "out", talk=10)


def seen(cast: SimpleNamespace, who: str = "vera") -> Returns:
    return returns(viewer=cast.see(who), asked=ASKED)


def lost(cast: SimpleNamespace, who: str = "vera") -> list[CallRow]:
    asked = Conditions(start=ASKED.start, end=ASKED.end, kind="not_returned")
    rows = call_list(viewer=cast.see(who), asked=asked, norms=NORMS)
    assert len(rows) == calls_where(cast.see(who), asked, NORMS).count()
    assert len(rows) == seen(cast, who).lost
    return rows


def test_only_a_real_talk_later_returns_a_missed_call(
    cast: SimpleNamespace, calls: None
) -> None:
    told = Fact.objects.count()
    assert lay_past_of_all() == 3
    # From the hang-up to when the phone was taken: each rang for twenty seconds.
    assert seen(cast) == Returns(3, 1, 1, 19 * 60)
    assert [row.phone for row in lost(cast)] == [NEVER]
    assert Fact.objects.count() == told
    assert not CallBack.objects.open().exists()


def test_each_missed_call_of_the_list_says_what_became_of_it(
    cast: SimpleNamespace, calls: None
) -> None:
    lay_past_of_all()
    rows = call_list(viewer=cast.see("vera"), asked=ASKED, norms=NORMS)
    missed = [one for one in rows if one.direction == "in" and not one.is_answered]
    ends = {(one.phone, one.at): (one.waits, one.returned_at) for one in missed}
    talked = MONDAY + 19 * MINUTE + RINGING
    assert ends == {
        (BACK, MONDAY): (False, talked),
        (BACK, MONDAY + 5 * MINUTE): (False, talked),
        (OWN, MONDAY): (False, MONDAY + 31 * MINUTE + RINGING),
        (NEVER, MONDAY): (True, None),
        ("", MONDAY): (False, None),
    }


def test_nobody_sees_what_is_anothers_to_ring(cast: SimpleNamespace, calls: None) -> None:
    lay_past_of_all()
    assert seen(cast, "olga") == seen(cast)
    assert [row.phone for row in lost(cast, "olga")] == [NEVER]
    assert seen(cast, "oleg") == Returns(0, 0, 0, None)
    assert lost(cast, "oleg") == []


def test_twice_is_as_once_and_a_later_talk_is_told(
    cast: SimpleNamespace, put: Put, calls: None
) -> None:
    lay_past_of_all()
    before = list(CallBack.objects.order_by("pk").values())
    lay_past_of_all()
    assert list(CallBack.objects.order_by("pk").values()) == before
    put(600, NEVER, "out", talk=30)
    lay_past([NEVER])
    row = CallBack.objects.get(phone=NEVER)
    # At six the office closes; the wait began with the hang-up.
    assert (row.how, row.wait_seconds) == ("we", 6 * 3600 - 20)
    assert lost(cast) == []


def test_a_task_and_what_is_past_stand_beside_each_other(
    cast: SimpleNamespace, put: Put
) -> None:
    put(-9 * 24 * 60, BACK)
    lay_past_of_all()
    missed = NewCall(
        started_at=MONDAY, direction="in", phone=BACK, manager_id=cast.olga.pk,
        is_answered=False, wait_seconds=20,
    )  # fmt: skip
    record_call(missed, by=SYSTEM)
    past, task = CallBack.objects.order_by("is_past").reverse()
    assert (past.is_past, past.how, task.how) == (True, "", "")
    assert [row.pk for row in CallBack.objects.open()] == [task.pk]
    talk = NewCall(
        started_at=MONDAY + 6 * MINUTE, direction="out", phone=BACK, manager_id=cast.olga.pk,
        is_answered=True, talk_seconds=60,
    )  # fmt: skip
    record_call(talk, by=SYSTEM)
    past, task = CallBack.objects.order_by("is_past").reverse()
    assert (past.how, past.closed_at) == ("we", MONDAY + 6 * MINUTE)
    assert (task.how, task.closed_at) == ("we", MONDAY + 6 * MINUTE)


def test_what_a_file_told_becomes_a_task_when_the_exchange_tells_of_it(
    cast: SimpleNamespace, put: Put
) -> None:
    put(3, BACK)
    lay_past_of_all()
    assert CallBack.objects.get().is_past
    recount(BACK, around=MONDAY, now=MONDAY + 10 * MINUTE)
    row = CallBack.objects.get()
    assert (row.is_past, row.how) == (False, "")


def test_own_numbers_and_no_customers_wait_for_nobody(cast: SimpleNamespace, put: Put) -> None:
    NotCustomer.objects.create(address=BACK, reason="supplier", at=MONDAY)
    put(0, BACK)
    assert lay_past_of_all() == 0


FILE = (
    "02.03.2026 12:00;8 912 345-67-02;0;нет;20;Olga;in",
    "02.03.2026 12:00;8 912 345-67-00;0;нет;20;Olga;in",
    "02.03.2026 12:19;8 912 345-67-00;60;да;0;Olga;out",
)
COLUMNS = {
    "когда": "started_at", "номер": "client_phone", "секунд": "talk_seconds",
    "отвечен": "answered", "ждал": "wait_seconds", "кто": "owner", "куда": "direction",
}  # fmt: skip


def load(folder: Path, *lines: str) -> Load:
    path = folder / f"{len(list(folder.iterdir()))}.csv"
    text = ";".join(COLUMNS) + "\n" + "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8")
    made = loads.new_load(
        path=path, as_="calls", plan=Plan(columns=COLUMNS), by_id=None, at=MONDAY, file_hash=""
    )
    loads.write_load(made, at=MONDAY + 60 * MINUTE)
    return made


def test_calls_of_a_file_are_reckoned_and_an_undo_takes_it_back(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    load(tmp_path, *FILE)
    assert seen(cast) == Returns(2, 1, 0, 19 * 60 - 20)
    assert [row.phone for row in lost(cast)] == [NEVER]
    later = load(tmp_path, "02.03.2026 12:45;8 912 345-67-02;60;да;0;Olga;out")
    assert (seen(cast).lost, lost(cast)) == (0, [])
    undo_load(load_id=later.pk, by=SYSTEM, at=MONDAY + 90 * MINUTE)
    assert [row.phone for row in lost(cast)] == [NEVER]


def test_from_a_task_to_the_talk_after_it_nothing_is_of_the_past() -> None:
    def ring(minute: int, is_talk: bool = False) -> Ring:
        at = MONDAY + minute * MINUTE
        return Ring(at, minute, is_talk, at)

    rings = [ring(1), ring(2), ring(3), ring(4), ring(5, is_talk=True), ring(6)]
    talk = rings[4]
    assert spells(rings, with_task={3}) == [
        Spell(rings[0], rings[1].at, 2, talk),
        Spell(rings[5], rings[5].at, 1, None),
    ]
    assert spells(rings, with_task={1}) == [Spell(rings[5], rings[5].at, 1, None)]
    some = Random(1).sample(list(permutations(rings)), 30)
    assert all(spells(one, with_task={3}) == spells(rings, with_task={3}) for one in some)
