"""Inquiries of the past from a file: once each, with both clocks and their own moments."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from conftest import MONDAY
from voronka.importing import loads
from voronka.importing.mapping import Plan
from voronka.importing.report import Report
from voronka.inquiries import queries
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact

FILE = """id;when;who;phone;source;owner;reply
a1;06.03.2026 17:50;Иван;8 912 000 11 22;Сайт;Olga;10.03.2026 09:20
a2;02.03.2026 12:00;Анна;нет;Сайт;;
"""
PLAN = {
    "id": "external_id", "when": "arrived_at", "who": "name", "phone": "phone",
    "source": "source", "owner": "owner", "reply": "answered_at",
}  # fmt: skip


def load(folder: Path) -> Report:
    path = folder / "leads.csv"
    path.write_text(FILE, encoding="utf-8")
    made = loads.new_load(
        path=path, as_="inquiries", plan=Plan(columns=PLAN), by_id=None, at=MONDAY, file_hash=""
    )
    return loads.write_load(made, at=MONDAY)


def test_a_file_brings_each_inquiry_once_with_its_clocks(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    assert load(tmp_path).counts["created"] == 2
    assert load(tmp_path).counts["created"] == 0
    first, second = Inquiry.objects.order_by("number")
    assert (first.external_id, first.phone, first.manager_id) == (
        "a1", "+79120001122", cast.olga.pk,
    )  # fmt: skip
    assert first.arrived_at == datetime(2026, 3, 6, 14, 50, tzinfo=UTC)
    assert first.answer_seconds == 30 * 60
    facts = Fact.objects.filter(case=first.case).order_by("pk")
    moments = (first.arrived_at, first.arrived_at, first.answered_at)
    assert list(facts.values_list("kind", "at")) == list(
        zip(
            ("inquiry.registered", "inquiry.assigned", "inquiry.answered"), moments, strict=True
        )
    )
    assert second.answered_at is None
    assert [row.id for row in queries.queue(viewer=cast.see("vera"), state="waiting")] == [
        second.pk
    ]
