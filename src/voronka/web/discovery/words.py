"""What discovery found, in sentences."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from voronka.discovery.report import Report, StageFigures
from voronka.web.discovery.insight_words import insight_lines
from voronka.web.words import STEPS


def lines_of(report: Report, person: Callable[[str], str] = str) -> list[str]:
    """Tell of a report in lines: the outcome, the stages, the work, what is weak, and more.

    `person` names whoever the log knows by a code.
    """
    n = {"cases": report.cases, "won": report.won, "lost": report.lost, "open": report.open}
    lines = [_("Продаж %(cases)s: выиграно %(won)s, отказов %(lost)s, идут %(open)s.") % n]
    if report.won_by:
        lines.append(_("Победой сочли: %(names)s.") % {"names": _listed(report.won_by)})
    if report.lost_by:
        lines.append(_("Отказом сочли: %(names)s.") % {"names": _listed(report.lost_by)})
    if report.problem:
        return [*lines, _("Данных мало: этапов не предлагаем.")]
    place = 0
    for stage in report.stages:
        place += stage.kind == "main"
        mark = {"main": f"{place}.", "optional": "( )", "parallel": "||"}[stage.kind]
        lines.append(f"{mark:>4} {_named(stage)}: {_figures(stage)}")
    for work in report.work:
        lines.append(_work(work))
    if report.weak:
        names = "; ".join(report.weak)
        lines.append(
            _("Нетвёрдо, в половине данных видно не всегда: %(names)s.") % {"names": names}
        )
    return [*lines, *insight_lines(report.more, activity_word, person)]


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(activity_word(code) for code in codes)


def _named(stage: StageFigures) -> str:
    return " + ".join(activity_word(name) for name in stage.activities)


def _figures(stage: StageFigures) -> str:
    said = _("дошли %(n)s (%(share)s %%)") % {
        "n": stage.reached, "share": round(100 * stage.conversion, 1),
    }  # fmt: skip
    if stage.lost_here:
        said += ", " + _("потеряны здесь %(n)s") % {"n": stage.lost_here}
    if stage.p80_hours is not None:
        said += ", " + _("до следующего %(p50)s ч, у 80 %% до %(p80)s ч") % {
            "p50": round(stage.p50_hours or 0, 1), "p80": round(stage.p80_hours, 1),
        }  # fmt: skip
    return said


def _work(work: dict[str, Any]) -> str:
    return _("Работа внутри этапа «%(stage)s»: %(activity)s, %(times)s раза на продажу.") % {
        "stage": work["stage"],
        "activity": activity_word(work["activity"]),
        "times": work["times_a_case"],
    }


def activity_word(code: str) -> str:
    """Say an activity of the journal in words; a stage's name stays."""
    kind, _sep, what = code.partition(":")
    if kind == "step" and what in STEPS:
        return _("Сделано: %(step)s") % {"step": STEPS[what]}
    fixed = {
        "call:in": _("Звонок клиента"),
        "call:out": _("Звонок клиенту"),
        "deal:won": _("Выиграна"),
        "deal:lost": _("Отказ"),
    }
    return fixed.get(code, code)


def bad_row(row: int, what: str) -> str:
    """Say why a row was left out."""
    why = {
        "no_case": _("нет номера продажи"),
        "no_activity": _("не сказано, что произошло"),
        "bad_date": _("время не читается"),
        "in_future": _("время ещё не наступило"),
    }
    return _("Строка %(row)s не взята: %(why)s.") % {"row": row, "why": why.get(what, what)}
