"""Roles, the day somebody leaves, and teams that move with everybody's reach."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser

from conftest import MONDAY
from voronka.deals.models import Deal
from voronka.journal.models import Fact
from voronka.people import accounts
from voronka.people.accounts import LastAdministratorError, change_person, dismiss_person
from voronka.people.models import Person, Team
from voronka.people.queries import directory, sellers
from voronka.people.team_tree import put_team

HOUR = timedelta(hours=1)
PASSWORD = "длинный и свой пароль"


def facts(kind: str = "person.changed") -> list[str]:
    rows = Fact.objects.filter(kind=kind).order_by("pk")
    return [fact.body["what"] for fact in rows]


def sign_in(email: str) -> Browser:
    browser = Browser()
    browser.post("/signin/", {"login": email, "password": PASSWORD})
    return browser


def test_whoever_left_is_out_at_once_and_cannot_sign_in(
    cast: SimpleNamespace, make_deal: Callable[..., Deal]
) -> None:
    cast.olga.set_password(PASSWORD)
    cast.olga.save()
    deal, by = make_deal(), cast.see("anna")
    one, other, oleg = sign_in("olga@firm.example"), Browser(), Browser()
    other.force_login(cast.olga)
    oleg.force_login(cast.oleg)
    assert [b.get("/deals/").status_code for b in (one, other, oleg)] == [200, 200, 200]
    dismiss_person(person_id=cast.olga.pk, by=by, at=MONDAY + HOUR)
    again = sign_in("olga@firm.example")
    statuses = [b.get("/deals/").status_code for b in (one, other, again, oleg)]
    assert statuses == [302, 302, 302, 200]
    assert Session.objects.count() == 1
    person = Person.objects.get(pk=cast.olga.pk)
    assert (person.is_active, person.dismissed_at) == (False, MONDAY + HOUR)
    assert Deal.objects.get(pk=deal.pk).manager_id == cast.olga.pk
    assert cast.olga.pk not in [one.id for one in sellers(viewer=by)]
    assert facts() == ["dismissed"]


def test_a_second_dismissal_does_nothing_and_a_return_opens_the_account(
    cast: SimpleNamespace,
) -> None:
    cast.olga.set_password(PASSWORD)
    cast.olga.save()
    say: dict[str, Any] = {"person_id": cast.olga.pk, "by": cast.see("vera")}
    for _ in range(2):
        dismiss_person(**say, at=MONDAY)
    for _ in range(2):
        accounts.return_person(**say, at=MONDAY + HOUR)
    assert facts() == ["dismissed", "returned"]
    assert sign_in("olga@firm.example").get("/deals/").status_code == 200


def test_somebody_must_be_left_who_administers(cast: SimpleNamespace) -> None:
    say: dict[str, Any] = {"person_id": cast.anna.pk, "by": cast.see("anna"), "at": MONDAY}
    role: dict[str, Any] = {"role": "manager", "team_id": None, "name": "Anna"}
    acts: list[Callable[[], Any]] = [
        lambda: dismiss_person(**say),
        lambda: change_person(**say, **role),
    ]
    for act in acts:
        with pytest.raises(LastAdministratorError):
            act()
    assert Person.objects.get(pk=cast.anna.pk).role == "administrator"
    change_person(
        person_id=cast.vera.pk, role="administrator", team_id=None, name="Vera",
        by=cast.see("anna"), at=MONDAY,
    )  # fmt: skip
    dismiss_person(**say)
    assert not Person.objects.get(pk=cast.anna.pk).is_active


@pytest.mark.parametrize("who", ["lev", "olga", "audit"])
def test_only_head_and_administrator_change_accounts(cast: SimpleNamespace, who: str) -> None:
    say: dict[str, Any] = {"person_id": cast.oleg.pk, "by": cast.see(who), "at": MONDAY}
    acts: list[Callable[[], Any]] = [
        lambda: dismiss_person(**say),
        lambda: accounts.return_person(**say),
        lambda: change_person(**say, role="head", team_id=None, name="Oleg"),
    ]
    for act in acts:
        with pytest.raises(PermissionError):
            act()
    assert facts() == []


def test_a_changed_role_is_told_once(cast: SimpleNamespace) -> None:
    say: dict[str, Any] = {"person_id": cast.oleg.pk, "by": cast.see("vera"), "at": MONDAY}
    for _ in range(2):
        change_person(**say, role="lead", team_id=cast.root.pk, name="Oleg")
    assert len(facts()) == 1
    assert next(one for one in directory() if one.id == cast.oleg.pk).role == "lead"


def test_a_team_that_moves_takes_its_branch_and_everybodys_reach(
    cast: SimpleNamespace,
) -> None:
    by = cast.see("anna")

    def put(name: str, parent: Team | None, team_id: int | None = None) -> Team:
        up = parent.pk if parent else None
        return put_team(team_id=team_id, name=name, parent_id=up, by=by, at=MONDAY)

    north = put("Север", cast.root)
    below = put("Пара", north)
    Person.objects.filter(pk=cast.oleg.pk).update(team=below)
    assert cast.oleg.pk not in (cast.see("lev").reach("deal", "read") or ())
    put("Север", cast.group, north.pk)
    below.refresh_from_db()
    assert below.path == f"/{cast.root.pk}/{cast.group.pk}/{north.pk}/{below.pk}/"
    assert cast.oleg.pk in (cast.see("lev").reach("deal", "read") or ())
    for parent in (below, north):
        with pytest.raises(accounts.BadPersonError):
            put("Петля", parent, north.pk)
    north.refresh_from_db()
    assert (north.name, facts()) == ("Север", ["team"] * 3)
