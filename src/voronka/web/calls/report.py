"""The page of calls: figures, who talked how much, the list, when we are rung, and the file."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from voronka.calls import exporting_rows, queries
from voronka.calls.day_sums import NOBODY, Rules, rules_of, sums_by_day, together
from voronka.calls.sums import LONG_SECONDS, Sums, Tally, longer, middle
from voronka.clients.queries import source_names
from voronka.deals.queries import all_stages
from voronka.journal.viewer import Reach
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web import formats
from voronka.web.calls.asked import Asked, after_of, asked_of, title_days
from voronka.web.calls.drawing import bars, heat_of, hours_of
from voronka.web.pages import EVERYBODY, HEADS, RULERS, open_to, settings_of, viewer
from voronka.web.shell import now, render
from voronka.web.words import Text

HEAT_DAYS = timedelta(days=27)
PERIOD_NAMES: dict[str, Text] = {
    "today": lazy("Сегодня"),
    "week": lazy("Эта неделя"),
    "month": lazy("Этот месяц"),
    "custom": lazy("Свои даты"),
}
WHAT: dict[str, Text] = {
    "": lazy("Все звонки"),
    "in": lazy("Входящие"),
    "answered": lazy("Входящие с ответом"),
    "quick": lazy("Ответили быстро"),
    "missed": lazy("Пропущенные"),
    "not_returned": lazy("Не перезвонили"),
    "out": lazy("Исходящие"),
    "connected": lazy("Дозвонились"),
    "unreached": lazy("Не дозвонились"),
    "busy": lazy("Занято"),
    "talked": lazy("Разговоры"),
    "long": lazy("Дольше 10 минут"),
    "given_up": lazy("Сбросили сразу"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """A line of a table: its key in the address, its name, its counts."""

    key: int | str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class StageLine:
    """Calls about deals that stood on a stage; the median is that of talks, in seconds."""

    key: int
    name: str
    n: int
    median: float | None


@open_to(EVERYBODY)
def calls(request: HttpRequest) -> HttpResponse:
    """Show the calls of a period; six queries of its own."""
    by, at = viewer(request), now()
    known = settings_of(request)
    rules = rules_of(known, calendar_of(known))
    asked = asked_of(request, rules.calendar, at)
    days = sums_by_day(
        viewer=by,
        first=min(asked.first, asked.last - HEAT_DAYS),
        last=asked.last,
        rules=rules,
        manager_id=asked.where.manager_id,
    )
    sums = together(one for day, one in days.items() if asked.first <= day <= asked.last)
    weeks = {day: one.hours() for day, one in days.items() if day >= asked.last - HEAT_DAYS}
    rows = queries.call_list(
        viewer=by, asked=asked.where, norms=rules.norms, after=after_of(request)
    )
    names = {one.id: one.name for one in directory()}
    reach = by.reach("call", "read")
    context = {
        "now": at,
        "asked": asked,
        "title": title_days(asked),
        "periods": PERIOD_NAMES,
        "what": WHAT,
        "sellers": [one for one in directory() if one.sells and _within(one.id, reach)],
        "names": names,
        "heat": heat_of(weeks, rules.calendar),
        "norms": rules.norms,
        "rows": rows[: queries.PAGE],
        "next": _next(asked, rows),
        "may_export": by.may("export", "read"),
        "heads": by.role in HEADS,
        "stage_names": all_stages(),
        "client": next((row.client for row in rows), "") if asked.where.client_id else "",
    }
    context |= _figures(request, asked, sums, rules) | _tables(sums, names)
    return render(request, "calls/report.html", context, here="calls")


@open_to(RULERS)
def export(request: HttpRequest) -> HttpResponse:
    """Give the list as a workbook. Records: ListExported."""
    by, at = viewer(request), now()
    known = settings_of(request)
    rules = rules_of(known, calendar_of(known))
    asked = asked_of(request, rules.calendar, at)
    exporting_rows.note_export(viewer=by, asked=asked.where, norms=rules.norms, at=at)
    rows = queries.all_calls(viewer=by, asked=asked.where, norms=rules.norms)
    names = {one.id: one.name for one in directory()}
    body = io.BytesIO()
    exporting_rows.write_workbook(
        body,
        title=_("Звонки"),
        header=[str(one) for one in COLUMNS],
        lines=(_cells(row, names, rules) for row in rows),
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(body.getvalue(), content_type=kind)
    name = quote(f"{_('Звонки')} {asked.first:%Y-%m-%d} {asked.last:%Y-%m-%d}.xlsx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


COLUMNS: tuple[Text, ...] = (
    lazy("Начало"), lazy("Направление"), lazy("Чем кончился"), lazy("Телефон"), lazy("Клиент"),
    lazy("Менеджер"), lazy("Этап"), lazy("Наша линия"), lazy("Ожидание, с"),
    lazy("Разговор, с"), lazy("Перезвонили"),
)  # fmt: skip


def ending(row: queries.CallRow, rules: Rules) -> str:
    """Say in a word how a call ended."""
    if row.direction == "in":
        if row.is_answered:
            return _("отвечен")
        return _("сбросили сразу") if row.is_given_up(rules.norms) else _("пропущен")
    if row.is_answered:
        return _("дозвонились")
    return _("занято") if row.outcome == "busy" else _("не дозвонились")


def _cells(row: queries.CallRow, names: dict[int, str], rules: Rules) -> list[Any]:
    return [
        formats.iso(row.at).replace("T", " "),
        _("входящий") if row.direction == "in" else _("исходящий"),
        ending(row, rules),
        row.phone,
        row.client,
        names.get(row.manager_id or 0, ""),
        row.stage,
        row.line,
        row.wait_seconds,
        row.talk_seconds,
        formats.iso(row.returned_at).replace("T", " ") if row.returned_at else "",
    ]


def _figures(request: HttpRequest, asked: Asked, sums: Sums, rules: Rules) -> dict[str, Any]:
    """Make the four figures with their bars by hour; two queries."""
    by, plain = viewer(request), asked.plain
    hours = hours_of(sums, rules.calendar, asked.last)
    return {
        "tally": sums.tally,
        "hours": hours,
        "bars": {
            name: bars(sums, hours, name)
            for name in ("outgoing", "incoming", "missed", "talk_seconds")
        },
        "returns": queries.returns(viewer=by, asked=plain),
        "numbers": len(sums.dialled),
        "reached": len(sums.reached),
        "internal": queries.internal_calls(start=plain.start, end=plain.end),
        "medians": {
            "out": middle(sums.talks_out),
            "all": middle(sums.talks_in, sums.talks_out),
            "wait": middle(sums.waits),
        },
        "long": sum(longer(one, LONG_SECONDS) for one in (sums.talks_in, sums.talks_out)),
    }


def _tables(sums: Sums, names: dict[int, str]) -> dict[str, Any]:
    people = [
        Group(pk or NOBODY, names.get(pk) or _("Без менеджера"), Tally(*counts))
        for pk, counts in sums.people.items()
    ]
    known = source_names() if len(sums.sources) > 1 else {}
    origins = [
        Group(pk, known.get(pk) or _("Источник не известен"), Tally(*counts))
        for pk, counts in sums.sources.items()
    ]
    lines = [
        Group(line, _line(line), Tally(*counts)) for line, counts in sums.lines.items() if line
    ]
    return {
        "people": _sorted(people, "talk_seconds"),
        "origins": _sorted(origins, "whole") if known else [],
        "lines": _sorted(lines, "whole"),
        "stages": _stages(sums),
    }


def _within(person_id: int, reach: Reach) -> bool:
    return reach is None or person_id in reach


def _line(line: str) -> str:
    # An exchange may name its numbers without the plus.
    number = f"+{line}" if line.isdecimal() and len(line) > 9 else line
    return formats.phone(number).striptags() if number.startswith("+") else line


def _sorted(groups: list[Group], by: str) -> list[Group]:
    told = [one for one in groups if one.tally.whole]
    return sorted(told, key=lambda one: (-getattr(one.tally, by), one.name))


def _stages(sums: Sums) -> list[StageLine]:
    """List stages in the funnel's order, then the retired ones together, then no deal."""
    told = [pair for _funnel, stages in all_stages() for pair in stages]
    found = [_stage(pk, name, sums.stages[pk]) for pk, name in told if pk in sums.stages]
    retired: dict[int, int] = {}
    for pk in sums.stages.keys() - {pk for pk, _name in told} - {0}:
        for seconds, n in sums.stages[pk].items():
            retired[seconds] = retired.get(seconds, 0) + n
    if retired:
        found.append(_stage(-1, _("Прежние этапы"), retired))
    if 0 in sums.stages:
        found.append(_stage(0, _("Нет сделки"), sums.stages[0]))
    return found


def _stage(pk: int, name: str, lengths: dict[int, int]) -> StageLine:
    talks = {seconds: n for seconds, n in lengths.items() if seconds}
    return StageLine(pk, name, sum(lengths.values()), middle(talks))


def _next(asked: Asked, rows: list[queries.CallRow]) -> str:
    if len(rows) <= queries.PAGE:
        return ""
    last = rows[queries.PAGE - 1]
    return f"{asked.link(after=_mark(last.at, last.id))}#list"


def _mark(at: datetime, pk: int) -> str:
    return f"{at.isoformat()}~{pk}"
