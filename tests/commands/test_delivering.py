"""Deliveries against a server that is killed: each inquiry there once, assigned once."""

from pathlib import Path

from voronka.config.benching.delivering import delivery_results


def test_killed_with_minus_9_the_door_loses_none_and_doubles_none(tmp_path: Path) -> None:
    found = {
        one.name: one for one in delivery_results(tmp_path / "home", inquiries=150, kills=3)
    }
    missed = {name: one.value for name, one in found.items() if one.holds is False}
    assert missed == {}
    assert "3 kill -9" in found["inquiries lost"].how


def test_a_flood_hears_429_and_what_was_said_yes_to_is_there(tmp_path: Path) -> None:
    found = {
        one.name: one.value
        for one in delivery_results(tmp_path / "home", inquiries=45, kills=0, per_minute=40)
    }
    assert found["refused with 429, sent again"] > 0
    assert (found["inquiries lost"], found["inquiries doubled"]) == (0, 0)
