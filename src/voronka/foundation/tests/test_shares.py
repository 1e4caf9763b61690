"""Intervals of shares against published figures, and no verdict on too few."""

import pytest

from voronka.foundation.shares import Z_95, surely_more, wilson, z_among


def test_the_interval_of_a_share() -> None:
    low, high = wilson(9, 24)
    assert (round(low, 3), round(high, 3)) == (0.212, 0.573)
    assert wilson(0, 0) == (0.0, 1.0)


def test_thirty_five_of_thirty_five_are_nine_in_ten_and_thirty_four_are_not() -> None:
    assert wilson(35, 35)[0] >= 0.9
    assert wilson(34, 34)[0] < 0.9


def test_the_more_comparisons_the_surer_each_must_be() -> None:
    assert z_among(1) == pytest.approx(Z_95, abs=1e-5)
    assert [round(z_among(n), 2) for n in (0, 12, 200)] == [1.96, 2.87, 3.66]


@pytest.mark.parametrize(
    ("one", "other", "is_more"),
    [
        ((56, 70), (48, 80), True),  # Newcombe's own example: 0.0524 to 0.3339
        ((54, 70), (50, 80), False),
        ((3, 3), (30, 100), False),
        ((48, 80), (56, 70), False),
        ((0, 0), (1, 9), False),
        ((5, 5), (0, 0), False),
    ],
)  # fmt: skip
def test_a_share_is_greater_only_beyond_chance(
    one: tuple[int, int], other: tuple[int, int], is_more: bool
) -> None:
    assert surely_more(one, other, z_among(1 if one[1] > 3 else 12)) is is_more
