"""A person is recognised in any text, and nobody else is."""

import pytest

from voronka.foundation.traces import Traces

PYOTR = Traces(
    phones=("+79123456780", "+4930123456"),
    mails=("p.ivanov@firm.example",),
    numbers=("500100732259",),
    names=("Пётр Иванов", "Анна Горькая", "Ли"),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("+79123456780", "███"),
        ("тел. 8 (912) 345-67-80, вечером", "тел. ███, вечером"),
        ("8-912-345-67-80", "███"),
        ("89123456780", "███"),
        ("+7 912 345 67 80 доб. 5", "███ доб. 5"),
        ("+7\u00a0912\u00a0345-67-80", "███"),
        ("9123456780", "███"),
        ("19123456780", "19123456780"),
        ("91234567801", "91234567801"),
        ("912345678", "912345678"),
        ("+49 30 123456", "███"),
        ("P.Ivanov@Firm.Example", "███"),
        ("mailto:p.ivanov@firm.example>", "mailto:███>"),
        ("sp.ivanov@firm.example", "sp.ivanov@firm.example"),
        ("p.ivanov@firm.example.org", "p.ivanov@firm.example.org"),
        ("ИНН 500100732259", "ИНН ███"),
        ("5001007322590", "5001007322590"),
        ("ПЕТР ИВАНОВ просит", "███ просит"),
        ("Иванов Пётр", "███"),
        ("Ивановым Петром", "███"),
        ("Иванова, Петра", "███"),
        ("Анны Горькой и с Горькою Анной", "███ и с ███"),
        ("Анна горит", "Анна горит"),
        ("Пётр Ивановский", "Пётр Ивановский"),
        ("Иванов Сергей", "Иванов Сергей"),
        ("Ли", "Ли"),
    ],
)
def test_every_way_to_write_it_is_found_and_nothing_else(text: str, left: str) -> None:
    assert PYOTR.masked(text) == left
    assert PYOTR.masked(left) == left


def test_in_a_text_about_the_client_a_word_of_the_name_is_enough() -> None:
    assert PYOTR.masked_near("Иванову: с Петром, Ли ждёт") == "███: с ███, Ли ждёт"
    assert PYOTR.masked_near("Ивановский вал") == "Ивановский вал"


def test_nothing_is_looked_for_where_nothing_is_known() -> None:
    assert Traces().masked_near("Пётр Иванов") == "Пётр Иванов"
