"""Text: folding, firms' names, junk, wrong layout, avatars; and the errors' own face."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.foundation.errors import NotYoursError, RefusalError
from voronka.foundation.text import company_key, fix_layout, fold, initials, is_junk


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  «Пётр»\u00a0— ЁЖ!", "петр еж"),
        ("И\u0306од", "йод"),
        ("a-b@c.ru", "a-b@c.ru"),
        ("№ 5/2, (офис)", "no 5/2 офис"),
        ("...", ""),
    ],
)
def test_text_is_folded_for_search(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Общество с ограниченной ответственностью «Ромашка»", "ромашка"),
        ("О.О.О. Ромашка", "ромашка"),
        ("Romashka Co., Ltd.", "romashka"),
        ("Romashka, LLC", "romashka"),
        ("ИП Зелёнкин Е. Ё.", "зеленкин е е"),
        ("ФГУП «Завод № 5»", "завод no 5"),
        ("Аоста", "аоста"),
        ("Co-working", "co working"),
        ("Пик-Сервис, АО", "пик сервис"),
        ("ЗАО", "зао"),
        ("«»", ""),
    ],
)
def test_a_firm_is_its_name_without_the_legal_form(name: str, key: str) -> None:
    assert company_key(name) == key


@pytest.mark.parametrize(
    "value",
    ["", "—", "-/-", "???", "Н/Д", "n/a", "Не знаю", "нет данных", "xxx", "ХХХ", "asdfgh",
     "qwerty", "12345", "тест", "Test 2", "0", "000", "777", "б/н", "прочерк"],
)  # fmt: skip
def test_a_field_that_says_nothing_is_junk(value: str) -> None:
    assert is_junk(value)


@pytest.mark.parametrize(
    "value", ["Анна", "5", "12", "Нетьков", "test@firm.example", "Уфа", "7707083893"]
)
def test_a_field_that_says_something_is_not(value: str) -> None:
    assert not is_junk(value)


def test_the_wrong_layout_is_read() -> None:
    assert fix_layout("Hjvfirf") == "ромашка"
    assert fix_layout("ащьф") == "foma"
    assert fix_layout("[jkjl `krf") == "холод ёлка"


@given(st.text("йцукенёхъжэбю qwerty[];',.`"))
def test_the_layout_turned_twice_is_the_text(text: str) -> None:
    assert fix_layout(fix_layout(text)) == text


def test_an_avatar_has_two_letters_at_most() -> None:
    assert initials("Виктория Ланская") == "ВЛ"
    assert initials("анна мария Ли") == "АМ"
    assert initials("«Ромашка»") == "Р"
    assert initials(" — ") == ""


def test_a_refusal_shows_its_code_and_details() -> None:
    assert str(RefusalError()) == "refused"
    assert str(NotYoursError(deal=7)) == "not_yours {'deal': 7}"
    assert NotYoursError(deal=7).details == {"deal": 7}
