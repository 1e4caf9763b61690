"""A look at the clock just after it jumped is not believed."""

from datetime import UTC, datetime, timedelta

from voronka.foundation.steadiness import Steadiness

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_jump_is_told_from_time_that_passed() -> None:
    clock = Steadiness()

    def look(seconds_on_wall: int, ticks: int) -> bool:
        return clock.went_on(NOON + timedelta(seconds=seconds_on_wall), ticks)

    assert look(0, 1000)
    assert look(60, 1060)
    # An hour without a look, and both say so.
    assert look(3660, 4660)
    # An hour ahead within a minute, and it stays there.
    assert not look(7320, 4720)
    assert look(7380, 4780)
    # Set back.
    assert not look(3840, 4840)
    assert look(3900, 4900)
    # Set right by half a minute.
    assert look(3990, 4960)
