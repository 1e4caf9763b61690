"""The month by channel, and numbers past the base: exact figures of a small department."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.calls.recording import NewCall, record_call
from voronka.control import watch
from voronka.control.strangers import strangers
from voronka.foundation.worktime import russian_calendar
from voronka.inquiries.intake import (
    NewInquiry,
    answer_inquiry,
    classify_inquiry,
    register_inquiry,
)
from voronka.inquiries.registering import dismiss_stranger, register_stranger
from voronka.kpi import past_base, source
from voronka.kpi.channels import ANY, channels
from voronka.kpi.conventions import month_of
from voronka.people.settings import DEFAULTS

CALENDAR = russian_calendar()
MARCH = month_of(date(2026, 3, 2), CALENDAR)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOW = MONDAY + 3 * DAY


def material(cast: SimpleNamespace, who: str = "vera") -> source.Material:
    return source.read(
        viewer=cast.see(who), period=MARCH, now=NOW, calendar=CALENDAR, settings=DEFAULTS
    )


def inquire(cast: SimpleNamespace, channel: str, state: str, minutes: int) -> None:
    by = cast.see("olga")
    new = NewInquiry(channel=channel, name="Имя", manager_id=cast.olga.pk)
    pk = register_inquiry(new, by=by, at=MONDAY).pk
    answer_inquiry(inquiry_id=pk, by=by, at=MONDAY + minutes * MINUTE)
    classify_inquiry(inquiry_id=pk, state=state, reason="так", by=by, at=MONDAY + DAY)


def test_channels_stand_without_spam_and_duplicates_the_busiest_first(
    cast: SimpleNamespace,
) -> None:
    for channel, state, minutes in (
        ("mail", "targeted", 40), ("mail", "not_targeted", 20), ("mail", "targeted", 50),
        ("mail", "spam", 1), ("form", "targeted", 10), ("form", "duplicate", 600),
        ("messenger", "spam", 5),
    ):  # fmt: skip
        inquire(cast, channel, state, minutes)
    found = [
        (
            one.code, one.arrived.n, one.targeted.parts["part"], one.targeted.n,
            one.reply.value, one.reply.parts["in_norm"],
        )
        for one in channels(material(cast))
    ]  # fmt: skip
    assert found == [
        ("mail", 3, 2, 3, 40 * 60, pytest.approx(1 / 3)),
        ("form", 1, 1, 1, 10 * 60, 1),
        (ANY, 4, 3, 4, 30 * 60, 0.5),
    ]
    assert channels(material(cast, "oleg")) == []


def test_numbers_past_the_base_count_once_and_no_customers_apart(
    cast: SimpleNamespace,
) -> None:
    by = cast.see("olga")
    for n in range(4):
        call = NewCall(
            started_at=MONDAY + n * MINUTE, direction="in", phone=f"+7900000630{n}",
            manager_id=cast.olga.pk, is_answered=True, talk_seconds=90,
        )  # fmt: skip
        record_call(call, by=by)
    watch.look_at_all(now=MONDAY + DAY)
    found = strangers(viewer=by, now=MONDAY + DAY, calendar=CALENDAR, settings=DEFAULTS)
    register_stranger(found[0], by=by)
    dismiss_stranger(found[1], reason="spam", by=by, at=MONDAY + DAY)
    watch.catch_up(now=MONDAY + DAY)
    made = past_base.figure(material(cast))
    assert (made.n, made.parts["part"], made.parts["dismissed"]) == (3, 1, 1)
    assert made.value == pytest.approx(1 / 3)
    assert sorted((row.case, row.label) for row in made.rows) == [
        ("stranger:+79000006300", "open"),
        ("stranger:+79000006301", "open"),
        ("stranger:+79000006303", "written"),
    ]
    assert past_base.figure(material(cast, "oleg")).value is None
