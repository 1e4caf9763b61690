"""A person's clock stands still while they are away; the company's goes on (C1, C4)."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from voronka.inquiries.intake import NewInquiry, answer_inquiry, register_inquiry
from voronka.inquiries.models import Inquiry
from voronka.inquiries.queries import inquiry as inquiry_row
from voronka.journal.models import Fact
from voronka.kpi import first_reply
from voronka.kpi.conventions import month_of
from voronka.kpi.source import read
from voronka.people.absences import put_absence
from voronka.people.settings import all_settings, calendar
from voronka.web.inquiries.clocked import clocked

pytestmark = pytest.mark.django_db
# Monday 2 March 2026, 16:00 in Moscow; the day ends at 18:00, at 09:00 the next begins.
GIVEN = datetime(2026, 3, 2, 13, tzinfo=UTC)
THURSDAY_10 = datetime(2026, 3, 5, 7, tzinfo=UTC)
HOUR, DAY = 3600, 9 * 3600


@pytest.fixture
def away(cast: SimpleNamespace) -> Inquiry:
    """An inquiry of olga's, who is ill on Tuesday and Wednesday."""
    by = cast.see("anna")
    put_absence(
        person_id=cast.olga.pk, kind="sick", first_on=date(2026, 3, 3),
        last_on=date(2026, 3, 4), stands_in_id=None, by=by, at=GIVEN,
    )  # fmt: skip
    new = NewInquiry(channel="form", name="Анна", manager_id=cast.olga.pk)
    return register_inquiry(new, by=by, at=GIVEN)


def test_the_fact_measures_both(cast: SimpleNamespace, away: Inquiry) -> None:
    answer_inquiry(inquiry_id=away.pk, by=cast.see("olga"), at=THURSDAY_10)
    body = Fact.objects.get(kind="inquiry.answered").body
    assert body["working_seconds"] == 2 * HOUR + 2 * DAY + HOUR
    assert body["person_seconds"] == 2 * HOUR + HOUR


def test_the_page_and_the_figure_say_the_same_while_it_waits(
    cast: SimpleNamespace, away: Inquiry
) -> None:
    by, known = cast.see("vera"), all_settings()
    one = clocked(inquiry_row(viewer=by, inquiry_id=away.pk), known, THURSDAY_10)
    assert one.own is not None
    assert (one.company.seconds, one.own.seconds) == (3 * HOUR + 2 * DAY, 3 * HOUR)
    firm = calendar(known)
    material = read(
        viewer=by, period=month_of(date(2026, 3, 5), firm), now=THURSDAY_10, calendar=firm,
        settings=known,
    )  # fmt: skip
    k4 = first_reply.figure(material)
    assert (k4.value, k4.parts["person"]) == (3 * HOUR + 2 * DAY, 3 * HOUR)
