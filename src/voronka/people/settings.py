"""Settings of the installation, with their defaults; each change is a fact."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed, recent
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
    "accept_hops": 3,
    "accept_minutes": 0,
    "call_back_in_menu": False,
    "call_back_minutes": 15,
    "call_outcomes": "",
    "outcome_minutes": 15,
    "answer_norm_minutes": 30,
    "classify_norm_minutes": 240,
    "completeness_threshold": 60,
    "escalation_hours": 9,
    "escalation_head_minutes": 30,
    "short_call_seconds": 5,
    "quick_call_seconds": 20,
    "talk_seconds": 10,
    "unregistered_seconds": 60,
    "month_plan_kopecks": 0,
    "trial_mode": False,
    "intake_key": "",
    "intake_per_minute": 120,
    "api_per_minute": 600,
    "default_extension": "",
    "telegram_auto_reply": "",
    "telegram_new_after_days": 7,
    "reconcile_percent": 2,
    "routing_on": False,
    "routing_cap": 0,
    "recording_days": 180,
    "recordings_sealed": False,
    "listening": {
        "head": "all", "lead": "team", "manager": "own", "administrator": "all",
        "auditor": "nothing",
    },
    "silent_hours": 4,
    "installed_at": None,
}  # fmt: skip


class UnknownSettingError(RefusalError):
    """There is no setting of that name, or the value has another type."""

    code = "unknown_setting"


class BadHoursError(RefusalError):
    """The working day cannot be so, or there is no such time zone."""

    code = "bad_hours"


@recent()
def all_settings() -> dict[str, Any]:
    """Give every setting, defaults filled in."""
    return DEFAULTS | dict(Setting.objects.values_list("name", "value"))


@transaction.atomic
def change_setting(*, name: str, value: Any, by: Viewer, at: datetime) -> None:
    """Write one setting; the same value again does nothing.

    Raises: UnknownSettingError, BadHoursError, PermissionError when `by` may not do it.
    Records: SettingChanged.
    """
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    if name not in DEFAULTS:
        raise UnknownSettingError(name=name)
    default = DEFAULTS[name]
    if default is not None and type(value) is not type(default):
        raise UnknownSettingError(name=name)
    settings = DEFAULTS | dict(Setting.objects.values_list("name", "value"))
    before = settings[name]
    if before == value:
        return
    _check_hours(settings | {name: value})
    Setting.objects.update_or_create(name=name, defaults={"value": value})
    changed()
    journal.record(
        SettingChanged(name=name, before=str(before), after=str(value)),
        about=journal.About(case=f"setting:{name}"),
        by_id=by.by_id,
        at=at,
    )


def _check_hours(settings: dict[str, Any]) -> None:
    try:
        russian_calendar(settings["zone"], settings["opens"], settings["closes"])
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise BadHoursError(opens=settings["opens"], closes=settings["closes"]) from error


def calendar(settings: dict[str, Any]) -> WorkCalendar:
    """Give the department's working calendar."""
    return _calendar(settings["zone"], settings["opens"], settings["closes"])


@lru_cache(maxsize=8)
def _calendar(zone: str, opens: str, closes: str) -> WorkCalendar:
    return russian_calendar(zone, opens, closes)
