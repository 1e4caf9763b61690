"""The chance with its interval: exact values, and what is said when deals are few."""

import pytest

from voronka.foundation.shares import wilson
from voronka.web.chance_words import chance, chance_range

NBSP, THIN = "\u00a0", "\u2009"


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # The first four are Newcombe's (1998), method 3; the last two from the formula.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
        (78.88, 232, 0.2821, 0.4031),
    ],
)
def test_the_interval_is_wilson_s(part: float, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.00005)


def test_a_chance_is_told_with_its_interval_and_n() -> None:
    assert chance(340, 232) == f"34{NBSP}%, 28–40{NBSP}% из 232"
    assert chance_range(470, 2583) == f"45–49{NBSP}% из 2{THIN}583"


def test_few_deals_lean_on_the_funnel_and_say_so() -> None:
    few = chance(340, 19)
    assert few == f"34{NBSP}%, мало данных: 19 сделок, больше весит доля воронки"
    assert "из 20" in chance(340, 20)
    assert chance(250, 0) == f"25{NBSP}%, закрытых сделок ещё нет"
