"""What the manager's desk shows: one thing to do now, then the order and its reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from voronka.agenda import queries as agenda
from voronka.calls import call_back_queries as calls
from voronka.control import queries as control
from voronka.inquiries import queries as inquiries
from voronka.kpi import registry
from voronka.kpi.conventions import month_of
from voronka.kpi.source import read
from voronka.people.settings import calendar as calendar_of
from voronka.web.pages import settings_of, viewer


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, with why it stands here. `weight`: less is sooner."""

    weight: tuple[int, float]
    due_at: datetime
    is_late: bool
    step: agenda.StepRow | None = None
    inquiry: inquiries.InquiryRow | None = None
    call_back: calls.CallBackRow | None = None


def manager_desk(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Read all of the desk, six queries."""
    by, known = viewer(request), settings_of(request)
    calendar = calendar_of(known)
    tomorrow = calendar.midnight(calendar.day_of(now) + timedelta(days=1))
    steps = agenda.open_steps(
        viewer=by, person_id=by.person_id, until=tomorrow + timedelta(days=1), limit=60
    )
    waiting = inquiries.queue(viewer=by, state="waiting")
    norm = timedelta(minutes=known["answer_norm_minutes"])
    backs = calls.open_call_backs(viewer=by, person_id=by.person_id)
    # A missed call stands once: not as its step, nor as its inquiry besides.
    steps = [step for step in steps if step.id not in {one.step_id for one in backs}]
    waiting = [one for one in waiting if one.id not in {back.inquiry_id for back in backs}]
    todos = [_from_step(step, now) for step in steps]
    todos += [_from_call_back(one, now) for one in backs]
    todos += [_from_inquiry(one, calendar.add(one.arrived_at, norm), now) for one in waiting]
    todos.sort(key=lambda todo: todo.weight)
    month = month_of(calendar.day_of(now), calendar)
    material = read(viewer=by, period=month, now=now, calendar=calendar, settings=known)
    slips = control.open_slips(viewer=by, limit=8)
    today = [todo for todo in todos if todo.due_at < tomorrow]
    return {
        "now": now,
        "month": month,
        "first": todos[0] if todos else None,
        "rest": todos[1:16],
        "hidden": max(0, len(todos) - 16),
        "today_n": len(today),
        "late_n": sum(todo.is_late for todo in todos),
        "figures": {code: make(material) for code, make in registry.FROM_JOURNAL.items()},
        "slips": slips,
        "risk": sum(slip.money_kopecks for slip in slips),
        "tomorrow": tomorrow,
    }


def _from_step(step: agenda.StepRow, now: datetime) -> Todo:
    # What was promised to a client and is late goes first, dearer deals before cheaper ones.
    is_late = step.due_at < now
    money = float(step.amount_kopecks or 0)
    weight = (1, -money) if is_late else (2, step.due_at.timestamp())
    return Todo(weight, step.due_at, is_late, step=step)


def _from_call_back(one: calls.CallBackRow, now: datetime) -> Todo:
    # Who rang in vain waits for us like a new inquiry.
    weight = (0, one.first_missed_at.timestamp())
    return Todo(weight, one.due_at, one.due_at < now, call_back=one)


def _from_inquiry(one: inquiries.InquiryRow, due_at: datetime, now: datetime) -> Todo:
    return Todo((0, one.arrived_at.timestamp()), due_at, due_at < now, inquiry=one)
