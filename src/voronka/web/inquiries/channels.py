"""The month at the head of the queue and by channel: the figures' own formulas, one read."""

from datetime import datetime
from typing import Any

from voronka.journal.viewer import Viewer
from voronka.kpi import past_base
from voronka.kpi.channels import channels
from voronka.kpi.conventions import month_of
from voronka.kpi.source import read
from voronka.people.settings import calendar as calendar_of
from voronka.web.inquiries.unregistered import panel


def overview(by: Viewer, at: datetime, known: dict[str, Any]) -> dict[str, Any]:
    """Give what the queue shows of this month, and whom nobody wrote down; two queries."""
    calendar = calendar_of(known)
    month = month_of(calendar.day_of(at), calendar)
    material = read(viewer=by, period=month, now=at, calendar=calendar, settings=known)
    rows = channels(material)
    return {
        "channels": rows[:-1],
        "whole": rows[-1] if rows else None,
        "past_base": past_base.figure(material),
        "month_on": month.first_day,
        "mark": month.first_day.strftime("%Y-%m"),
        "lost": panel(by, at, known),
    }
