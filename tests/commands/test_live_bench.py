"""How soon a form is on an open desk, measured against a real server."""

from pathlib import Path

from voronka.config.benching.live import live_results


def test_a_form_is_on_an_open_desk_within_a_second(tmp_path: Path) -> None:
    found = list(live_results(tmp_path / "home", inquiries=6))
    assert [one.name for one in found if one.name.endswith("p95")] == [
        "form to desk, p95", "form to desk, beside pages, p95",
    ]  # fmt: skip
    assert [one.holds for one in found if one.bar] == [True, True]
    assert all(one.value > 0 for one in found)
    assert "SQLite, 6 forms" in found[0].how
