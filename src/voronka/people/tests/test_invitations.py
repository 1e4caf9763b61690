"""An account gets its password by a link that works once, and not for long."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.foundation.errors import RefusalError
from voronka.journal.models import Fact
from voronka.people import invitations
from voronka.people.accounts import BadPersonError, WeakPasswordError, dismiss_person
from voronka.people.invitations import BadTokenError, accept_invitation, renew_invitation
from voronka.people.models import Invitation, Person

GOOD = "длинный и свой пароль"
DAYS = timedelta(days=invitations.INVITATION_DAYS)
SECOND = timedelta(seconds=1)


def invite(cast: SimpleNamespace, **more: Any) -> tuple[Person, str]:
    wanted: dict[str, Any] = {
        "name": "Ника", "email": "Nika@Firm.example ", "role": "manager", "team_id": None,
    }  # fmt: skip
    return invitations.invite_person(**wanted | more, by=cast.see("anna"), at=MONDAY)


def refused(error: type[Exception], act: Callable[[], Any]) -> None:
    tables = (Person, Invitation, Fact)
    before = [list(table._default_manager.order_by("pk").values()) for table in tables]
    with pytest.raises(error):
        act()
    after = [list(table._default_manager.order_by("pk").values()) for table in tables]
    assert after == before


def test_a_link_sets_the_password_once(cast: SimpleNamespace) -> None:
    person, token = invite(cast)
    assert (person.email, person.has_usable_password()) == ("nika@firm.example", False)
    assert token not in str(list(Invitation.objects.values()))
    accept_invitation(token=token, password=GOOD, at=MONDAY + SECOND)
    person.refresh_from_db()
    assert person.check_password(GOOD)
    refused(BadTokenError, lambda: accept_invitation(token=token, password=GOOD, at=MONDAY))
    refused(BadTokenError, lambda: accept_invitation(token="x", password=GOOD, at=MONDAY))
    said = Fact.objects.filter(kind="person.changed").order_by("pk")
    assert [fact.body["what"] for fact in said] == ["invited as manager", "password set"]


def test_a_link_ends_after_three_days(cast: SimpleNamespace) -> None:
    (_, first), (_, second) = invite(cast), invite(cast, email="b@firm.example")
    late = MONDAY + DAYS
    refused(BadTokenError, lambda: accept_invitation(token=first, password=GOOD, at=late))
    assert accept_invitation(token=second, password=GOOD, at=late - SECOND).name == "Ника"


def test_a_new_link_ends_the_old_one_and_a_dismissal_ends_all(cast: SimpleNamespace) -> None:
    person, old = invite(cast)
    new = renew_invitation(person_id=person.pk, by=cast.see("vera"), at=MONDAY)
    refused(BadTokenError, lambda: accept_invitation(token=old, password=GOOD, at=MONDAY))
    dismiss_person(person_id=person.pk, by=cast.see("anna"), at=MONDAY)
    refused(BadTokenError, lambda: accept_invitation(token=new, password=GOOD, at=MONDAY))
    refused(
        Person.DoesNotExist,
        lambda: renew_invitation(person_id=person.pk, by=cast.see("anna"), at=MONDAY),
    )


@pytest.mark.parametrize("password", ["короткий", "1234567890123", "password123"])
def test_a_weak_password_leaves_the_link_open(cast: SimpleNamespace, password: str) -> None:
    _, token = invite(cast)
    refused(
        WeakPasswordError,
        lambda: accept_invitation(token=token, password=password, at=MONDAY),
    )
    assert accept_invitation(token=token, password=GOOD, at=MONDAY).name == "Ника"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"email": "nobody"}, {"email": "OLGA@firm.example"}, {"role": "god"},
    ],
)  # fmt: skip
def test_a_wrong_account_is_refused(cast: SimpleNamespace, wrong: dict[str, Any]) -> None:
    refused(BadPersonError, lambda: invite(cast, **wrong))


@pytest.mark.parametrize("who", ["lev", "olga", "audit"])
def test_only_head_and_administrator_invite(cast: SimpleNamespace, who: str) -> None:
    by = cast.see(who)
    new: dict[str, Any] = {"name": "Н", "email": "n@firm.example", "role": "lead"}
    new |= {"team_id": None, "by": by, "at": MONDAY}
    refused(PermissionError, lambda: invitations.invite_person(**new))
    refused(PermissionError, lambda: renew_invitation(person_id=cast.olga.pk, by=by, at=MONDAY))


def test_the_first_run_makes_one_administrator(db: None) -> None:
    token = invitations.prepare_first_run() or ""
    new: dict[str, Any] = {"name": "Анна", "email": "anna@firm.example", "at": MONDAY}

    def make(token: str, password: str = GOOD) -> Person:
        return invitations.make_first_administrator(token=token, password=password, **new)

    for wrong, password in (("x", GOOD), (token, "короткий")):
        refused(RefusalError, lambda: make(wrong, password))  # noqa: B023
    assert make(token).role == "administrator"
    assert invitations.prepare_first_run() is None
    refused(BadTokenError, lambda: make(token))
