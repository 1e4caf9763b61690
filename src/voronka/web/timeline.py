"""Telling the journal's facts in words, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from markupsafe import Markup, escape

from voronka.foundation.worktime import WorkCalendar
from voronka.journal.queries import Entry
from voronka.journal.viewer import NOTHING, Reach
from voronka.people.queries import directory
from voronka.web import formats, words
from voronka.web.demand_words import demand_text
from voronka.web.indicator_words import indicator_value
from voronka.web.letters import lines as letters


@dataclass(frozen=True, slots=True)
class Told:
    """One event in words. `tone`: "", accent, good or bad."""

    entry: Entry
    icon: str
    tone: str
    text: Markup
    detail: str
    who: str


def days_of(
    entries: Iterable[Entry], calendar: WorkCalendar, calls: Reach = NOTHING
) -> list[tuple[date, list[Told]]]:
    """Group events by the department's days, in the order given.

    `calls`: whose calls the reader may open; these lead to their pages.
    """
    names = {one.id: one.name for one in directory()}
    days: list[tuple[date, list[Told]]] = []
    for entry in entries:
        day = calendar.day_of(entry.at)
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(_tell(entry, names, calls))
    return days


def _tell(entry: Entry, names: dict[int, str], calls: Reach) -> Told:
    icon, tone, text, detail = _TELLERS.get(entry.kind, _plain)(entry.body, names)
    if entry.kind == "call.ended" and (calls is None or entry.by_id in calls):
        text = f'<a href="{reverse("call", args=[entry.body["call_id"]])}">{text}</a>'
    who = names.get(entry.by_id or 0, "")
    return Told(entry, icon, tone, Markup(text), detail, who)


Line = tuple[str, str, str, str]


def _bold(text: str, more: str = "") -> str:
    return f"<b>{escape(text)}</b>{', ' + str(escape(more)) if more else ''}"


def _plain(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "info", "", str(escape(body.get("name", "") or body.get("title", ""))), ""


def _client_added(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "clients", "", _bold(_("Карточка заведена")), ""


def _changed(body: dict[str, Any], names: dict[int, str]) -> Line:
    parts = []
    for name, (before, after) in body["changes"].items():
        title = str(words.FIELDS.get(name, name))
        if name == "amount_kopecks":
            before, after = (formats.rub(v) if v is not None else "" for v in (before, after))
        parts.append(f"{title}: {_bare(before)} → {_bare(after)}")
    return "edit", "", _bold(_("Изменено")), "; ".join(parts)


def _bare(value: Any) -> str:
    return Markup("{}").format(value).striptags() if value else _("пусто")


def _handed(body: dict[str, Any], names: dict[int, str]) -> Line:
    to = names.get(body["to_id"], "")
    from_ = names.get(body["from_id"] or 0, _("никто"))
    return "move", "", _bold(_("Передано"), f"{from_} → {to}"), ""


def _merged(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "clients", "", _bold(_("Слита карточка"), body["other_name"]), ""


def _merge_undone(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "undo", "", _bold(_("Слияние отменено")), ""


def _note(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "edit", "", _bold(_("Заметка")), body["text"]


def _deal_opened(body: dict[str, Any], names: dict[int, str]) -> Line:
    title = _("Новая сделка") if body["attempt"] == 1 else _("Новая попытка")
    return "board", "accent", _bold(title, body["title"]), ""


def _stage(body: dict[str, Any], names: dict[int, str]) -> Line:
    spent = body["seconds_in_previous"]
    told = _("в прошлом этапе %(time)s по календарю") % {"time": formats.duration(spent)}
    after = told if spent else ""
    return "check", "good", _bold(_("Этап «%(name)s»") % {"name": body["stage_name"]}), after


def _won(body: dict[str, Any], names: dict[int, str]) -> Line:
    text = f"<b>{escape(_('Выиграна'))}</b>, {formats.rub(body['amount_kopecks'])}"
    return "check", "good", text, ""


def _lost(body: dict[str, Any], names: dict[int, str]) -> Line:
    reason = f"{body['reason_group']} → {body['reason']}"
    return "missed", "bad", _bold(_("Отказ"), reason), body["detail"]


def _clarified(body: dict[str, Any], names: dict[int, str]) -> Line:
    reason = f"{body['reason_group']} → {body['reason']}"
    return "edit", "", _bold(_("Причина уточнена"), reason), body["detail"]


def _reopened(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "undo", "", _bold(_("Открыта снова, попытка %(n)s") % {"n": body["attempt"]}), ""


def _activity(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "clock", "", _bold(body["name"], body["lifecycle"].lower()), ""


def _step(title: words.Text, tone: str) -> Any:
    def tell(body: dict[str, Any], names: dict[int, str]) -> Line:
        what = body["title"] or str(words.STEPS.get(body["step_kind"], ""))
        icon = words.STEP_ICONS.get(body["step_kind"], "clock")
        return (
            icon,
            tone,
            _bold(str(title), what),
            body.get("outcome", "") or body.get("reason", ""),
        )

    return tell


def _call(body: dict[str, Any], names: dict[int, str]) -> Line:
    phone = str(formats.phone(body["phone"]).striptags())
    if body["is_answered"]:
        title = _("Звонок от клиента") if body["direction"] == "in" else _("Звонок клиенту")
        icon = "in" if body["direction"] == "in" else "out"
        return icon, "accent", _bold(title, formats.duration(body["talk_seconds"])), phone
    if body["direction"] == "in":
        waited = formats.duration(body["wait_seconds"])
        return "missed", "bad", _bold(_("Пропущенный"), _("ждал %(t)s") % {"t": waited}), phone
    return "out", "", _bold(_("Не дозвонились")), phone


def _call_noted(body: dict[str, Any], names: dict[int, str]) -> Line:
    place = formats.clocked(body["second"])
    return "edit", "", _bold(_("Пометка в записи"), place), body["text"]


def _call_back_due(body: dict[str, Any], names: dict[int, str]) -> Line:
    until = formats.moment(datetime.fromisoformat(body["due_at"]))
    return "phone", "", _bold(_("Перезвонить"), _("до %(at)s") % {"at": until}), ""


def _call_back_closed(body: dict[str, Any], names: dict[int, str]) -> Line:
    if body["how"] == "withdrawn":
        return "undo", "", _bold(_("Перезвон не нужен: на звонок ответили")), ""
    titles = {"they": _("Перезвонил сам"), "other": _("Перезвонил другой сотрудник")}
    title = titles.get(body["how"], _("Перезвонили"))
    after = _("через %(t)s рабочего времени") % {"t": formats.duration(body["wait_seconds"])}
    return "phone", "" if body["is_late"] else "good", _bold(title, after), ""


def _call_back_reopened(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "undo", "bad", _bold(_("Разговор убран, снова надо перезвонить")), ""


def _call_summed_up(body: dict[str, Any], names: dict[int, str]) -> Line:
    outcome = str(words.CALL_OUTCOMES.get(body["outcome"], body["outcome"]))
    return "edit", "", _bold(_("После разговора"), outcome), body["summary"]


def _passed(body: dict[str, Any], names: dict[int, str]) -> Line:
    what = demand_text(body["demand_kind"], body["what"], body["least"])
    title = _("Мягкое требование пройдено с причиной")
    return "slip", "", _bold(title, what), body["reason"]


def _indicator(body: dict[str, Any], names: dict[int, str]) -> Line:
    value, kind = body["value"], body["value_kind"]
    shown = _("убрано") if value is None else indicator_value(kind, body["unit"], value)
    after = f": {Markup('{}').format(shown)}"
    late = _("задним числом, этап «%(stage)s»") % {"stage": body["stage"]}
    return "edit", "", _bold(body["name"]) + after, late if body["is_late"] else ""


def _inquiry(body: dict[str, Any], names: dict[int, str]) -> Line:
    channel = str(words.CHANNELS.get(body["channel"], ""))
    title = _("Обращение № %(n)s") % {"n": body["number"]}
    return "inbox", "accent", _bold(title, channel), body["text"]


def _letter(body: dict[str, Any], names: dict[int, str]) -> Line:
    if body["machine"]:
        return "mail", "", _bold(_("Автоответ"), body["subject"]), ""
    title = _("Письмо от клиента") if body["direction"] == "in" else _("Наше письмо")
    tone = "accent" if body["direction"] == "in" else ""
    return "mail", tone, _bold(title, body["subject"]), body["text"]


def _answered(body: dict[str, Any], names: dict[int, str]) -> Line:
    after = formats.duration(body["working_seconds"])
    text = _bold(_("Первый ответ"), _("через %(t)s") % {"t": after})
    parts = {name: body.get(f"{name}_seconds") for name in ("assign", "notify", "react")}
    if None in parts.values():
        return "check", "good", text, ""
    told = _("до назначения %(assign)s, до открытия %(notify)s, до ответа %(react)s")
    spans = {name: formats.duration(seconds) for name, seconds in parts.items()}
    return "check", "good", text, told % spans


_WRITTEN: dict[str, tuple[str, str, words.Text]] = {
    "message": ("in", "accent", lazy("Сообщение из Telegram")),
    "edit": ("edit", "", lazy("Исправил сообщение")),
    "answer": ("out", "", lazy("Написано в Telegram")),
    "again": ("out", "", lazy("Ещё раз в Telegram")),
    "auto": ("out", "", lazy("Автоответ в Telegram")),
    "ask_phone": ("out", "", lazy("Попросили номер в Telegram")),
}


def _message(body: dict[str, Any], names: dict[int, str]) -> Line:
    icon, tone, title = _WRITTEN[body["how"]]
    phone = str(formats.phone(body["phone"]).striptags()) if body["phone"] else ""
    return icon, tone, _bold(str(title), phone), body["text"]


def _message_failed(body: dict[str, Any], names: dict[int, str]) -> Line:
    why = str(words.REPLY_PROBLEMS.get(body["problem"], ""))
    return "missed", "bad", _bold(_("Не отправлено в Telegram"), why), ""


def _classified(body: dict[str, Any], names: dict[int, str]) -> Line:
    state = str(words.STATES.get(body["state"], ""))
    return "check", "", _bold(_("Размечено"), state), words.state_reason(body["reason"])


def _assigned(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "move", "", _bold(_("Назначено"), names.get(body["to_id"], "")), ""


def _seen(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "eye", "", _bold(_("Открыто"), _after_given(body)), ""


def _accepted(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "check", "", _bold(_("Принято"), _after_given(body)), ""


def _after_given(body: dict[str, Any]) -> str:
    after = formats.duration(body["notify_seconds"])
    return _("через %(t)s после назначения") % {"t": after}


def _passed_on(body: dict[str, Any], names: dict[int, str]) -> Line:
    from_, to = names.get(body["from_id"], ""), names.get(body["to_id"], "")
    held = formats.duration(body["held_seconds"])
    told = _("пролежало %(t)s, переход %(n)s") % {"t": held, "n": body["hop"]}
    return "move", "bad", _bold(_("Не принято вовремя"), f"{from_} → {to}"), told


def _overridden(body: dict[str, Any], names: dict[int, str]) -> Line:
    chosen, to = (names.get(body[name], "") for name in ("chosen_id", "to_id"))
    said = _("раздача выбрала: %(chosen)s, передано: %(to)s") % {"chosen": chosen, "to": to}
    return "undo", "", _bold(_("Решили иначе"), said), body["reason"]


def _stranger(title: words.Text) -> Any:
    def tell(body: dict[str, Any], names: dict[int, str]) -> Line:
        return "user", "", _bold(str(title), str(words.NOT_CUSTOMERS[body["reason"]])), ""

    return tell


def _slip_opened(body: dict[str, Any], names: dict[int, str]) -> Line:
    return "slip", "bad", _bold(_("Огрех"), str(words.SLIPS.get(body["rule"], ""))), ""


def _slip_escalated(body: dict[str, Any], names: dict[int, str]) -> Line:
    title = str(words.SLIPS.get(body["rule"], ""))
    to, stood = names.get(body["to_id"], ""), formats.work_days(body["stood_seconds"])
    told = _("стоял %(time)s после срока, передан: %(name)s") % {"time": stood, "name": to}
    return "slip", "bad", _bold(_("Огрех передан выше"), title), told


def _slip_closed(body: dict[str, Any], names: dict[int, str]) -> Line:
    title = str(words.SLIPS.get(body["rule"], ""))
    if body["how"] == "accepted":
        return "slip", "", _bold(_("Огрех принят с причиной"), title), body["reason"]
    return "check", "good", _bold(_("Огрех закрыт доказательством"), title), ""


def _text_set(body: dict[str, Any], names: dict[int, str]) -> Line:
    title = _("Текст согласия, версия %(n)s") % {"n": body["version"]}
    return "doc", "", _bold(title, str(words.PURPOSES[body["purpose"]])), ""


def _agreed(body: dict[str, Any], names: dict[int, str]) -> Line:
    how = str(words.CONSENT_WAYS[body["how"]])
    return "shield", "", _bold(_("Согласие"), str(words.PURPOSES[body["purpose"]])), how


def _withdrawn(body: dict[str, Any], names: dict[int, str]) -> Line:
    what = ", ".join(str(words.PURPOSES[one]) for one in body["purposes"])
    ends = body["erase_by"]
    day = formats.day(date.fromisoformat(ends)) if ends else ""
    until = _("стереть данные до %(day)s") % {"day": day} if ends else ""
    return "shield", "bad", _bold(_("Согласие отозвано"), what), until


def _erased(body: dict[str, Any], names: dict[int, str]) -> Line:
    whose = _("одного человека") if body["contact_id"] else _("клиента")
    return "lock", "", _bold(_("Данные стёрты"), whose), body["reason"]


def _read_all(body: dict[str, Any], names: dict[int, str]) -> Line:
    told = _("записей: %(n)s") % {"n": body["rows"]}
    return "doc", "", _bold(_("Собрано всё, что хранится"), told), ""


_TELLERS: dict[str, Any] = {
    "consent.text_set": _text_set,
    "consent.given": _agreed,
    "consent.withdrawn": _withdrawn,
    "personal.erased": _erased,
    "personal.read": _read_all,
    "client.added": _client_added,
    "client.changed": _changed,
    "client.handed_over": _handed,
    "client.merged": _merged,
    "client.merge_undone": _merge_undone,
    "note.written": _note,
    "deal.opened": _deal_opened,
    "deal.stage_entered": _stage,
    "deal.demand_passed": _passed,
    "deal.indicator_recorded": _indicator,
    "deal.changed": _changed,
    "deal.handed_over": _handed,
    "deal.won": _won,
    "deal.lost": _lost,
    "deal.refusal_clarified": _clarified,
    "deal.reopened": _reopened,
    "deal.activity": _activity,
    "step.set": _step(lazy("Поставлен шаг"), ""),
    "step.moved": _step(lazy("Срок перенесён"), ""),
    "step.done": _step(lazy("Сделано"), "good"),
    "step.cancelled": _step(lazy("Отменено"), ""),
    "call.ended": _call,
    "call.noted": _call_noted,
    "call_back.due": _call_back_due,
    "call_back.closed": _call_back_closed,
    "call_back.reopened": _call_back_reopened,
    "call.summed_up": _call_summed_up,
    "inquiry.registered": _inquiry,
    "inquiry.letter": _letter,
    "letter.written": letters.written,
    "letter.sent": letters.sent,
    "letter.failed": letters.failed,
    "inquiry.assigned": _assigned,
    "inquiry.seen": _seen,
    "inquiry.accepted": _accepted,
    "inquiry.passed_on": _passed_on,
    "inquiry.overridden": _overridden,
    "inquiry.answered": _answered,
    "inquiry.classified": _classified,
    "stranger.dismissed": _stranger(lazy("Не клиент")),
    "stranger.returned": _stranger(lazy("Снова спрашиваем о номере")),
    "inquiry.message": _message,
    "inquiry.message_failed": _message_failed,
    "slip.opened": _slip_opened,
    "slip.escalated": _slip_escalated,
    "slip.closed": _slip_closed,
}
