"""The administrator joins an exchange, looks at it, compares with it, and sees no password."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.web.exchange_world import joined
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.models import Call
from voronka.calls.providers import KINDS, SEALED, TABLES
from voronka.calls.tests.test_reconciling import Record
from voronka.foundation.sealing import seal, unseal
from voronka.journal.models import Fact
from voronka.people.models import Person

pytestmark = pytest.mark.django_db
PAGE = "/settings/telephony/"
Enter = Callable[..., Client]


@pytest.fixture
def anna(enter: Enter, cast: SimpleNamespace) -> Client:
    return enter("anna")


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.kind)
def test_each_kind_is_joined_by_its_own_fields_and_no_password_comes_back(
    anna: Client, kind: object
) -> None:
    code, needs = kind.kind, kind.needs  # type: ignore[attr-defined]
    form = text(anna.get(PAGE, {"kind": code}))
    shown = set(re.findall(r'name="(\w+)"', form.split("nx-h")[2]))
    assert set(needs) | {"name", "kind"} <= shown
    assert not ({"host", "record", "login"} - set(needs)) & shown
    typed = {name: "тайна-1234" if name in SEALED else "x" for name in needs}
    typed |= {name: "x = 1\r\n\r\n+7 = 2" for name in TABLES if name in needs}
    typed |= {"zone": "Asia/Omsk", "port": "5039", "name": "Офис", "kind": code}
    answer = anna.post(PAGE, typed)
    assert answer.status_code == 303
    made = Exchange.objects.get()
    assert (made.kind, made.name, made.zone) == (code, "Офис", "Asia/Omsk")
    assert unseal(made.secret) == "тайна-1234"
    assert set(made.options) == set(needs) - {"secret", "zone"}
    assert made.options.get("port", 5039) == 5039
    tables = [made.options[name] for name in TABLES if name in needs]
    assert all(table == {"x": "1", "+7": "2"} for table in tables)
    if "api_secret" in needs:
        assert unseal(made.options["api_secret"]) == "тайна-1234"
    for page in (PAGE, answer.headers["Location"]):
        assert "тайна-1234" not in text(anna.get(page))
    asked_with = kind.asked_with  # type: ignore[attr-defined]
    assert ('id="compared"' in text(anna.get(answer.headers["Location"]))) == bool(asked_with)


def test_what_cannot_be_joined_says_why_and_keeps_what_was_typed(anna: Client) -> None:
    typed = {
        "kind": "asterisk", "name": "Офис", "host": "pbx.example", "port": "99999",
        "secret": "тайна-1234", "zone": "Europe/Moscow",
        "record": "postgresql://crm:hidden-word@pbx/cdr",
    }  # fmt: skip
    answer = anna.post(PAGE, typed)
    assert answer.status_code == 400
    page = text(answer)
    assert "Порт: число от 1 до 65535" in page
    assert "pbx.example" in page
    assert "тайна-1234" not in page
    assert "hidden-word" not in page
    assert not Exchange.objects.exists()


def test_a_change_keeps_the_passwords_and_lets_none_go_elsewhere(anna: Client) -> None:
    address = "postgresql://crm:hidden-word@pbx/cdr"
    made = joined(
        "asterisk", host="pbx", port=5038, login="crm", record=address,
        endpoints={"101": {"role": "person"}},
    )  # fmt: skip
    page = text(anna.get(f"{PAGE}{made.pk}/"))
    assert "postgresql://crm:***@pbx/cdr" in page
    assert "hidden-word" not in page
    typed = {
        "what": "change", "name": "Склад", "host": "pbx", "port": "5038", "login": "crm2",
        "record": "postgresql://crm:***@pbx/cdr", "zone": "Europe/Moscow", "secret": "",
    }  # fmt: skip
    assert anna.post(f"{PAGE}{made.pk}/", typed).status_code == 303
    secret = made.secret
    made.refresh_from_db()
    assert (made.name, made.options["login"], made.options["record"], made.secret) == (
        "Склад", "crm2", address, secret,
    )  # fmt: skip
    assert made.options["endpoints"] == {"101": {"role": "person"}}
    elsewhere = anna.post(f"{PAGE}{made.pk}/", typed | {"host": "evil.example"})
    assert elsewhere.status_code == 400
    assert "введите пароль ещё раз" in text(elsewhere)
    moved = typed | {"record": "postgresql://crm:***@evil.example/cdr"}
    assert "целиком, с паролем" in text(anna.post(f"{PAGE}{made.pk}/", moved))
    made.refresh_from_db()
    assert (made.options["host"], made.options["record"]) == ("pbx", address)


def test_the_key_for_histories_stays_and_is_asked_for_again_at_another_server(
    anna: Client,
) -> None:
    made = joined("megafon", host="one.example", api_secret=seal("secret-key-1"))
    page = text(anna.get(f"{PAGE}{made.pk}/"))
    assert made.options["api_secret"] not in page
    assert "Ключ API" in page
    typed = {"what": "change", "name": "М", "host": "one.example", "zone": "Europe/Moscow"}
    assert anna.post(f"{PAGE}{made.pk}/", typed).status_code == 303
    moved = typed | {"host": "evil.example", "secret": "typed-again"}
    assert "введите пароль ещё раз" in text(anna.post(f"{PAGE}{made.pk}/", moved))
    made.refresh_from_db()
    assert unseal(made.options["api_secret"]) == "secret-key-1"
    assert made.options["host"] == "one.example"
    moved |= {"api_secret": "secret-key-2"}
    assert anna.post(f"{PAGE}{made.pk}/", moved).status_code == 303
    made.refresh_from_db()
    assert unseal(made.options["api_secret"]) == "secret-key-2"


def test_a_table_of_whose_is_whose_has_two_sides(anna: Client) -> None:
    typed = {"kind": "mts", "name": "МТС", "secret": "1", "zone": "Europe/Moscow"}
    for wrong in ("+79005550101", "+79005550101 =", "= 101", "="):
        answer = anna.post(PAGE, typed | {"numbers": wrong})
        assert answer.status_code == 400
        assert "справа добавочный" in text(answer)
    made = joined("mts", numbers={"+79005550101": "101", "+79005550102": "102"})
    assert "+79005550101 = 101\n+79005550102 = 102</textarea>" in text(
        anna.get(f"{PAGE}{made.pk}/")
    )


def test_a_provider_that_cannot_be_asked_says_why(anna: Client) -> None:
    made = joined("mango", login="key", host="http://127.0.0.1:9")
    assert "Сверка" in text(anna.get(f"{PAGE}{made.pk}/"))
    day = {"what": "compare", "since": str(datetime.now(UTC).date() - timedelta(days=2))}
    assert "Поставщик не отвечает" in text(anna.post(f"{PAGE}{made.pk}/", day))
    assert "Сверка" not in text(anna.get(f"{PAGE}{joined('mango').pk}/"))
    assert "не принял ключ" not in text(anna.get(f"{PAGE}{made.pk}/"))
    Exchange.objects.update(cursor={"not_compared": "asked_refused"})
    assert "Поставщик не принял ключ" in text(anna.get(f"{PAGE}{made.pk}/"))


def test_it_is_switched_and_taken_away_and_each_is_a_fact(anna: Client) -> None:
    made = joined("generic")
    for what in ("off", "on", "remove"):
        assert anna.post(f"{PAGE}{made.pk}/", {"what": what}).status_code == 303
    made.refresh_from_db()
    assert made.removed_at is not None
    assert (made.is_on, made.secret) == (False, "")
    facts = Fact.objects.filter(kind="exchange.changed").order_by("pk")
    assert [one.body["what"] for one in facts] == ["off", "on", "removed"]
    assert anna.get(f"{PAGE}{made.pk}/").status_code == 404
    assert anna.post(f"{PAGE}{made.pk}/", {"what": "on"}).status_code == 404


def test_a_provider_gets_its_address_and_the_documented_are_called_so(anna: Client) -> None:
    made = joined("generic")
    page = text(anna.get(f"{PAGE}{made.pk}/"))
    assert f"http://localhost/telephony/{made.path_key}/" in page
    assert "на живом счёте ещё не проверено" in page
    assert "что это: 101" not in page
    other = joined("asterisk", record="sqlite:///x")
    assert other.path_key not in text(anna.get(f"{PAGE}{other.pk}/"))


def test_the_check_says_what_it_found_and_roles_are_confirmed(
    anna: Client, tmp_path: Path
) -> None:
    record = Record(tmp_path / "master.db")
    record.write_day(3)
    made = joined("asterisk", record=record.address, host="127.0.0.1", port=1)
    page = text(anna.post(f"{PAGE}{made.pk}/", {"what": "check"}))
    assert "АТС не отвечает. Проверьте адрес" in page
    assert "Журнал читается: 32 последние строки" in page
    assert re.findall(r'name="name\.\d+" value="([^"]+)"', page) == ["trunk", "101", "102"]
    typed = {
        "what": "endpoints", "name.0": "trunk", "role.0": "trunk", "name.1": "101",
        "role.1": "person", "own.1": "17", "name.2": "102", "role.2": "ignore",
    }  # fmt: skip
    assert anna.post(f"{PAGE}{made.pk}/", typed).status_code == 303
    made.refresh_from_db()
    assert made.options["endpoints"] == {
        "trunk": {"role": "trunk"}, "101": {"role": "person", "extension": "17"},
        "102": {"role": "ignore"},
    }  # fmt: skip
    assert anna.post(f"{PAGE}{made.pk}/", typed | {"role.0": "x"}).status_code == 400
    record.file.unlink()
    assert "Журнал CEL не открылся" in text(anna.post(f"{PAGE}{made.pk}/", {"what": "check"}))


def test_in_the_demonstration_nothing_outside_is_touched(
    anna: Client, tmp_path: Path, settings: SimpleNamespace
) -> None:
    record = Record(tmp_path / "master.db")
    made = joined("asterisk", record=record.address)
    settings.IS_DEMO = True
    for what in ({"what": "check"}, {"what": "compare", "since": "2026-03-02"}):
        answer = anna.post(f"{PAGE}{made.pk}/", what)
        assert answer.status_code == 400
        assert "В демонстрации к АТС не подключаемся" in text(answer)


def test_by_the_button_missing_calls_come_in(anna: Client, tmp_path: Path) -> None:
    record = Record(tmp_path / "master.db")
    noon = datetime.now(UTC).replace(hour=9) - timedelta(days=1)
    for n in range(3):
        record.write(str(n), noon + timedelta(minutes=n), "PJSIP/trunk", "PJSIP/101")
    made = joined("asterisk", record=record.address)
    day = {"what": "compare", "since": str(noon.date()), "until": str(noon.date())}
    page = text(anna.post(f"{PAGE}{made.pk}/", day, follow=True))
    assert "У АТС 3, у нас 0, добавлено 3" in page
    assert "не дошло 3 звонка" in page
    assert Call.objects.count() == 3
    assert "У АТС 3, у нас 3" in text(anna.post(f"{PAGE}{made.pk}/", day, follow=True))
    assert Call.objects.count() == 3
    assert anna.post(f"{PAGE}{made.pk}/", {"what": "compare"}).status_code == 400
    with sqlite3.connect(record.file) as base:
        base.execute("DROP TABLE cel")
    assert "Включите CEL" in text(anna.post(f"{PAGE}{made.pk}/", day))


def test_what_nobody_read_is_shown_as_it_came_and_read_again(anna: Client) -> None:
    made = joined("generic")
    CallEvent.objects.create(
        exchange=made, source="hook", source_key="1", at=datetime.now(UTC), state="unread",
        problem="torn", body="<script>alert(1)</script>",
    )  # fmt: skip
    page = text(anna.get(f"{PAGE}{made.pk}/"))
    assert "&lt;script&gt;alert(1)" in page
    assert "это не форма и не JSON" in page
    assert "1 событие" in text(anna.get(PAGE))
    assert anna.post(f"{PAGE}{made.pk}/", {"what": "read"}).status_code == 303
    assert CallEvent.objects.get().state == "waiting"


def test_who_has_which_extension(anna: Client, cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.olga.pk).update(extension="101")
    page = text(anna.get(PAGE)).split('id="ext-h"')[1]
    assert f"101</dt><dd>{cast.olga.name}" in page
    assert cast.oleg.name in page.split("их звонки ничьи")[1]
    assert "сразу у нескольких" not in page
    Person.objects.filter(pk=cast.oleg.pk).update(extension="101")
    page = text(anna.get(PAGE)).split("Добавочный 101 сразу у нескольких")[1]
    assert cast.olga.name in page
    assert cast.oleg.name in page


def test_the_bounds_of_the_alarm_are_set(anna: Client) -> None:
    anna.post(f"{PAGE}watch/", {"reconcile_percent": "5", "silent_hours": "999"})
    page = text(anna.get(PAGE))
    assert re.search(r'name="reconcile_percent"[^>]*value="5"', page)
    assert re.search(r'name="silent_hours"[^>]*value="99"', page)
