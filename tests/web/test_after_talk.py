"""After a talk on pages: the list on the desk, the panel, the step; call-backs on the desk."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.web.world import World
from voronka.agenda.models import Step
from voronka.calls.models import Call, CallBack, CallOutcome
from voronka.calls.recording import NewCall, record_call
from voronka.control.models import Slip
from voronka.control.watch import look_at_all
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
PHONE = "+79123456789"
Enter = Callable[..., Client]


def call(minutes_ago: int, person_id: int, **more: object) -> Call:
    wanted: dict[str, object] = {
        "direction": "out", "phone": PHONE, "manager_id": person_id, "is_answered": True,
        "talk_seconds": 75,
    } | more  # fmt: skip
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return record_call(NewCall(started_at=at, **wanted), by=SYSTEM)  # type: ignore[arg-type]


def page(browser: Client, where: str, *, is_part: bool = False) -> str:
    answer = browser.get(where, headers={"HX-Request": "true"} if is_part else None)
    assert answer.status_code == 200
    return answer.content.decode()


def test_three_clicks_write_the_outcome_and_set_the_step(
    world: World, enter: Enter, cast: SimpleNamespace
) -> None:
    made, browser = call(0, cast.olga.pk), enter("olga")
    where = f"/calls/{made.pk}/outcome/"
    listed = page(browser, "/calls/after/", is_part=True)
    assert where in listed
    panel = page(browser, where, is_part=True)
    assert "<html" not in panel
    for key, kind in (("1", "letter"), ("2", "call_back"), ("3", "quote")):
        assert f'value="{kind}" data-key="{key}"' in panel
    due = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    form = {"outcome": "agreed", "summary": "Ждёт расчёт", "kind": "quote", "due": due}
    answer = browser.post(where, form | {"back": "today"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    step = Step.objects.latest("pk")
    assert (step.kind, step.deal_id, step.person_id) == ("quote", world.deal, cast.olga.pk)
    assert CallOutcome.objects.get().summary == "Ждёт расчёт"
    assert where not in page(browser, "/calls/after/", is_part=True)
    assert "Ждёт расчёт" in page(browser, f"/deals/{world.deal}/")


def test_a_refusal_is_a_sentence_and_nothing_is_written(
    world: World, enter: Enter, cast: SimpleNamespace
) -> None:
    made, browser = call(0, cast.olga.pk), enter("olga")
    answer = browser.post(f"/calls/{made.pk}/outcome/", {"summary": " "}, follow=True)
    assert "Выберите итог или шаг" in answer.content.decode()
    assert not CallOutcome.objects.exists()


def test_a_missed_call_stands_once_on_the_desk_until_there_is_a_talk(
    world: World, enter: Enter, cast: SimpleNamespace
) -> None:
    CallBack.objects.all().delete()
    Step.objects.all().delete()
    for minutes in (20, 5):
        call(minutes, cast.olga.pk, direction="in", is_answered=False, talk_seconds=0,
             wait_seconds=20)  # fmt: skip
    desk = page(enter("olga"), "/")
    assert desk.count("Перезвонить:") == 1
    assert "звонил 2 раза" in desk
    assert "Перезвонить:" not in page(enter("oleg"), "/")
    call(1, cast.oleg.pk)
    assert "Перезвонить:" not in page(enter("olga"), "/")


def test_a_stranger_s_missed_call_takes_the_place_of_its_inquiry(
    world: World, enter: Enter, cast: SimpleNamespace
) -> None:
    # The world's inquiry is olga's, from this number.
    call(5, cast.oleg.pk, direction="in", phone="+79120001122", is_answered=False,
         talk_seconds=0, wait_seconds=20)  # fmt: skip
    row = CallBack.objects.get(phone="+79120001122")
    assert (row.inquiry_id, row.owner_id) == (world.inquiry, cast.olga.pk)
    desk = page(enter("olga"), "/")
    assert "+7\u00a0912\u00a0000-11-22" in desk
    assert "Ответить: Иван" not in desk


def test_the_slips_of_calls_say_what_to_do(
    world: World, enter: Enter, cast: SimpleNamespace
) -> None:
    look_at_all(now=datetime.now(UTC))
    rules = ("missed_call", "no_outcome")
    for rule in rules:
        one = Slip.objects.filter(rule=rule, closed_at=None).first()
        if one is None:
            continue
        shown = page(enter("olga"), f"/slips/{one.pk}/")
        assert ("Перезвонить" if rule == "missed_call" else "Назначить шаг") in shown
    assert Slip.objects.filter(rule__in=rules, closed_at=None).exists()
