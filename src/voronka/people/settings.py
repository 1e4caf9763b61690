"""Settings of the installation, with their defaults; each change is a fact."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.foundation.worktime import WorkCalendar, russian_calendar
from voronka.journal import actions as journal
from voronka.journal.kinds import SettingChanged
from voronka.journal.viewer import Viewer
from voronka.people.models import Setting

DEFAULTS: dict[str, Any] = {
    "company_name": "",
    "zone": "Europe/Moscow",
    "opens": "09:00",
    "closes": "18:00",
    "answer_norm_minutes": 30,
    "classify_norm_minutes": 240,
    "completeness_threshold": 60,
    "short_call_seconds": 5,
    "talk_seconds": 10,
    "month_plan_kopecks": 0,
    "trial_mode": False,
    "installed_at": None,
}


class UnknownSettingError(RefusalError):
    """There is no setting of that name, or the value has another type."""

    code = "unknown_setting"


def all_settings() -> dict[str, Any]:
    """Give every setting, defaults filled in; one query."""
    return DEFAULTS | dict(Setting.objects.values_list("name", "value"))


@transaction.atomic
def change_setting(*, name: str, value: Any, by: Viewer, at: datetime) -> None:
    """Write one setting; the same value again does nothing.

    Raises: UnknownSettingError, PermissionError when `by` may not change settings.
    Records: SettingChanged.
    """
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    if name not in DEFAULTS:
        raise UnknownSettingError(name=name)
    default = DEFAULTS[name]
    if default is not None and not isinstance(value, type(default)):
        raise UnknownSettingError(name=name)
    before = all_settings()[name]
    if before == value:
        return
    Setting.objects.update_or_create(name=name, defaults={"value": value})
    journal.record(
        SettingChanged(name=name, before=str(before), after=str(value)),
        about=journal.About(case=f"setting:{name}"),
        by_id=by.by_id,
        at=at,
    )


def calendar(settings: dict[str, Any]) -> WorkCalendar:
    """Give the department's working calendar."""
    return _calendar(settings["zone"], settings["opens"], settings["closes"])


@lru_cache(maxsize=8)
def _calendar(zone: str, opens: str, closes: str) -> WorkCalendar:
    return russian_calendar(zone, opens, closes)
