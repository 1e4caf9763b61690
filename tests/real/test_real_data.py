"""Real files go in by the maps of docs/examples, and the desk shows the files' own figures."""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client as Browser

from conftest import SHARED
from voronka.clients.custom_fields import fields_of
from voronka.discovery.journal_insight import told_by_journal
from voronka.importing import loads
from voronka.importing.mapping import Plan, plan_from_json
from voronka.importing.report import Report
from voronka.importing.running import Order, run
from voronka.kpi import registry
from voronka.kpi.conventions import Figure, days_period
from voronka.kpi.source import read
from voronka.people import settings
from voronka.people.models import Person
from voronka.people.viewers import SYSTEM

DATA = SHARED / "data"
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = [
    pytest.mark.shared,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="NO REAL DATA: the folder ../shared/data is not there"
    ),
]


def plan(name: str) -> Plan:
    return plan_from_json(json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")))


def load(file: str, as_: str, name: str, *, with_dry_run: bool = True) -> Report:
    path = DATA / f"{file}.csv.gz"
    told = ""
    if with_dry_run:
        told = run(Order(path=path, as_=as_, plan=plan(name), at=NOW)).to_json()
    made = loads.new_load(
        path=path, as_=as_, plan=plan(name), by_id=None, at=NOW, file_hash=loads.hash_of(path)
    )
    report = loads.write_load(made, at=NOW)
    assert not told or report.to_json() == told
    return report


def rows(file: str) -> Iterator[dict[str, str]]:
    with gzip.open(DATA / f"{file}.csv.gz", "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def figures() -> dict[str, Figure]:
    known = settings.all_settings()
    calendar = settings.calendar(known)
    period = days_period(datetime(2000, 1, 1, tzinfo=UTC).date(), NOW.date(), calendar)
    material = read(viewer=SYSTEM, period=period, now=NOW, calendar=calendar, settings=known)
    return {code: make(material) for code, make in registry.FROM_JOURNAL.items()}


@pytest.fixture
def desk(cast: SimpleNamespace) -> Browser:
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(cast.vera)
    session = browser.session
    session["second_factor"] = True
    session.save()
    return browser


def test_olist_won_842_of_8000_and_by_sales_representative(desk: Browser) -> None:
    leads = load("olist_marketing_qualified_leads", "inquiries", "olist-leads")
    assert (leads.counts["created"], leads.counts["skipped"]) == (8000, 0)
    deals = load("olist_closed_deals", "deals", "olist-deals")
    assert deals.counts["made"] == {
        "clients": 842, "deals": 842, "joined_inquiries": 842, "won": 842,
    }  # fmt: skip
    found = figures()
    assert found["K1"].n == 8000
    assert (found["K13"].parts["wins"], found["K2"].parts["part"]) == (842, 842)
    own = Counter(row["sr_id"] for row in rows("olist_closed_deals"))
    ours = Counter(row.owner_id for row in found["K13"].rows)
    names = dict(Person.objects.values_list("pk", "name"))
    assert {names[pk or 0]: n for pk, n in ours.items()} == own
    origins = Counter(
        row["origin"] or "form" for row in rows("olist_marketing_qualified_leads")
    )
    assert Counter(row.label for row in found["K1"].rows) == origins
    page = desk.get("/?month=all").content.decode()
    assert "выиграно 842 сдел" in page
    assert "8\u2009000" in page


def test_olist_s_filled_fields_are_suggested_and_its_zeros_are_not(
    cast: SimpleNamespace,
) -> None:
    load("olist_closed_deals", "deals", "olist-deals", with_dry_run=False)
    names = {field.key: field.name for field in fields_of("deal")}
    told = told_by_journal(
        viewer=SYSTEM, funnel_id=None, at=NOW,
        calendar=settings.calendar(settings.all_settings()),
    )  # fmt: skip
    wants = {names.get(one["what"], one["what"]): one for one in told["wants"]}
    # A file does not say when a field was filled. The sum is 0 in 797 of 842 rows.
    assert {name: one["won"] for name, one in wants.items()} == {
        "lines": 841, "lead_type": 836, "business_type": 832,
    }  # fmt: skip
    assert {one["won_n"] for one in wants.values()} == {842}
    assert {one["is_sure"] for one in wants.values()} == {False}


def test_x_education_converted_3542_of_9191_and_select_is_empty(desk: Browser) -> None:
    report = load("x_education_leads", "inquiries", "x-education")
    converted = sum(row["Converted"] == "1" for row in rows("x_education_leads"))
    assert (report.counts["rows"], report.counts["skipped"]) == (9191, 0)
    assert report.counts["made"]["won"] == converted == 3542
    found = figures()
    assert (found["K1"].n, found["K13"].parts["wins"]) == (9191, 3542)
    assert "Select" not in json.dumps(report.counts["unknown"])
    sources = Counter(row["Lead Source"] for row in rows("x_education_leads"))
    told = Counter(row.label for row in found["K1"].rows)
    assert (told["Google"], told["Direct Traffic"]) == (
        sources["Google"], sources["Direct Traffic"],
    )  # fmt: skip
    assert "выиграно 3\u2009542 сдел" in desk.get("/?month=all").content.decode()


def test_bpi_2012_won_2246_and_its_stages_are_entered(desk: Browser) -> None:
    report = load("bpic2012_loan_events", "history", "bpic2012", with_dry_run=False)
    assert (report.counts["rows"], report.counts["skipped"]) == (262_200, 0)
    made = report.counts["made"]
    assert (made["deals"], made["won"], made["lost"], made["open"]) == (
        13_087, 2_246, 10_442, 399,
    )  # fmt: skip
    found = figures()
    assert (found["K13"].parts["wins"], found["K18"].n, found["K15"].n) == (
        2_246, 10_442, 12_688,
    )  # fmt: skip
    reasons = {label: n for label, n, _ in found["K18"].parts["reasons"]}
    assert reasons == {
        "Из истории → A_DECLINED": 7_635, "Из истории → A_CANCELLED": 2_807,
    }  # fmt: skip
    page = desk.get("/?month=all").content.decode()
    assert "выиграно 2\u2009246 сдел" in page
