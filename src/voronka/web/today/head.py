"""What the head's desk shows: money at risk, the month, answers, slips, people."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from voronka.control import queries as control
from voronka.control.rules import GROUPS, RULES
from voronka.foundation.worktime import WorkCalendar
from voronka.kpi import registry, standing
from voronka.kpi.conventions import Figure, Period
from voronka.kpi.source import read
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.pages import settings_of, viewer
from voronka.web.periods import choices, last_known, mark_of, period_of
from voronka.web.today.drawing import Chart, month_chart

SHOWN = 9


def head_desk(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Read all of the desk, five queries."""
    by, known = viewer(request), settings_of(request)
    calendar = calendar_of(known)
    team = _team(request)
    light = control.light_slips(viewer=by, manager_ids=team)
    group = request.GET.get("kind", "")
    rules = tuple(code for code, rule in RULES.items() if rule.group == group)
    mine = [slip for slip in light if slip.escalated_to_id == by.person_id]
    slips = control.open_slips(
        viewer=by,
        rules=rules,
        manager_ids=team,
        limit=SHOWN,
        escalated_to_id=by.person_id if group == "escalated" else None,
    )
    month = period_of(request, calendar, now)
    is_now = month.start <= now < month.end and month.first_day.day == 1
    is_now = is_now and month.first_day.month == month.last_day.month
    material = read(
        viewer=by, period=month, now=now, calendar=calendar, settings=known, owner_ids=team
    )
    figures = {code: make(material) for code, make in registry.FROM_JOURNAL.items()}
    figures |= standing.both(viewer=by, now=now)
    groups = Counter(RULES[slip.rule].group for slip in light)
    risk = control.risk_of(light)
    return {
        "now": now,
        "month": month,
        "is_now": is_now,
        "mark": mark_of(request, month),
        "periods": choices(request, month, now),
        "last_known": last_known(month, now) if is_now else None,
        "working": _progress(calendar, month, now),
        "risk": risk,
        "moved": control.moved(viewer=by, **_yesterday(calendar, now)),
        "figures": figures,
        "plan": _plan(figures["K13"], known, calendar, month, now) if is_now else None,
        "chart": _chart(figures["K13"], known, calendar, month, now),
        "slips": slips,
        "top": max((slip.money_kopecks for slip in slips), default=0),
        "shown_share": _share(slips, light),
        "groups": [(name, groups[name]) for name in GROUPS if groups[name]],
        "kind": group,
        "escalated": len(mine),
        "escalated_risk": control.risk_of(mine).money_kopecks,
        "total": len(light),
        "attention": _attention(light),
        "sellers": [one for one in directory() if one.sells],
        "team": request.GET.get("team", ""),
        "teams": _teams(),
    }


def _team(request: HttpRequest) -> frozenset[int] | None:
    wanted = request.GET.get("team", "")
    if not wanted.isdecimal():
        return None
    return frozenset(one.id for one in directory() if f"/{wanted}/" in one.team_path)


def _teams() -> list[tuple[int, str, int]]:
    sizes: dict[tuple[int, str], int] = {}
    for one in directory():
        if one.team_id and one.sells:
            key = (one.team_id, one.team)
            sizes[key] = sizes.get(key, 0) + 1
    return [(pk, name, n) for (pk, name), n in sorted(sizes.items(), key=lambda x: x[0][1])]


def _progress(calendar: WorkCalendar, month: Period, now: datetime) -> tuple[int, int]:
    today = calendar.day_of(now)
    passed = calendar.working_days(month.first_day, today + timedelta(days=1))
    return passed, calendar.working_days(month.first_day, month.last_day + timedelta(days=1))


def _yesterday(calendar: WorkCalendar, now: datetime) -> dict[str, datetime]:
    today = calendar.day_of(now)
    day = today - timedelta(days=1)
    while calendar.hours_on(day) is None:
        day -= timedelta(days=1)
    return {"start": calendar.midnight(day), "end": calendar.midnight(today)}


def _plan(
    won: Figure, known: dict[str, Any], calendar: WorkCalendar, month: Period, now: datetime
) -> dict[str, Any] | None:
    plan = known["month_plan_kopecks"]
    passed, whole = _progress(calendar, month, now)
    if not plan or not whole:
        return None
    fact, due = int(won.value or 0), plan * passed // whole
    return {
        "plan": plan,
        "fact": fact,
        "due": due,
        "pace": fact / due if due else 1.0,
        "behind": due - fact,
        "fact_width": min(100.0, round(100 * fact / plan, 1)),
        "due_at": round(100 * passed / whole, 1),
    }


def _chart(
    won: Figure, known: dict[str, Any], calendar: WorkCalendar, month: Period, now: datetime
) -> Chart:
    return month_chart(
        rows=won.rows, plan=known["month_plan_kopecks"], calendar=calendar, month=month, now=now
    )


def _share(slips: list[control.SlipRow], light: list[control.LightSlip]) -> float:
    whole = sum(slip.money_kopecks for slip in light)
    return sum(slip.money_kopecks for slip in slips) / whole if whole else 0.0


def _attention(light: list[control.LightSlip]) -> list[tuple[int, str, int, int]]:
    """List up to five people with the most money at risk: id, name, slips, kopecks."""
    slips: Counter[int] = Counter()
    money: Counter[int] = Counter()
    for slip in light:
        if slip.manager_id:
            slips[slip.manager_id] += 1
            money[slip.manager_id] += slip.money_kopecks
    names = {one.id: one.name for one in directory()}
    return [
        (pk, names.get(pk, ""), slips[pk], sum_) for pk, sum_ in money.most_common(5) if sum_
    ]
