"""Events of exchanges against a server that is killed: none lost, none doubled."""

from pathlib import Path

from voronka.config.benching.hooking import hook_results


def test_killed_with_minus_9_the_door_for_exchanges_loses_none_and_doubles_none(
    tmp_path: Path,
) -> None:
    found = {one.name: one for one in hook_results(tmp_path / "home", events=200, kills=3)}
    paces = {"events taken in a second", "events taken in a CPU second"}
    missed = {
        name: one.value
        for name, one in found.items()
        if one.holds is False and name not in paces
    }
    assert missed == {}
    assert "3 kill -9" in found["acknowledged and lost"].how
