"""Money led back to where the client came from: a table made by hand, and sums that agree."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.clients.merging import merge_clients
from voronka.clients.models import Client
from voronka.deals.dealing import open_deal
from voronka.deals.models import Funnel
from voronka.deals.stage_moves import reopen_deal, win_deal
from voronka.inquiries.intake import NewInquiry, classify_inquiry, register_inquiry
from voronka.inquiries.marks import marks_of_form
from voronka.inquiries.models import Inquiry
from voronka.inquiries.touches import (
    Origin,
    client_touches,
    origin_of,
    touched_deals,
)
from voronka.kpi import inquiries_arrived, targeted, won_money
from voronka.kpi.by_source import FIRST, LAST, WHATS, Line, by_source, rows_of
from voronka.kpi.conventions import month_of
from voronka.kpi.source import Material, read
from voronka.people.settings import all_settings, calendar

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
END = MONDAY + 20 * DAY
Turn = Callable[..., Inquiry]


@pytest.mark.parametrize(
    ("source", "marks", "origin"),
    [
        ("Сайт", {}, Origin("Сайт")),
        ("Сайт", {"utm_source": "ya", "utm_campaign": "лето"}, Origin("Сайт", "лето")),
        ("", {"utm_source": " ya ", "utm_campaign": " лето "}, Origin("ya", "лето")),
        ("", {"yclid": "123", "referrer": "https://other.example"}, Origin("yandex")),
        ("", {"gclid": "Cj0K", "utm_campaign": "b"}, Origin("google", "b")),
        ("", {"_ym_uid": "16", "referrer": "https://www.ya.ru/search?text=x"}, Origin("ya.ru")),
        ("", {"referrer": "t.example/x"}, Origin("t.example")),
        ("", {"referrer": "https://["}, Origin()),
        ("", {"referrer": "слово"}, Origin()),
        ("", {"page": "/x"}, Origin()),
    ],
)
def test_an_origin_is_told_by_source_utm_click_or_referrer(
    source: str, marks: dict[str, str], origin: Origin
) -> None:
    assert origin_of(source, marks) == origin


def test_known_marks_are_kept_and_nothing_else() -> None:
    given = {
        "name": "Иван", "utm_source": "ya", "_ym_uid": "16", "yclid": "y" * 400, "gclid": "",
        "referer": "https://ya.ru", "page": "/x",
    }  # fmt: skip
    assert marks_of_form(given) == {
        "utm_source": "ya", "_ym_uid": "16", "yclid": "y" * 300, "page": "/x",
        "referrer": "https://ya.ru",
    }  # fmt: skip


@pytest.fixture
def turn(cast: SimpleNamespace) -> Turn:
    """Let somebody turn to us on a day, from a source and a campaign."""

    def made(phone: str, source: str, campaign: str = "", day: int = 0) -> Inquiry:
        marks = {"utm_source": source, "utm_campaign": campaign} if campaign else {}
        new = NewInquiry(
            channel="form", name="x", phone=phone, source=source, marks=marks,
            manager_id=cast.olga.pk,
        )  # fmt: skip
        return register_inquiry(new, by=cast.see("olga"), at=MONDAY + day * DAY)

    return made


@pytest.fixture
def month(
    cast: SimpleNamespace, funnel: Funnel, make_client: Callable[..., Client], turn: Turn
) -> SimpleNamespace:
    """Anna: ads, then mail, then a deal of 100 and one of 10; Boris: mail before it all, and a
    deal of 50 taken back; Clara: no inquiry, a deal of 7 by her card's source.
    """
    olga = cast.see("olga")
    anna = make_client("Анна", phones=["89120000001"])
    boris = make_client("Борис", phones=["89120000002"])
    clara = make_client("Клара", source="Выставка")
    ads = turn("89120000001", "Реклама", "лето", day=1)
    turn("89120000001", "Почта", day=3)
    mail = turn("89120000002", "Почта", day=2)
    turn("89120000009", "")
    spam = turn("89120000008", "Реклама", "зима", day=5)
    for one, state in ((ads, "targeted"), (mail, "targeted"), (spam, "not_targeted")):
        classify_inquiry(
            inquiry_id=one.pk, state=state, reason="x", by=olga, at=MONDAY + 6 * DAY
        )
    deals = {}
    for name, client, day, amount in (
        ("early", anna, 2, 10), ("late", anna, 4, 100), ("boris", boris, 4, 50),
        ("clara", clara, 4, 7), ("before", boris, 1, 30),
    ):  # fmt: skip
        at = MONDAY + day * DAY
        deals[name] = open_deal(
            client_id=client.pk, title=name, by=olga, at=at, amount_kopecks=amount * 100
        )
        win_deal(deal_id=deals[name].pk, by=olga, at=at + DAY)
    reopen_deal(deal_id=deals["boris"].pk, by=olga, at=MONDAY + 7 * DAY)
    return SimpleNamespace(anna=anna, boris=boris, clara=clara, deals=deals)


def material(cast: SimpleNamespace, who: str = "vera", now: datetime = END) -> Material:
    known = all_settings()
    days = calendar(known)
    period = month_of(MONDAY.date(), days)
    return read(viewer=cast.see(who), period=period, now=now, calendar=days, settings=known)


def table(lines: list[Line]) -> dict[tuple[str, str], tuple[int, ...]]:
    return {
        (one.origin.source, one.origin.campaign): (
            len(one.inquiries), len(one.targeted), len(one.deals), one.wins,
            one.won_kopecks // 100, one.other_won_kopecks // 100,
        )
        for one in lines
    }  # fmt: skip


def test_money_stands_at_the_first_or_at_the_last_touch(
    cast: SimpleNamespace, month: SimpleNamespace
) -> None:
    made = material(cast)
    first = by_source(made, viewer=cast.see("vera"), touch=FIRST)
    assert table(first) == {
        ("Реклама", "лето"): (1, 1, 2, 2, 110, 10),
        ("Почта", ""): (2, 1, 1, 1, 0, 100),
        ("Реклама", "зима"): (1, 0, 0, 0, 0, 0),
        ("Выставка", ""): (0, 0, 1, 1, 7, 7),
        ("", ""): (1, 0, 1, 1, 30, 30),
    }
    behind = rows_of(
        made, viewer=cast.see("vera"), what="won", origin=Origin("Реклама", "лето"), touch=LAST
    )
    assert [(row.deal_id, row.value) for row in behind] == [(month.deals["early"].pk, 1000)]
    last = by_source(made, viewer=cast.see("vera"), touch=LAST)
    assert table(last)["Реклама", "лето"] == (1, 1, 1, 1, 10, 110)
    assert table(last)["Почта", ""] == (2, 1, 2, 2, 100, 0)
    assert [one.origin.source for one in first][:3] == ["Реклама", "", "Выставка"]


@pytest.mark.parametrize("touch", [FIRST, LAST])
def test_the_sums_of_the_sources_are_the_figures(
    cast: SimpleNamespace, month: SimpleNamespace, touch: str
) -> None:
    for who in ("vera", "olga", "oleg"):
        made = material(cast, who)
        lines = by_source(made, viewer=cast.see(who), touch=touch)
        k13 = won_money.figure(made)
        assert sum(one.won_kopecks for one in lines) == k13.value
        assert sum(one.other_won_kopecks for one in lines) == k13.value
        assert sum(one.wins for one in lines) == k13.parts["wins"]
        assert sum(len(one.inquiries) for one in lines) == inquiries_arrived.figure(made).value
        for one in lines:
            for what in WHATS:
                behind = rows_of(
                    made, viewer=cast.see(who), what=what, origin=one.origin, touch=touch
                )
                assert behind == one.rows(what)
        fit = targeted.figure(made).parts["part"]
        assert sum(len(one.targeted) for one in lines) == fit
    assert by_source(material(cast, "oleg"), viewer=cast.see("oleg")) == []


def test_a_merge_keeps_the_earliest_first_touch(
    cast: SimpleNamespace, month: SimpleNamespace
) -> None:
    late = month.deals["boris"].pk
    assert touched_deals([late])[late].first == Origin("Почта")
    merge_clients(
        kept_id=month.boris.pk, other_id=month.anna.pk, choice={}, by=cast.see("olga"), at=END
    )
    touched = touched_deals([late])[late]
    assert (touched.first, touched.last) == (Origin("Реклама", "лето"), Origin("Почта"))
    assert touched.last_touch
    assert touched.last_touch.at == MONDAY + 3 * DAY
    assert client_touches([month.boris.pk])[0].origin == Origin("Реклама", "лето")


def test_the_inquiry_a_deal_was_made_from_counts_whatever_the_files_say(
    month: SimpleNamespace, turn: Turn
) -> None:
    deal = month.deals["clara"]
    late = turn("89120000007", "Файл", day=9)
    Inquiry.objects.filter(pk=late.pk).update(client=month.clara, deal=deal)
    assert touched_deals([deal.pk])[deal.pk].first == Origin("Файл")
    Inquiry.objects.filter(pk=late.pk).update(removed_at=END)
    assert touched_deals([deal.pk])[deal.pk].first == Origin("Выставка")
