"""A form nobody answers: from desk to desk, to the head's page, until a call answers it."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Site, served
from voronka.foundation.worktime import russian_calendar
from voronka.web.words import ROUTED

pytestmark = pytest.mark.browser
ZONE = "Europe/Moscow"
HEARD = 15_000
NAME = "Гость Ночной"
PEOPLE = "SELECT id FROM people_person WHERE is_active AND role = '{}' ORDER BY id LIMIT {}"
NEWEST = "SELECT id, number FROM inquiries_inquiry ORDER BY id DESC LIMIT 1"
SLIP = "SELECT {} FROM control_slip WHERE inquiry_id = {}"
SHOWN = '.slip:has(a[href="/inquiries/{}/"])'


@dataclass
class Department:
    """A department at eleven of a working day, whose clock can be put ahead."""

    site: Site
    browser: Browser
    started_at: datetime
    ahead: int = 0
    opened: list[BrowserContext] = field(default_factory=list)

    def pass_time(self, **more: int) -> None:
        """Let so much time pass at once, for the server and its worker."""
        self.ahead += int(timedelta(**more).total_seconds())
        (self.site.base.parent / "ahead").write_text(str(self.ahead))

    def desk(self, person_id: int, address: str = "/") -> Page:
        """Open a page as a person, and wait until it listens."""
        sessions = json.loads((self.site.base.parent / "sessions.json").read_text())
        context = self.browser.new_context(locale="ru")
        self.opened.append(context)
        session = sessions[str(person_id)]
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.site.address}])
        page = context.new_page()
        with page.expect_response("**/live/ticket/"):
            page.goto(f"{self.site.address}{address}")
        page.wait_for_timeout(500)
        page.evaluate("window.isSame = true")
        return page

    def holder(self) -> int:
        """Who has the newest inquiry."""
        sql = "SELECT manager_id FROM inquiries_inquiry ORDER BY id DESC LIMIT 1"
        return int(self.site.ask(sql)[0][0])


@pytest.fixture
def department(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Department]:
    calendar = russian_calendar(ZONE, "09:00", "18:00")
    opens = calendar.next_opening(datetime.now(UTC) + timedelta(days=1))
    starts = opens + timedelta(hours=2)
    home = tmp_path_factory.mktemp("moved")
    with served("moved.py", home, starts.isoformat()) as site:
        began = site.ask("SELECT max(at) FROM journal_batch WHERE kind = 'demo'")[0][0]
        started_at = datetime.fromisoformat(began).replace(tzinfo=UTC)
        made = Department(site, chromium, started_at)
        yield made
        for context in made.opened:
            context.close()


def test_unanswered_it_moves_on_until_the_head_sees_it_and_a_call_closes_it(
    department: Department, tmp_path: Path
) -> None:
    sellers = [pk for (pk,) in department.site.ask(PEOPLE.format("manager", 3))]
    ((head_id,),) = department.site.ask(PEOPLE.format("head", 1))
    desks = {pk: department.desk(pk) for pk in sellers}
    heads = [
        department.desk(head_id, there)
        for there in ("/?kind=answer", "/slips/?rule=unanswered")
    ]
    _send_form(department)
    second = _moves_on(department, desks)
    department.pass_time(minutes=31)
    _slip_is_shown(department, heads)
    _load_call(department, head_id, second, tmp_path)
    _slip_is_gone(department, heads)


def _moves_on(department: Department, desks: dict[int, Page]) -> int:
    """See it on one desk, and once its time to accept is over on another; give whose."""
    first = _told(department, desks)
    mine = desks.pop(first).locator("#mine").get_by_text(NAME).first
    mine.wait_for()
    department.pass_time(minutes=6)
    mine.wait_for(state="detached", timeout=HEARD)
    second = _told(department, desks)
    desks[second].locator("#mine").get_by_text(NAME).first.wait_for()
    return second


def _slip_is_shown(department: Department, heads: list[Page]) -> None:
    ((inquiry, number),) = department.site.ask(NEWEST)
    for page in heads:
        page.locator(SHOWN.format(inquiry)).wait_for(timeout=HEARD)
    ((kopecks, closed),) = department.site.ask(SLIP.format("money_kopecks, closed_at", inquiry))
    assert (kopecks > 0, closed) == (True, None)
    for page in heads:
        shown = page.locator(SHOWN.format(inquiry))
        assert f"№ {number}" in shown.inner_text().replace("\u00a0", " ")
        rubles = "".join(filter(str.isdigit, shown.locator(".slip-money").inner_text()))
        assert int(rubles) == kopecks // 100


def _slip_is_gone(department: Department, heads: list[Page]) -> None:
    ((inquiry, _number),) = department.site.ask(NEWEST)
    for page in heads:
        page.locator(SHOWN.format(inquiry)).wait_for(state="detached", timeout=HEARD)
        assert page.evaluate("window.isSame") is True
    said = "how, json_extract(closing, '$.kind')"
    assert department.site.ask(SLIP.format(said, inquiry)) == [("evidence", "inquiry.answered")]


def _send_form(department: Department) -> None:
    context = department.browser.new_context(locale="ru")
    department.opened.append(context)
    visitor = context.new_page()
    visitor.goto(f"{department.site.address}/form/demo/?utm_source=yandex")
    visitor.wait_for_timeout(2200)
    visitor.fill("#name", NAME)
    visitor.fill("#phone", "+7 912 777-00-99")
    visitor.fill("#text", "Нужен кондиционер")
    visitor.check("input[name=consent]")
    visitor.click("button[type=submit]")
    visitor.get_by_text("Номер обращения").wait_for()


def _told(department: Department, desks: dict[int, Page]) -> int:
    """Wait until one open desk, and no other, tells of it with the reason; give whose."""
    until = time.monotonic() + HEARD / 1000
    told: dict[int, str] = {}
    while not told and time.monotonic() < until:
        next(iter(desks.values())).wait_for_timeout(100)
        toasts = {
            pk: desk.locator(".notice-toast", has_text=NAME) for pk, desk in desks.items()
        }
        told = {pk: toast.first.inner_text() for pk, toast in toasts.items() if toast.count()}
    ((pk, said),) = told.items()
    assert pk == department.holder()
    assert any(str(reason) in said for how, reason in ROUTED.items() if how != "owner"), said
    return pk


def _load_call(department: Department, head_id: int, by_id: int, folder: Path) -> None:
    """Load a file with one call, as the head does on the page."""
    ((name,),) = department.site.ask(f"SELECT name FROM people_person WHERE id = {by_id}")
    at = department.started_at + timedelta(seconds=department.ahead - 60)
    began = at.astimezone(ZoneInfo(ZONE)).strftime("%d.%m.%Y %H:%M:%S")
    file = folder / "звонки.csv"
    file.write_text(
        "Дата звонка;Направление;Номер клиента;Сотрудник;Длительность разговора;Отвечен\n"
        f"{began};исходящий;8 912 777-00-99;{name};120;да\n",
        encoding="utf-8",
    )
    page = department.desk(head_id, "/import/")
    page.locator("label.trade", has_text="Звонки").click()
    page.set_input_files("#f-file", str(file))
    page.get_by_role("button", name="Дальше: столбцы").click()
    page.wait_for_selector("#columns")
    page.get_by_role("button", name="Пробный прогон").click()
    page.wait_for_selector("#dry-h", timeout=20_000)
    page.locator("button", has_text="Записать").last.click()
    page.wait_for_selector("#r-h", timeout=20_000)
