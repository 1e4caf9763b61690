"""The pages of rules and shifts: what is written there decides, and readers only read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from voronka.deals.funnels import put_product
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry, Routing, RoutingRule
from voronka.inquiries.rule_list import rule_list
from voronka.journal.models import Fact
from voronka.people.duties import duty_of
from voronka.people.settings import all_settings, change_setting
from voronka.routing.rules import Wants

pytestmark = pytest.mark.django_db
RULES, PUT = "/inquiries/rules/", "/inquiries/rules/put/"


def test_a_rule_is_written_in_the_form_shown_in_words_moved_and_switched_off(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    vera = enter("vera")
    put_product(name="Окна", price_kopecks=1, by=cast.see("vera"), at=datetime.now(UTC))
    form = {
        "act": "put", "rule": "", "name": "Дорогие окна", "channel": ["form", "call"],
        "product": ["Окна"], "region": ["Москва"], "least": "1 млн", "most": "5 000 000",
        "weekday": ["0", "1", "2", "3", "4"], "since": "9:00", "until": "17:30",
        "in_hours": "in", "who": "people", "people": [str(cast.olga.pk)], "skill": "Окна",
        "level": "2", "way": "turn", "cap": "7",
    }  # fmt: skip
    page = vera.post(PUT, form, follow=True).content.decode()
    assert "Записано, версия 2" in page
    row = rule_list().rows[0]
    assert row.wants == Wants(
        {
            "channel": frozenset({"form", "call"}),
            "product": frozenset({"Окна"}),
            "region": frozenset({"Москва"}),
        },
        least=1_000_000_00,
        most=5_000_000_00,
        weekdays=frozenset(range(5)),
        since=540,
        until=1050,
        in_hours=True,
    )
    assert (row.target.person_ids, row.target.skill, row.target.level) == (
        (cast.olga.pk,), "Окна", 2,
    )  # fmt: skip
    for said in ("Дорогие окна", "регион: Москва", "пн–пт", "с 9:00 до 17:30", "по очереди"):
        assert said in page, said
    assert "не больше 7 в день на человека" in page
    vera.post(PUT, {"act": "put", "rule": "", "name": "Второе", "who": "all"})
    second = RoutingRule.objects.get(name="Второе")
    vera.post(PUT, {"act": "move", "rule": second.pk, "to": "up"})
    vera.post(PUT, {"act": "switch", "rule": second.pk, "to": "off"})
    assert [(one.name, one.is_on) for one in rule_list().rows] == [
        ("Второе", False), ("Дорогие окна", True), ("", True),
    ]  # fmt: skip
    edit = vera.get(f"{RULES}?rule={row.id}").content.decode()
    assert 'value="1000000"' in edit
    assert "Правила раздачи: версия 5" in enter("olga").get("/inquiries/").content.decode()


def test_the_last_rule_has_no_buttons_and_its_fallback_is_set(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    vera = enter("vera")
    assert "Выключить правило" not in vera.get(f"{RULES}?rule=last").content.decode()
    form = {"act": "put", "rule": "last", "way": "competence", "fallback": "person"}
    page = vera.post(PUT, form | {"falls_to": cast.lev.pk}, follow=True).content.decode()
    assert "Взять некому: Lev" in page
    last = RoutingRule.objects.get()
    refused = vera.post(PUT, {"act": "switch", "rule": last.pk, "to": "off"}, follow=True)
    assert "стоит в конце всегда" in refused.content.decode()
    assert rule_list().last.is_on


def test_readers_see_the_rules_without_a_way_to_change_them(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    for who in ("olga", "audit", "lev"):
        page = enter(who).get(f"{RULES}?rule=new").content.decode()
        assert "Все остальные" in page
        assert PUT not in page
    assert "Проба" not in enter("olga").get(f"{RULES}?try=1").content.decode()


def test_routing_is_switched_on_and_off_there(enter: Callable[..., Client]) -> None:
    vera = enter("vera")
    assert "Раздача выключена" in vera.get(RULES).content.decode()
    for to, is_on in (("on", True), ("off", False)):
        vera.post(PUT, {"act": "route", "to": to})
        assert all_settings()["routing_on"] == is_on


def test_a_trial_says_who_would_get_it_and_writes_nothing(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    vera = enter("vera")
    form = {"act": "put", "rule": "", "name": "Питер", "region": ["Санкт-Петербург"]}
    vera.post(PUT, form | {"who": "people", "people": [str(cast.lev.pk)]})
    facts = Fact.objects.count()
    asked = "?try=1&channel=form&at=2026-03-04T12:00&phone="
    page = vera.get(f"{RULES}{asked}8 812 412 34 56").content.decode()
    assert "Почему Lev" in page
    assert "Правило «Питер»" in page
    page = vera.get(f"{RULES}{asked}8 495 412 34 56&amount=чепуха").content.decode()
    assert "Почему Lev" not in page
    assert "Почему Ol" in page
    for odd in ("at=0001-01-01T00:00", "at=9999-12-31T23:59", "at=x", "phone=%00", "amount=-5"):
        assert vera.get(f"{RULES}?try=1&{odd}").status_code == 200
    assert (Routing.objects.count(), Inquiry.objects.count()) == (0, 0)
    assert Fact.objects.count() == facts


def test_hours_limits_skills_absences_and_a_pause_are_set_on_the_page_of_shifts(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    vera, pk = enter("vera"), cast.olga.pk
    put = f"/inquiries/shifts/{pk}/"
    hours = {"hours": "own", "cap": "5", "weight": "50", "most_open": "40"}
    for n in range(5):
        hours |= {f"opens{n}": "14:00", f"closes{n}": "00:00"}
    vera.post(put, {"act": "duty"} | hours)
    vera.post(put, {"act": "skill", "skill": "Окна", "level": "3"})
    today = datetime.now(UTC).date()
    days = {"first_on": today - timedelta(days=1), "last_on": today + timedelta(days=1)}
    away = {"act": "absence", "kind": "sick", "stands_in": cast.oleg.pk} | days
    page = vera.post(put, away, follow=True).content.decode()
    duty = duty_of(pk)
    assert duty.week == ((840, 1440),) * 5 + (None, None)
    assert (duty.cap, duty.weight_percent, duty.most_open) == (5, 50, 40)
    assert duty.skills == {"Окна": 3}
    for said in ("пн–пт 14:00–24:00", "в отъезде", "замещает Oleg", "Окна"):
        assert said in page, said
    vera.post(put, {"act": "cancel", "absence": duty.absences[0].id})
    assert duty_of(pk).absences == ()
    olga = enter("olga")
    olga.post(f"{put}pause/", {"to": "pause", "reason": "на объекте"})
    assert "на объекте" in olga.get("/inquiries/shifts/").content.decode()
    answer = olga.post(f"/inquiries/shifts/{cast.oleg.pk}/pause/", {"to": "pause"})
    assert answer.status_code in (403, 404)
    assert duty_of(cast.oleg.pk).paused_at is None
    bad = vera.post(put, {"act": "duty"} | hours | {"opens0": "25:99"}, follow=True)
    assert "Форма пришла неполной" in bad.content.decode()


def test_an_override_asks_why_and_is_told_and_counted(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    at = datetime.now(UTC)
    change_setting(name="routing_on", value=True, by=cast.see("vera"), at=at)
    new = NewInquiry(channel="form", text="Цена?")
    row = register_inquiry(new, by=cast.see("anna"), at=at)
    other = cast.oleg if row.manager_id == cast.olga.pk else cast.olga
    vera = enter("vera")
    assert "Почему не по раздаче" in vera.get(f"/inquiries/{row.pk}/").content.decode()
    form = {"what": "assign", "to": other.pk, "reason": "знает объект"}
    vera.post(f"/inquiries/{row.pk}/act/", form)
    page = vera.get(f"/inquiries/{row.pk}/").content.decode()
    assert "Решили иначе" in page
    assert "знает объект" in page
    assert "отдало 1, решили иначе 1" in vera.get(RULES).content.decode()
