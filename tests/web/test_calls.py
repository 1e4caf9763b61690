"""The page of calls: its figures are the lists behind them, for whoever looks; the workbook."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.test import Client
from openpyxl import load_workbook

from voronka.calls.listening import worth_hearing
from voronka.calls.models import Call, CallOutcome
from voronka.calls.past_call_backs import lay_past_of_all
from voronka.calls.recording import NewCall, record_call
from voronka.calls.sums import Norms
from voronka.deals.models import Deal, Funnel
from voronka.deals.stage_moves import lose_deal
from voronka.journal.models import Fact
from voronka.people import settings
from voronka.people.models import Person

pytestmark = pytest.mark.django_db
CUSTOM = "period=custom&from=2026-03-01&to=2026-03-31"
AT = datetime(2026, 3, 10, 8, tzinfo=UTC)


@pytest.fixture
def calls(cast: SimpleNamespace) -> None:
    """Olga: 40 talks in, 3 missed (one returned), 20 out of which 5 busy; oleg: 2 out."""

    def put(n: int, who: str, direction: str, talk: int, **more: object) -> None:
        Call.objects.create(
            started_at=AT + timedelta(minutes=n), direction=direction,
            manager=getattr(cast, who),
            is_answered=talk > 0, talk_seconds=talk,
            **{"phone": f"+7912000{n:04}", "wait_seconds": 12, "line": "+74950000001"} | more,
        )  # fmt: skip

    for n in range(40):
        put(n, "olga", "in", 120)
    for n in (100, 101, 102):
        put(n, "olga", "in", 0, outcome="missed")
    put(110, "olga", "out", 90, phone="+79120000100")
    for n in range(120, 139):
        put(n, "olga", "out", 700 if n < 122 else 0, outcome="busy" if n > 133 else "")
    put(140, "oleg", "out", 30, phone="=1+1")
    put(141, "oleg", "in", 0, wait_seconds=2)
    lay_past_of_all()


def shown(page: str) -> int:
    return page.count('class="call call-line"')


def number_beside(page: str, title: str) -> str:
    found = re.search(rf">{title}</h2>.*?figure-value[^>]*>([^<]+)<", page, re.DOTALL)
    assert found, title
    return found[1]


def test_the_figures_of_a_period_and_the_lists_behind_them(
    calls: None, enter: Callable[..., Client]
) -> None:
    page = enter("vera").get(f"/calls/?{CUSTOM}").content.decode()
    assert number_beside(page, "Исходящие") == "21"
    assert number_beside(page, "Входящие") == "43"
    assert number_beside(page, "Пропущено") == "3"
    assert "дозвон 19\u00a0%" in page
    assert "не перезвонили 2 номерам" in page
    assert "отвечено 93\u00a0%" in page
    assert "медиана 2:00, среднее 2:23" in page
    assert "Внутренние и сбросы до 5 с не входят: <a" in page
    for what, n in (("missed", 3), ("not_returned", 2), ("busy", 5), ("connected", 4),
                    ("long", 2), ("given_up", 1), ("unreached", 17)):  # fmt: skip
        listed = enter("vera").get(f"/calls/?{CUSTOM}&what={what}").content.decode()
        assert shown(listed) == n, what


def test_the_list_goes_on_page_by_page_without_gap_or_repeat(
    calls: None, enter: Callable[..., Client]
) -> None:
    browser, seen, address = enter("vera"), list[str](), f"/calls/?{CUSTOM}"
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r'datetime="([^"]+)"', page)
        found = re.search(r'<a class="push" href="(\?[^"#]+)', page)
        address = f"/calls/{found[1]}".replace("&amp;", "&") if found else ""
    assert len(seen) == 64
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 64


def test_a_manager_sees_the_own_calls_only_and_takes_none_out(
    calls: None, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    page = enter("oleg").get(f"/calls/?{CUSTOM}").content.decode()
    assert number_beside(page, "Исходящие") == "1"
    assert shown(page) == 1
    other = enter("oleg").get(f"/calls/?{CUSTOM}&manager={cast.olga.pk}").content.decode()
    assert shown(other) == 0
    assert "XLSX" not in page
    assert "Olga" not in page
    for who in ("oleg", "lev", "audit"):
        assert enter(who).get(f"/calls/export/?{CUSTOM}").status_code in (403, 404)
    assert not Fact.objects.filter(kind="list.exported").exists()


def test_the_workbook_holds_the_list_as_text_and_taking_it_is_a_fact(
    calls: None, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    answer = enter("vera").get(f"/calls/export/?{CUSTOM}&what=out")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert len(rows) == 1 + 21
    assert rows[0][:3] == ("Начало", "Направление", "Чем кончился")
    oleg = next(row for row in rows if row[5] == "Oleg")
    assert oleg[:4] == ("2026-03-10 13:20", "исходящий", "дозвонились", "=1+1")
    assert oleg[9] == 30
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    fact = Fact.objects.get(kind="list.exported")
    assert (fact.by_id, fact.body) == (cast.vera.pk, {"what": "calls", "rows": 21})


@pytest.mark.parametrize(
    "odd", ["period=month&manager=x", "from=31.02.2026&period=custom", "after=1~2", "stage=-1",
            "line=%00", "client=99999999999", "what=zz", "period=custom&from=0001-01-01",
            f"after={quote('2026-03-10T08:00:00+00:00~1')}"],
)  # fmt: skip
def test_what_cannot_be_read_asks_for_nothing(
    odd: str, calls: None, enter: Callable[..., Client]
) -> None:
    assert enter("vera").get(f"/calls/?{odd}").status_code == 200


def test_the_navigation_counts_numbers_missed_this_week_and_not_called_back(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    now = datetime.now(UTC)
    for hours, phone in ((2, "+79120000001"), (3, "+79120000001"), (5, "+79120000002"),
                         (4, "+79120000003"), (24 * 8, "+79120000004")):  # fmt: skip
        missed = NewCall(
            started_at=now - timedelta(hours=hours), direction="in", phone=phone,
            manager_id=cast.olga.pk, is_answered=False, wait_seconds=20,
        )  # fmt: skip
        record_call(missed, by=cast.see("olga"))
    back = NewCall(
        started_at=now - timedelta(hours=1), direction="out", phone="+79120000003",
        manager_id=cast.olga.pk, is_answered=True, talk_seconds=60,
    )  # fmt: skip
    record_call(back, by=cast.see("olga"))
    for who, n in (("olga", 2), ("vera", 2), ("oleg", 0)):
        page = enter(who).get("/calls/").content.decode()
        found = re.search(r'Звонки(?:<span class="nav-count is-bad">(\d+)</span>)?</a>', page)
        assert found
        assert int(found[1] or 0) == n, who


def test_what_to_hear_names_a_reason_for_each_and_stays_the_same_all_day(
    cast: SimpleNamespace,
    funnel: Funnel,
    reasons: SimpleNamespace,
    make_deal: Callable[..., Deal],
    enter: Callable[..., Client],
) -> None:
    now = datetime.now(UTC)
    Person.objects.filter(pk=cast.oleg.pk).update(hired_on=(now - timedelta(days=9)).date())
    lost, big = make_deal(), make_deal(amount=9_000_000_00)

    def talk(hours: float, seconds: int, who: str = "olga", deal: Deal | None = None) -> int:
        return Call.objects.create(
            started_at=now - timedelta(hours=hours), direction="out", phone="+79120000009",
            manager=getattr(cast, who), is_answered=True, talk_seconds=seconds, deal=deal,
        ).pk  # fmt: skip

    before = talk(30, 200, deal=lost)
    lose_deal(
        deal_id=lost.pk, reason_id=reasons.dear.pk, by=cast.see("olga"),
        at=now - timedelta(hours=28),
    )  # fmt: skip
    short, longest, fresh = talk(5, 21, deal=big), talk(6, 2000), talk(7, 300, "oleg")
    talk(24 * 9, 3000)
    usual = {talk(8 + n, 100) for n in range(30)}
    known = settings.all_settings()

    def heard(at: datetime) -> dict[int, str]:
        rows = worth_hearing(
            viewer=cast.see("vera"), now=at, calendar=settings.calendar(known),
            norms=Norms(5, 10, 20),
        )  # fmt: skip
        return {one.id: one.why for one in rows}

    found = heard(now)
    assert {pk: found[pk] for pk in (before, short, longest, fresh)} == {
        before: "lost", short: "short", longest: "longest", fresh: "new",
    }  # fmt: skip
    drawn = {pk for pk, why in found.items() if why == "random"}
    assert len(drawn) == 3
    assert drawn <= usual | {before, short, longest, fresh}
    assert heard(now) == found
    page = enter("vera").get("/calls/listen/").content.decode()
    assert "Отказ через 2\u00a0ч после разговора" in page
    assert f'href="/calls/{short}/"' in page
    assert enter("olga").get("/calls/listen/").status_code in (403, 404)


def test_a_talk_whose_outcome_nobody_wrote_down_is_worth_hearing(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], enter: Callable[..., Client]
) -> None:
    now = datetime.now(UTC)

    def talk(hours: float, amount: int) -> int:
        deal = make_deal(amount=amount)
        call = Call.objects.create(
            started_at=now - timedelta(hours=hours), direction="out", phone="+79120000009",
            manager=cast.olga, is_answered=True, talk_seconds=90, deal=deal, client=deal.client,
        )  # fmt: skip
        return call.pk

    # Of the dearer two one has its outcome, the other was spoken a moment ago.
    unnoted, noted = talk(4, 2_000_000_00), talk(4, 5_000_000_00)
    CallOutcome.objects.create(call_id=noted, outcome="agreed", at=now)
    talk(0.5, 7_000_000_00)
    known = settings.all_settings()
    rows = worth_hearing(
        viewer=cast.see("vera"), now=now, calendar=settings.calendar(known),
        norms=Norms(5, 10, 20),
    )  # fmt: skip
    assert [one.id for one in rows if one.why == "unnoted"] == [unnoted]
    page = enter("vera").get("/calls/listen/").content.decode()
    assert page.count("Итог не записан") == 1
