"""Numbers of firms: each key refuses a changed digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.foundation.tax_numbers import (
    BadTaxNumberError,
    check_account,
    check_bik,
    check_inn,
    check_kpp,
    check_ogrn,
)


def _problem(check: object, *texts: str) -> object:
    with pytest.raises(BadTaxNumberError) as refused:
        check(*texts)  # type: ignore[operator]
    return refused.value.details["what"], refused.value.details["problem"]


def _inn(first: str) -> str:
    """Add the keys to 9 or 10 digits, by the published weights."""
    person = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    firm = ((2, 4, 10, 3, 5, 9, 4, 6, 8),)
    for weights in firm if len(first) == 9 else person:
        first += str(sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11 % 10)
    return first


@given(st.from_regex(r"[1-9][0-9]{8,9}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_an_inn_is_its_digits_and_their_key(first: str, place: int, step: int) -> None:
    inn = _inn(first)
    if len(set(inn)) > 1:
        assert check_inn(f" {inn[:4]} {inn[4:]}") == inn
    key = (int(inn[-1]) + step) % 10
    assert _problem(check_inn, inn[:-1] + str(key)) == ("inn", "checksum")


@pytest.mark.parametrize(
    ("check", "text", "problem"),
    [
        (check_inn, "", ("inn", "length")),
        (check_inn, "770708389", ("inn", "length")),
        (check_inn, "77070838a3", ("inn", "length")),
        (check_inn, "0" * 12, ("inn", "checksum")),
        (check_ogrn, "1" * 13, ("ogrn", "checksum")),
        (check_ogrn, "10277001321", ("ogrn", "length")),
        (check_kpp, "0" * 9, ("kpp", "length")),
        (check_kpp, "7736a1b01", ("kpp", "length")),
        (check_bik, "04452522", ("bik", "length")),
        (check_bik, "944525225", ("bik", "checksum")),
    ],
)
def test_a_wrong_number_is_refused_with_its_problem(
    check: object, text: str, problem: tuple[str, str]
) -> None:
    assert _problem(check, text) == problem


def test_an_ogrn_of_a_firm_and_of_a_person() -> None:
    assert check_ogrn("1027700132195") == "1027700132195"
    first = "30450011600015"
    assert check_ogrn(first + str(int(first) % 13 % 10)) == first + str(int(first) % 13 % 10)
    assert check_kpp("7736 0A 001") == "77360A001"


@given(st.from_regex(r"4[0-9]{7}", fullmatch=True), st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_one_key_of_ten_fits_an_account(first: str, last: str) -> None:
    fits = []
    for key in "0123456789":
        try:
            fits.append(check_account("044525225", first + key + last))
        except BadTaxNumberError:
            continue
    assert len(fits) == 1


def test_accounts_at_the_central_bank_and_the_treasury() -> None:
    assert check_account("044525225", "30101810400000000225")
    assert check_account("017003983", "40102810445370000059")
    assert check_account("017003983", "03100643000000018500")
    assert _problem(check_account, "044525225", "30101810400000000226") == (
        "account",
        "checksum",
    )
    assert _problem(check_account, "044525225", "3010181040000000022") == ("account", "length")
    assert _problem(check_account, "0445", "30101810400000000225") == ("bik", "length")
