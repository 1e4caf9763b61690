"""Words for exchanges: their kinds, how far a kind is tried, why an event is not read."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voronka.calls.exchange_queries import Compared, ExchangeRow
from voronka.calls.providers import DOCUMENTED, KINDS, READY


def kind_name(kind: str) -> str:
    """Name a kind of exchange."""
    own = {
        "generic": _("Любая АТС: свой протокол"),
        "external_call": _("АТС, которая умеет Битрикс24"),
        "telphin": _("Телфин"),
        "mts": _("МТС Автосекретарь"),
        "beeline": _("Облачная АТС Билайн"),
    }
    names = {one.kind: one.name for one in KINDS}
    return own.get(kind) or names.get(kind, kind)


def status_words(status: str) -> str:
    """Say how far a kind is tried."""
    said = {
        READY: _("Проверено на настоящей АТС."),
        DOCUMENTED: _("Сделано по документации, на живом счёте ещё не проверено."),
    }
    return said[status]


def problem_words(problem: str) -> str:
    """Say to the administrator why an event waits for a person, and what to do."""
    said = {
        "torn": _("Не читается: это не форма и не JSON. Покажите его поставщику АТС."),
        "no_call": _("Не сказано, о каком звонке речь. Проверьте, что АТС передаёт callid."),
        "unknown_call": _("АТС завершила звонок, о котором не сообщала."),
        "unknown_event": _("Событие неизвестного вида. На звонки не влияет."),
        "unknown_status": _("Итог звонка неизвестен. Звонок учтён, разговор без итога."),
        "long_number": _("В номере больше 15 цифр. Звонок учтён, номер обрезан."),
        "subscription_over": _("Подписка на звонки сотрудника закончилась. Продлите её в АТС."),
        "failed": _("Сообщение прочитано, но звонок из него не сложился."),
    }
    return said.get(problem, _("Сообщение АТС не разобрано."))


def line_words(problem: str) -> str:
    """Say why an exchange cannot be spoken to or read, and what to do."""
    said = {
        "unreachable": _("АТС не отвечает. Проверьте адрес, порт и доступ с этого сервера."),
        "bad_login": _("АТС не приняла логин или пароль AMI. Проверьте manager.conf."),
        "no_answer": _(
            "АТС ответила на вход и замолчала. Проверьте, что порт принадлежит AMI."
        ),
        "gone": _("АТС оборвала связь. Подключаемся снова сами."),
        "refused": _("Пользователю AMI не хватает прав. Нужны system, call, agent, user, cdr."),
        "lost_key": _("Ключ шифрования сменился: введите пароль АТС заново."),
        "no_record": _("Журнал CEL не открылся. Проверьте адрес базы и доступ на чтение."),
        "bad_record": _("В базе нет таблицы CEL с нужными полями. Включите CEL на АТС."),
        "record_address": _(
            "Адрес журнала не понят. Он вида sqlite:///…, postgresql://… или mysql://…"
        ),
        "silent": _(
            "В рабочие часы о звонках ни слова. Позвоните себе; проверьте адрес на АТС."
        ),
        "asked_unreachable": _("Поставщик не отвечает. Спросим ещё раз сами, через час."),
        "asked_too_many": _("Поставщик просит спрашивать реже. Спросим ещё раз через час."),
        "asked_refused": _("Поставщик не принял ключ. Проверьте его в разделе «Подключение»."),
        "asked_no_key": _(
            "Не хватает ключа для списка звонков. Впишите его в разделе «Подключение»."
        ),
        "asked_too_long": _("Список звонков слишком велик. Сверьте меньше дней сразу."),
        "asked_wrong_answer": _(
            "Ответ поставщика не похож на список звонков. Проверьте сервер и номер счёта."
        ),
    }
    return said.get(problem, _("Связи с АТС нет."))


@dataclass(frozen=True, slots=True)
class State:
    """How an exchange fares in a word or two. `tone`: "", good, warn, bad."""

    tone: str
    text: str


def state_of(row: ExchangeRow) -> State:
    """Give the state as its badge says it."""
    if not row.is_on:
        return State("", _("выключена"))
    if row.problem == "silent":
        return State("warn", _("молчит"))
    if row.problem:
        return State("bad", _("нет связи"))
    return State("good", _("слышим")) if row.heard_at else State("", _("ещё не слышали"))


def compared_words(one: Compared) -> str:
    """Say how a comparison came out: exchange 312, ours 309, 3 added."""
    numbers = {"theirs": one.theirs, "ours": one.ours}
    said = [_("У АТС %(theirs)s, у нас %(ours)s") % numbers]
    if one.added:
        said.append(_("добавлено %(n)s") % {"n": one.added})
    if one.missing:
        said.append(_("не хватает %(n)s") % {"n": one.missing})
    return ", ".join(said)


def beside_words(one: Compared) -> str:
    """Say what was counted beside: internal calls, calls the exchange knows nothing of."""
    said = []
    if one.internal:
        said.append(_("внутренних %(n)s, отдельно") % {"n": one.internal})
    if one.extra:
        text = ngettext(
            "%(num)s звонок есть только у нас", "%(num)s звонков есть только у нас", one.extra
        )
        said.append(text % {"num": one.extra})
    if one.source == "cdr":
        said.append(_("только по числу, приблизительно"))
    return "; ".join(said)
