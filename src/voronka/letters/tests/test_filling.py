"""Templates: what is known goes in as it stands, what is not known stays to be seen."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.letters.filling import fill, open_places, unknown_places


@pytest.mark.parametrize(
    ("text", "filled", "missing"),
    [
        ("Здравствуйте, {имя}!", "Здравствуйте, Ира!", ()),
        ("Dear { name }, {NAME}", "Dear Ира, Ира", ()),
        ("{сумма} за {сделка}", "{сумма} за {сделка}", ("{сумма}", "{сделка}")),
        ("{имя} {имя} {сумма} {сумма}", "Ира Ира {сумма} {сумма}", ("{сумма}",)),
        ("{} {{имя}} {\nимя}", "{} {Ира} {\nимя}", ()),
        ("{кто-то}", "{кто-то}", ()),
    ],
)
def test_places_are_filled_by_name_in_either_language(
    text: str, filled: str, missing: tuple[str, ...]
) -> None:
    made = fill(text, {"contact": "Ира", "amount": " "})
    assert (made.text, made.missing) == (filled, missing)


def test_a_value_opens_no_place_and_breaks_no_line() -> None:
    made = fill("{клиент}: {имя}", {"client": "{имя}\r\nBcc: all@x.example", "contact": "Ира"})
    assert made.text == "{имя} Bcc: all@x.example: Ира"


def test_what_nobody_knows_is_named() -> None:
    assert unknown_places("{имя} {скидка} { цвет } {скидка}") == ("скидка", "цвет")
    assert open_places("{имя} {скидка} {сумма}{сумма}") == ("{имя}", "{сумма}")


def test_braces_and_blanks_without_end_take_no_time() -> None:
    text = ("{" + " " * 60 + "имя ") * 800
    began = time.process_time()
    assert fill(text, {}).missing == open_places(text) == unknown_places("{  }") == ()
    # Seconds a sign once: ten minutes for a text like this.
    assert time.process_time() - began < 5


@given(
    st.text(max_size=300), st.dictionaries(st.sampled_from(("contact", "amount")), st.text())
)
def test_any_text_is_filled_and_nothing_outside_the_places_changes(
    text: str, values: dict[str, str]
) -> None:
    made = fill(text, values)
    if "{" not in text:
        assert made.text == text
    assert all(place in text for place in made.missing)
