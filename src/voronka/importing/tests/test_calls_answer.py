"""Calls from a file answer who still waits; an undone load takes its answers back."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.control.models import Slip
from voronka.control.watch import look_at_all
from voronka.importing import loads
from voronka.importing.mapping import Plan
from voronka.importing.models import Load
from voronka.importing.undoing import undo_load
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
PHONE = "+79120001122"
PLAN = {
    "когда": "started_at", "номер": "client_phone", "секунд": "talk_seconds",
    "отвечен": "answered", "кто": "owner",
}  # fmt: skip
HEAD = "когда;номер;секунд;отвечен;кто\n"
# Moscow's time; the inquiry of MONDAY came at noon. The file begins with its latest call.
TALKS = (
    "02.03.2026 12:50;8 912 000-11-22;300;да;Olga",
    "02.03.2026 12:40;8 912 000-11-22;60;да;Olga",
    "02.03.2026 12:35;8 912 000-11-22;4;да;Olga",
    "02.03.2026 12:30;8 912 000-11-22;0;нет;Olga",
    "02.03.2026 11:30;8 912 000-11-22;60;да;Olga",
    "02.03.2026 12:30;8 912 000-33-44;60;да;Olga",
)


def arrive(manager_id: int | None, days_ago: int = 0) -> Inquiry:
    new = NewInquiry(channel="form", phone=PHONE, manager_id=manager_id)
    return register_inquiry(new, by=SYSTEM, at=MONDAY - timedelta(days=days_ago))


def load(folder: Path, *lines: str) -> Load:
    path = folder / "calls.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    made = loads.new_load(
        path=path, as_="calls", plan=Plan(columns=PLAN), by_id=None, at=MONDAY, file_hash=""
    )
    loads.write_load(made, at=MONDAY + 60 * MINUTE)
    return made


def test_the_first_real_talk_of_a_file_answers_and_the_slip_closes(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    made = arrive(cast.olga.pk)
    look_at_all(now=MONDAY + 35 * MINUTE)
    slip = Slip.objects.get(rule="unanswered")
    load(tmp_path, *TALKS)
    made.refresh_from_db()
    slip.refresh_from_db()
    assert (made.answered_at, made.answer_seconds) == (MONDAY + 40 * MINUTE, 40 * 60)
    fact = Fact.objects.get(kind="inquiry.answered")
    assert (fact.by_id, fact.body["channel"]) == (cast.olga.pk, "call")
    assert (slip.how, slip.closing["fact_id"]) == ("evidence", fact.pk)
    load(tmp_path, *TALKS)
    assert Fact.objects.filter(kind="inquiry.answered").count() == 1


def test_an_undone_load_lets_the_inquiry_wait_as_before(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    made = arrive(None)
    before = Inquiry.objects.filter(pk=made.pk).values().get()
    done = load(tmp_path, *TALKS)
    made.refresh_from_db()
    assert (made.manager_id, made.answered_at) == (cast.olga.pk, MONDAY + 40 * MINUTE)
    undone = undo_load(load_id=done.pk, by=SYSTEM, at=MONDAY + 90 * MINUTE)
    assert (undone.restored, undone.conflicts) == (1, [])
    assert Inquiry.objects.filter(pk=made.pk).values().get() == before
    assert not Fact.objects.counted().filter(kind="inquiry.answered").exists()
    assert Slip.objects.filter(rule="unanswered", closed_at=None).count() == 1


@pytest.mark.parametrize("lines", [TALKS[2:], ("03.03.2026 10:00;8 912 000-11-22;60;да;Olga",)])
def test_no_attempt_no_earlier_talk_and_none_to_come_answers(
    cast: SimpleNamespace, tmp_path: Path, lines: tuple[str, ...]
) -> None:
    made = arrive(cast.olga.pk)
    load(tmp_path, *lines)
    made.refresh_from_db()
    assert made.answered_at is None
    assert not Fact.objects.filter(kind="inquiry.answered").exists()


def test_what_waits_for_longer_than_a_month_is_left_to_people(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    old = arrive(cast.olga.pk, days_ago=31)
    load(tmp_path, *TALKS)
    old.refresh_from_db()
    assert old.answered_at is None
