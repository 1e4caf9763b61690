"""Money: what is read, what is refused, and rounding to the kopeck."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.foundation.money import (
    TOP_KOPECKS,
    BadMoneyError,
    line_total,
    parse_rubles,
    share_out,
    vat_included,
)


@pytest.mark.parametrize(
    ("typed", "kopecks"),
    [
        ("1\u202f240\u00a0000,50\u2009₽", 124_000_050),
        ("12.500", 1_250),
        ("0,500", 50),
        ("1.240.000", 124_000_000),
        ("₽ 500", 50_000),
        ("2,5 МЛРД р.", 250_000_000_000),
        ("1’000", 100_000),
        ("1.005", 101),
        ("10000000000000", TOP_KOPECKS),
    ],
)
def test_sums_are_read_by_the_documented_rules(typed: str, kopecks: int) -> None:
    assert parse_rubles(typed) == kopecks


@pytest.mark.parametrize(
    "typed",
    ["1e400", "inf", "-inf", "9" * 30, "9" * 100_000, "10000000000000,01", "1,2,3.4", "1.2.3",
     "12,34,567", ".", "₽", "1 2 три", "٣", "$5", "--5", "5-"],
)  # fmt: skip
def test_what_is_no_sum_is_refused_with_its_text(typed: str) -> None:
    with pytest.raises(BadMoneyError) as refused:
        parse_rubles(typed, allow_negative=True)
    assert refused.value.code == "bad_money"
    assert refused.value.details == {"text": typed[:100]}


def test_a_negative_sum_is_read_only_where_it_may_be() -> None:
    assert parse_rubles("−1 500,5", allow_negative=True) == -150_050
    assert parse_rubles("-0") == 0
    with pytest.raises(BadMoneyError):
        parse_rubles("-1")


@given(st.integers(-TOP_KOPECKS, TOP_KOPECKS))
def test_a_sum_written_out_is_read_back(kopecks: int) -> None:
    whole, rest = divmod(abs(kopecks), 100)
    for thousands, mark in ((" ", ","), (",", "."), ("\u00a0", "."), ("", ",")):
        text = f"{whole:,}".replace(",", thousands) + f"{mark}{rest:02d}"
        signed = ("-" if kopecks < 0 else "") + text
        assert parse_rubles(signed, allow_negative=True) == kopecks


@given(st.text(max_size=80))
def test_any_text_is_a_sum_or_a_refusal(text: str) -> None:
    with suppress(BadMoneyError):
        assert 0 <= parse_rubles(text) <= TOP_KOPECKS


@pytest.mark.parametrize(
    ("price", "milli", "discount", "total"),
    [(100, 1_000, 0, 100), (333, 1_500, 0, 500), (199, 3_000, 1_250, 522), (1, 500, 0, 1),
     (1, 499, 0, 0), (-1, 500, 0, -1), (10_000, 1_000, 10_000, 0)],
)  # fmt: skip
def test_a_line_is_rounded_half_up_once(
    price: int, milli: int, discount: int, total: int
) -> None:
    assert line_total(price, milli, discount) == total


def test_vat_stands_inside_the_sum() -> None:
    assert vat_included(122_00, 22) == 22_00
    assert vat_included(120_00, 20) == 20_00
    assert vat_included(100, 20) == 17
    assert vat_included(-100, 20) == -17
    assert vat_included(100, 0) == 0


def test_odd_kopecks_go_to_the_largest_remainders() -> None:
    assert share_out(100, [1, 1, 1]) == [34, 33, 33]
    assert share_out(-100, [1, 1, 1]) == [-34, -33, -33]
    assert share_out(5, [0, 3, 1]) == [0, 4, 1]
    for weights in ([], [0, 0], [2, -1]):
        with pytest.raises(ValueError, match="weights"):
            share_out(1, weights)
