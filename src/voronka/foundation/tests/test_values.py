"""Money, phones, tax numbers, text: tables of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.foundation import money, phones, tax_numbers, text
from voronka.foundation.errors import RefusalError


@pytest.mark.parametrize(
    ("typed", "kopecks"),
    [
        ("1 240 000,50 ₽", 124_000_050),
        ("1.240.000,50", 124_000_050),
        ("1,240,000.50", 124_000_050),
        ("12 500 руб.", 1_250_000),
        ("1,5 млн", 150_000_000),
        ("300 тыс", 30_000_000),
        ("1250000,00", 125_000_000),
        ("0.0", 0),
        ("1,240", 124_000),
        ("0,005", 1),
    ],
)
def test_money_is_read_as_people_type_it(typed: str, kopecks: int) -> None:
    assert money.parse_rubles(typed) == kopecks


@pytest.mark.parametrize("typed", ["", "NaN", "1e400", "много", "12,34,5", "-5", "9" * 20])
def test_no_money_is_refused(typed: str) -> None:
    with pytest.raises(money.BadMoneyError):
        money.parse_rubles(typed)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 100), min_size=1).filter(any))
def test_shares_sum_to_the_total(total: int, weights: list[int]) -> None:
    assert sum(money.share_out(total, weights)) == total


@pytest.mark.parametrize(
    ("typed", "e164", "extension"),
    [
        ("8 (900) 000-14-52", "+79000001452", ""),
        ("+7 900 000-14-52 доб. 12", "+79000001452", "12"),
        ("9000001452", "+79000001452", ""),
        ("79000001452,12", "+79000001452", "12"),
        ("8-846-200-14-52 вн.7", "+78462001452", "7"),
        ("+380 44 123 45 67", "+380441234567", ""),
        ("+44 20 7946 0958 ext 9", "+442079460958", "9"),
    ],
)
def test_phones_come_to_one_form(typed: str, e164: str, extension: str) -> None:
    assert phones.parse_phone(typed) == phones.Phone(e164, extension)


@given(st.from_regex(r"\A[3489]\d{9}\Z"))
def test_a_phone_brought_to_form_stays_the_same(digits: str) -> None:
    try:
        phone = phones.parse_phone("8" + digits)
    except RefusalError:
        return
    assert phones.parse_phone(phone.e164) == phone
    assert phones.parse_phone(phones.format_phone(phone.e164)) == phone


def test_tax_numbers_are_checked_by_checksum() -> None:
    assert tax_numbers.check_inn(" 7707083893 ") == "7707083893"
    assert tax_numbers.check_ogrn("1027700132195") == "1027700132195"
    assert tax_numbers.check_kpp("773601001") == "773601001"
    assert tax_numbers.check_account("044525225", "30101810400000000225"[:20])
    for check, wrong in (
        (tax_numbers.check_inn, "7707083894"),
        (tax_numbers.check_inn, "0000000000"),
        (tax_numbers.check_inn, "77070838"),
        (tax_numbers.check_ogrn, "1027700132196"),
        (tax_numbers.check_kpp, "7736"),
        (tax_numbers.check_bik, "944525225"),
    ):
        with pytest.raises(tax_numbers.BadTaxNumberError):
            check(wrong)


def test_firms_are_compared_without_their_legal_form() -> None:
    keys = {text.company_key(name) for name in ("ООО «Ромашка»", "Ромашка, ООО", "РОМАШКА")}
    assert keys == {"ромашка"}
    assert text.company_key("ООО") == "ооо"


@pytest.mark.parametrize(
    "value", ["-", "1111111111", "нет", "н/д", "йцукен", "  ", "…", "тест"]
)
def test_junk_is_junk(value: str) -> None:
    assert text.is_junk(value)


def test_search_text_folds_cyrillic() -> None:
    assert text.fold("Ёлка «ЗЕЛЁНАЯ»,  д.5") == "елка зеленая д.5"
    assert not text.is_junk("Самара")
