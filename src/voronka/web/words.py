"""Words for codes: kinds of slips, steps, channels, states, figures, timeline lines."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from voronka.web import formats, measures

Text = str | Promise

SLIPS: dict[str, Text] = {
    "unanswered": lazy("Обращение без ответа сверх нормы"),
    "no_step": lazy("Нет следующего шага"),
    "overdue": lazy("Просроченное дело"),
    "stuck": lazy("Стоит в этапе сверх нормы"),
    "thin_card": lazy("Карточка не заполнена"),
    "other_reason": lazy("Отказ без настоящей причины"),
}
SLIP_GROUPS: dict[str, Text] = {
    "answer": lazy("Без ответа"),
    "step": lazy("Шаги"),
    "stuck": lazy("Застряли"),
    "data": lazy("Данные"),
}
CLOSES: dict[str, Text] = {
    "unanswered": lazy("ответ человека"),
    "no_step": lazy("шаг с датой"),
    "overdue": lazy("дело сделано, отменено или перенесено"),
    "stuck": lazy("следующий этап или отказ с причиной"),
    "thin_card": lazy("поля карточки до порога"),
    "other_reason": lazy("настоящая причина отказа"),
}
RULES: dict[str, Text] = {
    "unanswered": lazy("Обращение без ответа человека дольше нормы, в рабочем времени."),
    "no_step": lazy("У открытой сделки нет ни одного дела впереди."),
    "overdue": lazy("Срок дела прошёл, оно не сделано и не отменено."),
    "stuck": lazy("Сделка в этапе дольше его нормы, в рабочем времени."),
    "thin_card": lazy("Сделка открыта, а карточка клиента заполнена ниже порога."),
    "other_reason": lazy("Отказ записан с причиной «Другое» за последние 30 дней."),
}
QUEUES: dict[str, Text] = {
    "": lazy("Все"),
    "waiting": lazy("Ждут"),
    "new": lazy("Разметить"),
    "targeted": lazy("Целевые"),
    "not_targeted": lazy("Нецелевые"),
    "spam": lazy("Спам"),
    "duplicate": lazy("Дубли"),
}
TWINS: dict[str, Text] = {
    "phone": lazy("тот же телефон"),
    "mail": lazy("та же почта"),
    "inn": lazy("тот же ИНН"),
    "name": lazy("почти то же название"),
}
FLOWS: dict[str, Text] = {
    "passed": lazy("ушла дальше"),
    "lost": lazy("отказ"),
    "still": lazy("ещё здесь"),
    "unanswered": lazy("ждёт ответа"),
    "deal.won": lazy("выиграна"),
    "deal.lost": lazy("отказ"),
    "deal.reopened": lazy("открыта снова"),
    "recorded": lazy("записано вовремя"),
    "late": lazy("задним числом"),
    "missing": lazy("не записано"),
}
KINDS_OF_FIELD: dict[str, Text] = {
    "text": lazy("текст"),
    "number": lazy("число"),
    "money": lazy("сумма"),
    "date": lazy("дата"),
    "flag": lazy("да или нет"),
    "choice": lazy("из списка"),
}
ACCEPT_REASONS: dict[str, Text] = {
    "client_asked_later": lazy("Клиент просил позже"),
    "slip_is_wrong": lazy("Огрех ошибочный"),
    "decided_not_to_work": lazy("Решили не работать"),
    "other": lazy("Другое"),
}
STEPS: dict[str, Text] = {
    "call_back": lazy("Перезвон"),
    "letter": lazy("Письмо"),
    "quote": lazy("КП"),
    "meeting": lazy("Встреча"),
    "presentation": lazy("Презентация"),
    "task": lazy("Задача"),
}
STEP_ICONS = {
    "call_back": "phone",
    "letter": "mail",
    "quote": "doc",
    "meeting": "user",
    "presentation": "eye",
    "task": "check",
}
CHANNELS: dict[str, Text] = {
    "form": lazy("сайт"),
    "call": lazy("звонок"),
    "mail": lazy("почта"),
    "messenger": lazy("мессенджер"),
    "hand": lazy("записано вручную"),
    "file": lazy("из файла"),
}
STATES: dict[str, Text] = {
    "new": lazy("разметить"),
    "targeted": lazy("целевое"),
    "not_targeted": lazy("нецелевое"),
    "spam": lazy("спам"),
    "duplicate": lazy("дубль"),
}
ROLES: dict[str, Text] = {
    "head": lazy("Руководитель отдела"),
    "lead": lazy("Руководитель группы"),
    "manager": lazy("Менеджер"),
    "administrator": lazy("Администратор"),
    "auditor": lazy("Аудитор"),
}
RIGHTS: dict[str, Text] = {
    "client": lazy("Клиенты"),
    "deal": lazy("Сделки"),
    "inquiry": lazy("Обращения"),
    "step": lazy("Дела"),
    "call": lazy("Звонки"),
    "slip": lazy("Огрехи"),
    "export": lazy("Выгрузка"),
    "person": lazy("Люди"),
    "settings": lazy("Настройки"),
    "import": lazy("Импорт"),
}
SPANS: dict[str, Text] = {
    "nothing": lazy("нет"),
    "own": lazy("свои"),
    "team": lazy("команда"),
    "subtree": lazy("команда и ниже"),
    "all": lazy("все"),
}
TRADES: dict[str, tuple[Text, Text]] = {
    "equipment": (lazy("Оборудование с монтажом"), lazy("замер, КП, договор")),
    "wholesale": (lazy("Опт и поставки"), lazy("заявка, счёт, отгрузка")),
    "services": (lazy("Услуги для компаний"), lazy("встреча, предложение, договор")),
    "construction": (lazy("Стройка и ремонт"), lazy("выезд, смета, этапы работ")),
    "retail": (lazy("Розница с заказом"), lazy("заказ, предоплата, выдача")),
    "education": (lazy("Обучение"), lazy("заявка, пробное, договор")),
    "realty": (lazy("Недвижимость"), lazy("подбор, показ, бронь")),
    "repair": (lazy("Ремонт и сервис"), lazy("диагностика, цена, выдача")),
    "software": (lazy("Программы и внедрение"), lazy("демонстрация, пилот, договор")),
    "other": (lazy("Другое"), lazy("начать с трёх этапов")),
}
FIELDS: dict[str, Text] = {
    "phone": lazy("Телефон"),
    "mail": lazy("Почта"),
    "contact": lazy("Контактное лицо"),
    "contacts": lazy("Люди и номера"),
    "decides": lazy("Кто решает"),
    "source": lazy("Источник"),
    "inn": lazy("ИНН"),
    "kpp": lazy("КПП"),
    "ogrn": lazy("ОГРН"),
    "industry": lazy("Отрасль"),
    "city": lazy("Город"),
    "address": lazy("Адрес"),
    "website": lazy("Сайт"),
    "name": lazy("Название"),
    "legal_name": lazy("Полное название"),
    "kind": lazy("Вид"),
    "note": lazy("Заметка"),
    "external_id": lazy("Внешний код"),
    "manager_id": lazy("Ведёт"),
    "source_id": lazy("Источник"),
    "title": lazy("О чём сделка"),
    "amount_kopecks": lazy("Сумма"),
    "expected_close_on": lazy("Ждём закрытия"),
    "lines": lazy("Товары"),
}
LEVELS: dict[str, Text] = {
    "off": lazy("Выкл"),
    "warn": lazy("Предупреждать"),
    "require": lazy("Требовать"),
}
ROUTED: dict[str, Text] = {
    "owner": lazy("Клиент этого менеджера."),
    "competence": lazy("Такие обращения выигрывает чаще других."),
    "trial": lazy("Шанс близок к лучшему, а исходов меньше: проба."),
    "price": lazy("Шанс близок к лучшему, а у лучшего сейчас больше других: разгрузка."),
    "rule": lazy("По правилу."),
    "nobody": lazy("Никто не может взять сейчас: обращение открыто всем."),
}
BARRED: dict[str, Text] = {
    "inactive": lazy("уволен"),
    "absent": lazy("в отъезде"),
    "cap": lazy("предел на сегодня"),
    "rule": lazy("не по правилу"),
}
TERMS: dict[str, Text] = {
    "person": lazy("выигрывает вообще"),
    "source": lazy("этот источник"),
    "channel": lazy("этот канал"),
    "product": lazy("этот товар"),
    "pairs": lazy("такое сочетание источника, канала и товара"),
    "trial": lazy("проба: исходов ещё мало"),
    "price": lazy("разгрузка: получает больше других"),
}
MOVES: dict[str, Text] = {
    "forward": lazy("На шаг вперёд"),
    "skip": lazy("Через этап"),
    "back": lazy("Назад"),
    "win": lazy("В выигранные"),
    "lose": lazy("В отказ"),
    "reopen": lazy("Открыть снова"),
    "hand_over": lazy("Передать другому"),
    "enter": lazy("На этот этап"),
}
MOVE_LEVELS: dict[str, Text] = {
    "yes": lazy("да"),
    "reason": lazy("причина"),
    "no": lazy("нет"),
}
MOVERS: dict[str, Text] = {
    "manager": lazy("Ведёт"),
    "lead": lazy("Группа"),
    "head": lazy("РОП"),
}
JOBS: dict[str, Text] = {
    "voronka.deals.jobs.publish_due": lazy("Регламент, назначенный на срок"),
    "voronka.control.jobs.look_for_slips": lazy("Поиск огрехов"),
    "voronka.discovery.jobs.find_in_background": lazy("Поиск воронки в журнале"),
    "voronka.discovery.jobs.refresh_findings": lazy("Найденные воронки: свежие данные"),
    "voronka.deals.jobs.measure_chances": lazy("Вероятности по этапам"),
    "voronka.foundation.jobs.tidy_queue": lazy("Уборка очереди"),
    "voronka.inquiries.jobs.learn_who_wins": lazy("Кто что выигрывает"),
    "voronka.importing.jobs.try_in_background": lazy("Пробный прогон файла"),
    "voronka.importing.jobs.write_in_background": lazy("Запись файла"),
}
JOB_STATES: dict[str, Text] = {
    "waiting": lazy("ждёт"),
    "running": lazy("идёт"),
    "done": lazy("сделано"),
    "dead": lazy("не получилось"),
}
DECIDES: dict[str, Text] = {
    "": lazy("не известно"),
    "yes": lazy("решает"),
    "with_others": lazy("вместе с другими"),
    "no": lazy("не решает"),
}
FIGURES: dict[str, Text] = {
    "K1": lazy("Обращения"),
    "K2": lazy("Целевые"),
    "K4": lazy("Первый ответ, рабочее время"),
    "K5": lazy("Пропущенные звонки"),
    "K13": lazy("Выиграно"),
    "K14": lazy("Конверсия этапов"),
    "K15": lazy("Доля выигранных"),
    "K16": lazy("Срок сделки"),
    "K18": lazy("Отказы"),
    "K24": lazy("Сделки без следующего шага"),
    "K25": lazy("Просроченные дела"),
    "K29": lazy("Показатель этапа"),
}
HOW: dict[str, Text] = {
    "K1": lazy("Все обращения, пришедшие за период, по всем каналам. Уникальные: без дублей."),
    "K2": lazy("Целевые / (целевые + нецелевые). Неразмеченные показаны отдельно; спам и дубли не входят."),
    "K4": lazy("От прихода обращения до первого ответа человека, в рабочем времени. Автоответ и звонок короче 10 с не считаются. Без ответа до сих пор входят как ждущие до этой минуты."),
    "K5": lazy("Входящие без ответа. Брошенные в первые секунды не входят и показаны отдельно; нерабочее время тоже отдельно."),
    "K13": lazy("Сумма выигранных сделок за период. Открытая снова сделка вычитается в день открытия."),
    "K14": lazy("Из попыток, вошедших в этап за период: сколько ушло дальше или выиграно. Прошли + отказ + ещё здесь = вошли. Возврат назад нового входа не даёт."),
    "K15": lazy("Выиграно / (выиграно + отказы) по попыткам, закрытым за период."),
    "K16": lazy("От начала попытки до выигрыша, календарное время; рабочее показано рядом."),
    "K18": lazy("Попытки, закрытые отказом за период, по причинам. «Другое» больше 15 % само по себе огрех."),
    "K24": lazy("Открытые сделки без будущего дела / все открытые сейчас."),
    "K25": lazy("Дела, срок которых прошёл и которые не сделаны и не отменены. Перенос срока первый срок не меняет."),
    "K29": lazy("Из попыток, ушедших с этапа дальше за период: в скольких показатель записан до ухода. Записанное задним числом стоит отдельно: в долю и в разброс не входит."),
}  # fmt: skip


def why_twins(codes: tuple[str, ...]) -> str:
    """Say in one line why two cards look like one client."""
    return ", ".join(str(TWINS.get(code, code)) for code in codes)


def slip_title(rule: str, evidence: dict[str, Any]) -> str:
    """Say what was not done, with its measure."""
    if rule == "stuck":
        days = formats.work_days(evidence["in_stage"])
        norm = measures.norm_beside(evidence["in_stage"], evidence["norm"])
        return _("Стоит в «%(stage)s» %(days)s при норме %(norm)s") % {
            "stage": evidence["stage"], "days": days, "norm": norm,
        }  # fmt: skip
    if rule == "overdue":
        step = str(STEPS.get(evidence["kind"], ""))
        return _("Просрочено: %(step)s") % {"step": evidence["title"] or step}
    if rule == "unanswered":
        waited = formats.duration(evidence["waited"])
        return _("Обращение № %(n)s ждёт ответа %(waited)s") % {
            "n": evidence["number"], "waited": waited,
        }  # fmt: skip
    if rule == "thin_card":
        return _("Карточка заполнена на %(n)s %%") % {"n": evidence["percent"]}
    return str(SLIPS[rule])


def slip_evidence(rule: str, evidence: dict[str, Any]) -> Markup:
    """Say what the slip rests on."""
    amount = formats.rub(evidence.get("amount"))
    if rule == "no_step":
        text = _("Нет ни одного дела впереди, этап «%(stage)s».") % {"stage": evidence["stage"]}
    elif rule == "stuck":
        text = _("Норма этапа вышла. Рабочее время от входа в этап.")
    elif rule == "overdue":
        moved = evidence["moved"]
        text = _("Срок прошёл, дело не сделано.")
        if moved:
            times = ngettext("%(n)s раз", "%(n)s раз", moved) % {"n": moved}
            text += " " + _("Срок переносили %(times)s.") % {"times": times}
    elif rule == "unanswered":
        norm = formats.duration(evidence["norm"])
        channel = str(CHANNELS.get(evidence["channel"], ""))
        text = _("Канал: %(channel)s. Норма ответа %(norm)s рабочего времени.") % {
            "channel": channel, "norm": norm,
        }  # fmt: skip
        return Markup("{} {}").format(
            text,
            Markup(_("Обычная продажа: {}.")).format(measures.about_rub(evidence["amount"])),
        )
    elif rule == "thin_card":
        text = _("Порог %(n)s %%, сделка открыта.") % {"n": evidence["threshold"]}
    else:
        text = _("Причина: «%(reason)s». Из неё нельзя сделать вывод.") % {
            "reason": evidence["reason"]
        }
    return Markup("{} {}").format(escape(text), Markup(_("Сделка: {}.")).format(amount))


def month(day: date) -> str:
    """Name a month with its year: «ноябрь 2026»."""
    names = formats.MONTHS_NOMINATIVE[formats.language()]
    return f"{names[day.month - 1]} {day.year}"
