"""Settings: a change is a fact, and a day that cannot be is refused before it is kept."""

from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.journal.models import Fact
from voronka.people.settings import (
    BadHoursError,
    UnknownSettingError,
    all_settings,
    change_setting,
)


def test_a_change_is_seen_at_once_and_told_in_the_journal(cast: SimpleNamespace) -> None:
    assert all_settings()["opens"] == "09:00"
    change_setting(name="opens", value="10:00", by=cast.see("anna"), at=MONDAY)
    assert all_settings()["opens"] == "10:00"
    assert Fact.objects.filter(kind="setting.changed").count() == 1


@pytest.mark.parametrize(
    ("name", "value"), [("opens", "19:00"), ("closes", "never"), ("zone", "Europe/Nowhere")]
)
def test_hours_that_cannot_be_are_refused(cast: SimpleNamespace, name: str, value: str) -> None:
    with pytest.raises(BadHoursError):
        change_setting(name=name, value=value, by=cast.see("anna"), at=MONDAY)
    assert not Fact.objects.filter(kind="setting.changed").exists()


def test_an_unknown_name_and_a_manager_are_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(UnknownSettingError):
        change_setting(name="colour", value="red", by=cast.see("anna"), at=MONDAY)
    with pytest.raises(PermissionError):
        change_setting(name="opens", value="10:00", by=cast.see("olga"), at=MONDAY)
