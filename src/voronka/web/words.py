"""Words for codes: kinds of slips, steps, channels, states, figures, timeline lines."""

from datetime import date, datetime
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
    "unclassified": lazy("Обращение не размечено сверх нормы"),
    "missed_call": lazy("Пропустили и не перезвонили"),
    "no_outcome": lazy("После разговора нет следующего шага"),
    "unregistered": lazy("Говорили, но не записали"),
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
    "unclassified": lazy("отметка: целевое, нецелевое, спам или дубль"),
    "missed_call": lazy("разговор с этим номером, кто бы ни позвонил"),
    "no_outcome": lazy("шаг с датой по этой сделке или клиенту"),
    "unregistered": lazy("обращение или карточка с этим номером"),
    "no_step": lazy("шаг с датой"),
    "overdue": lazy("дело сделано, отменено или перенесено"),
    "stuck": lazy("следующий этап или отказ с причиной"),
    "thin_card": lazy("поля карточки до порога"),
    "other_reason": lazy("настоящая причина отказа"),
}
RULES: dict[str, Text] = {
    "unanswered": lazy("Обращение без ответа человека дольше нормы, в рабочем времени."),
    "unclassified": lazy(
        "На обращение ответили, а целевое оно или нет, не сказано дольше нормы."
    ),
    "missed_call": lazy(
        "На пропущенный звонок не перезвонили за срок, в рабочем времени. Отметка «сделано» ничего не закрывает: только разговор."
    ),
    "no_outcome": lazy(
        "Поговорили с клиентом по открытой сделке или новому обращению, а что дальше, за срок не сказано."
    ),
    "unregistered": lazy(
        "Разговор с номером, которого нет ни в карточках, ни в обращениях, и до конца рабочего дня он не появился."
    ),
    "no_step": lazy("У открытой сделки нет ни одного дела впереди."),
    "overdue": lazy("Срок дела прошёл, оно не сделано и не отменено."),
    "stuck": lazy("Сделка в этапе дольше его нормы, в рабочем времени."),
    "thin_card": lazy("Сделка открыта, а карточка клиента заполнена ниже порога."),
    "other_reason": lazy("Отказ записан с причиной «Другое» за последние 30 дней."),
}
PURPOSES: dict[str, Text] = {
    "answer": lazy("обработка данных для ответа"),
    "letters": lazy("рекламные письма и сообщения"),
    "recording": lazy("запись разговоров"),
}
CONSENT_WAYS: dict[str, Text] = {
    "form": lazy("галочка в форме сайта"),
    "voice": lazy("голосом"),
    "paper": lazy("на бумаге"),
    "file": lazy("из файла"),
}
WITHDRAWAL_WAYS: dict[str, Text] = {
    "voice": lazy("голосом"),
    "mail": lazy("письмом по почте"),
    "paper": lazy("на бумаге"),
    "form": lazy("через сайт"),
    "messenger": lazy("в мессенджере"),
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
NOT_CUSTOMERS: dict[str, Text] = {
    "supplier": lazy("поставщик"),
    "spam": lazy("спам"),
    "private": lazy("личное"),
    "own": lazy("свой номер"),
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
    "written": lazy("записали"),
    "dismissed": lazy("не клиент"),
    "accepted": lazy("принято с причиной"),
    "open": lazy("ещё не записали"),
    "we": lazy("перезвонили"),
    "they": lazy("перезвонил сам"),
    "other": lazy("перезвонил другой сотрудник"),
    "not_called": lazy("не перезвонили"),
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
SCOPES: dict[str, Text] = {
    "inquiries": lazy("присылать обращения"),
    "route": lazy("спрашивать, кому звонить"),
    "telephony": lazy("присылать события звонков"),
}
SPAM: dict[str, Text] = {
    "trap": lazy("робот: заполнил скрытое поле"),
    "too_fast": lazy("робот: отправил быстрее, чем читает человек"),
    "links": lazy("в тексте одни ссылки"),
    "sender": lazy("с этого адреса или номера уже приходил спам"),
    "machine": lazy("письмо написал робот: автоответ или рассылка"),
}
UNREAD: dict[str, Text] = {
    "not_json": lazy("Не читается: сломанный JSON"),
    "bad_form": lazy("Не читается: сломанная форма"),
    "too_long": lazy("Слишком длинно, храним начало"),
    "empty": lazy("Ни имени, ни телефона, ни текста"),
    "bad_mail": lazy("Не читается: сломанное письмо"),
    "failed": lazy("При разборе случилась ошибка"),
    "bad_telegram": lazy("Не похоже на сообщение Telegram"),
    "unknown_shape": lazy("Неизвестный вид сообщения"),
}
MAIL_SECURITIES: dict[str, Text] = {
    "tls": lazy("TLS"),
    "starttls": lazy("STARTTLS"),
    "none": lazy("без шифрования"),
}
MAIL_PROBLEMS: dict[str, Text] = {
    "unreachable": lazy("Сервер почты не отвечает. Проверьте имя и порт."),
    "bad_tls": lazy("Защищённого соединения нет: проверьте порт, защиту и имя сервера."),
    "bad_login": lazy("Сервер не принял логин или пароль. Нужен пароль приложения."),
    "no_folder": lazy("Такой папки в ящике нет."),
    "lost_key": lazy("Ключ установки сменился. Введите пароль заново."),
    "broken": lazy("Сервер почты ответил непонятно. Повторим через минуту."),
    "failed": lazy("При чтении ящика случилась ошибка. Повторим через десять минут."),
    "demo": lazy("В демонстрации ящики не открываем."),
}
LETTER_CHANNELS: dict[str, Text] = {"mail": lazy("почта"), "message": lazy("сообщение")}
LETTER_STATES: dict[str, Text] = {
    "waiting": lazy("уходит"),
    "sent": lazy("ушло"),
    "failed": lazy("не ушло"),
}
LETTER_PROBLEMS: dict[str, Text] = {
    "unreachable": lazy("Сервер не отвечает. Проверьте адрес и порт."),
    "bad_tls": lazy("Защищённого соединения нет: проверьте порт, защиту и имя сервера."),
    "bad_login": lazy("Сервер не принял логин или пароль. Нужен пароль приложения."),
    "bad_secret": lazy("Шлюз не принял подпись. Проверьте секрет."),
    "lost_key": lazy("Ключ установки сменился. Введите пароль заново."),
    "busy": lazy("Сервер просит подождать. Повторим сами."),
    "later": lazy("Почта получателя просит подождать. Повторим сами."),
    "unsure": lazy("Сервер не подтвердил приём: письмо могло уйти. Сначала спросите клиента."),
    "broken": lazy("Сервер ответил непонятно. Повторим сами."),
    "no_such_address": lazy("Такого адреса нет. Проверьте его у клиента."),
    "refused": lazy("Сервер не принял письмо."),
    "no_file": lazy("Приложенного файла больше нет."),
    "gone": lazy("Данные клиента стёрты, письмо не отправлено."),
    "demo": lazy("В демонстрации наружу ничего не уходит."),
}
PUT_ASIDE: dict[str, Text] = {
    "auto:machine:reply": lazy("автоответ"),
    "auto:machine:bounce": lazy("отчёт почтового сервера"),
    "auto:machine:list": lazy("рассылка"),
    "auto:machine:robot": lazy("уведомление робота"),
    "auto:machine:loop": lazy("поток писем: так часто пишет только робот"),
    "ours": lazy("наше письмо"),
}
BOT_PROBLEMS: dict[str, Text] = {
    "unauthorized": lazy("токен не подходит: возьмите новый у @BotFather"),
    "conflict": lazy("сообщения забирает ещё одна программа с этим токеном"),
    "webhook": lazy("у бота включён webhook другой программы"),
    "too_many": lazy("Telegram просит подождать"),
    "unreachable": lazy("Telegram не отвечает, пробуем снова"),
    "broken_answer": lazy("Telegram ответил непонятно, пробуем снова"),
    "blocked": lazy("бот заблокирован"),
    "refused": lazy("Telegram отказал"),
    "gone": lazy("Telegram отказал"),
    "sealed": lazy("токен не открыть: сменился secret.key, вставьте токен заново"),
}
REPLY_KINDS: dict[str, Text] = {
    "answer": lazy("Ответ"),
    "auto": lazy("Автоответ"),
    "ask_phone": lazy("Просьба оставить номер"),
}
REPLY_PROBLEMS: dict[str, Text] = {
    "blocked": lazy("клиент заблокировал бота"),
    "gone": lazy("чата больше нет"),
    "unreachable": lazy("Telegram не отвечал сутки"),
    "unauthorized": lazy("токен бота не подходит"),
    "refused": lazy("Telegram отказал"),
    "webhook": lazy("Telegram отказал"),
    "too_big": lazy("Telegram отказал"),
}
FILE_PROBLEMS: dict[str, Text] = {
    "waiting": lazy("скачивается"),
    "refused": lazy("Telegram не отдал"),
    "too_big": lazy("слишком большой, не храним"),
    "bad_kind": lazy("программа, архив или неизвестный вид: не храним"),
    "empty": lazy("пустой"),
    "too_many": lazy("лишний: храним двадцать"),
}


def state_reason(reason: str) -> str:
    """Say why an inquiry is in its state: a person's words, or those for a machine's code."""
    if not reason.startswith("auto:"):
        return reason
    code = reason.split(":")[1]
    return str(SPAM.get(code, ""))


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
    "stands_in": lazy("Менеджер клиента в отъезде, замещает этот."),
    "competence": lazy("Такие обращения выигрывает чаще других."),
    "trial": lazy("Шанс близок к лучшему, а исходов меньше: проба."),
    "price": lazy("Шанс близок к лучшему, а у лучшего сейчас больше других: разгрузка."),
    "money": lazy("Ожидаемая сумма больше, чем у других."),
    "trial_money": lazy("Ожидаемая сумма близка к лучшей, а исходов меньше: проба."),
    "price_money": lazy("Ожидаемая сумма близка к лучшей, а у лучшего сейчас больше других."),
    "turn": lazy("По очереди: сегодня получил меньше других, с учётом веса."),
    "least_busy": lazy("Открытой работы меньше, чем у других, с учётом веса."),
    "only": lazy("Больше взять некому."),
    "rule": lazy("По правилу."),
    "next": lazy("Предыдущий не принял вовремя: следующий по тому же решению."),
    "lead": lazy("Менеджеры не приняли вовремя: передано руководителю группы."),
    "head": lazy("Никто не принял вовремя: передано руководителю отдела."),
    "fallback": lazy("Никто не может взять сейчас: так решает последнее правило."),
    "nobody": lazy("Никто не может взять сейчас: обращение открыто всем."),
}
BARRED: dict[str, Text] = {
    "off_shift": lazy("не на смене"),
    "absent": lazy("в отъезде"),
    "paused": lazy("на паузе"),
    "cap": lazy("предел на сегодня"),
    "rule_cap": lazy("предел правила на сегодня"),
    "full": lazy("открытой работы до предела"),
    "skill": lazy("не тот навык"),
    "rule": lazy("не по правилу"),
    "passed": lazy("не принял вовремя"),
    "inactive": lazy("уволен"),
}
SHIFTS: dict[str, Text] = {
    "on": lazy("на смене"),
    "off": lazy("не на смене"),
    "paused": lazy("на паузе"),
    "absent": lazy("в отъезде"),
}
TERMS: dict[str, Text] = {
    "person": lazy("выигрывает вообще"),
    "source": lazy("этот источник"),
    "channel": lazy("этот канал"),
    "product": lazy("этот товар"),
    "band": lazy("такая сумма"),
    "pairs": lazy("такое сочетание источника, канала, товара и суммы"),
    "speed": lazy("скорость первого ответа"),
    "check": lazy("суммы выигранных сделок"),
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
    "voronka.calls.jobs.compare_yesterday": lazy("Сверка звонков с АТС за вчера"),
    "voronka.calls.jobs.watch_exchanges": lazy("Не замолчала ли АТС"),
    "voronka.people.jobs.tidy_notices": lazy("Уборка уведомлений"),
    "voronka.inquiries.jobs.pass_on_unaccepted": lazy("Непринятые обращения: следующему"),
    "voronka.inquiries.telegram.jobs.deliver": lazy("Ответ в Telegram"),
    "voronka.inquiries.telegram.jobs.deliver_all": lazy("Ответы в Telegram, отложенные"),
    "voronka.inquiries.telegram.jobs.fetch_file": lazy("Файл из Telegram"),
    "voronka.inquiries.jobs.learn_who_wins": lazy("Кто что выигрывает"),
    "voronka.calls.jobs.settle_call_backs": lazy("Перезвоны: сверка с разговорами"),
    "voronka.calls.jobs.lay_past_call_backs": lazy("Перезвоны прошлого"),
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
AFTER_TALK: dict[str, Text] = {
    "letter": lazy("Письмо"),
    "call_back": lazy("Перезвон"),
    "quote": lazy("Расчёт"),
    "meeting": lazy("Встреча"),
}
CALL_OUTCOMES: dict[str, Text] = {
    "agreed": lazy("Договорились о шаге"),
    "thinks": lazy("Думает"),
    "asked_later": lazy("Просил позже"),
    "wrong_person": lazy("Не тот человек"),
    "refused": lazy("Отказ"),
}
WEEKDAYS_SHORT: tuple[Text, ...] = (
    lazy("Пн"), lazy("Вт"), lazy("Ср"), lazy("Чт"), lazy("Пт"), lazy("Сб"), lazy("Вс"),
)  # fmt: skip
FIGURES: dict[str, Text] = {
    "K1": lazy("Обращения"),
    "K1B": lazy("Мимо базы"),
    "K2": lazy("Целевые"),
    "K3": lazy("Ответили"),
    "K4": lazy("Первый ответ, рабочее время"),
    "K5": lazy("Пропущенные звонки"),
    "K6": lazy("Не перезвонили"),
    "K7": lazy("Время перезвона"),
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
    "K1B": lazy("Номера, с которыми говорили, а до конца рабочего дня не записали: сколько из найденных за период записано потом. Признанные не клиентами не входят."),
    "K2": lazy("Целевые / (целевые + нецелевые). Неразмеченные показаны отдельно; спам и дубли не входят."),
    "K3": lazy("Обращения с ответом человека / все, на которые пора было ответить. Автоответ и короткий звонок не ответ; спам и дубли не входят."),
    "K4": lazy("От прихода обращения до первого ответа человека, в рабочем времени. Автоответ и звонок короче 10 с не считаются. Без ответа до сих пор входят как ждущие до этой минуты."),
    "K5": lazy("Входящие без ответа. Брошенные в первые секунды и сбросы в голосовом меню не входят и показаны отдельно; нерабочее время тоже отдельно."),
    "K6": lazy("Номера с пропущенным звонком, с которыми не поговорили до срока / все номера с пропущенным. Закрывает только разговор, в любую сторону. У кого срок ещё не вышел, не входят."),
    "K7": lazy("От первого пропущенного до разговора, в рабочем времени того, кому перезванивать. Кто дозвонился сам, показан отдельно."),
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
    if rule == "unclassified":
        return _("Обращение № %(n)s не размечено") % {"n": evidence["number"]}
    if rule == "unregistered":
        phone = formats.phone(evidence["address"]).striptags()
        return _("Говорили, но не записали: %(who)s") % {"who": phone}
    if rule == "missed_call":
        phone = formats.phone(evidence["address"]).striptags()
        return _("Пропустили и не перезвонили: %(who)s") % {"who": phone}
    if rule == "thin_card":
        return _("Карточка заполнена на %(n)s %%") % {"n": evidence["percent"]}
    return str(SLIPS[rule])


def slip_evidence(rule: str, evidence: dict[str, Any]) -> Markup:
    """Say what the slip rests on."""
    if rule in ("unanswered", "unclassified"):
        return _inquiry_evidence(rule, evidence)
    if rule == "unregistered":
        return _talked(evidence)
    if rule in ("missed_call", "no_outcome"):
        return _about_call(rule, evidence)
    return _deal_evidence(rule, evidence)


def _deal_evidence(rule: str, evidence: dict[str, Any]) -> Markup:
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
    elif rule == "thin_card":
        text = _("Порог %(n)s %%, сделка открыта.") % {"n": evidence["threshold"]}
    else:
        text = _("Причина: «%(reason)s». Из неё нельзя сделать вывод.") % {
            "reason": evidence["reason"]
        }
    return Markup("{} {}").format(escape(text), Markup(_("Сделка: {}.")).format(amount))


def _inquiry_evidence(rule: str, evidence: dict[str, Any]) -> Markup:
    told = {
        "channel": str(CHANNELS.get(evidence["channel"], "")),
        "norm": formats.duration(evidence["norm"]),
    }
    if rule == "unclassified":
        text = _("Канал: %(channel)s. Ответили, а разметить надо за %(norm)s рабочего времени.")
    else:
        text = _("Канал: %(channel)s. Норма ответа %(norm)s рабочего времени.")
    sale = Markup(_("Обычная продажа: {}.")).format(measures.about_rub(evidence["amount"]))
    return Markup("{} {}").format(text % told, sale)


def _about_call(rule: str, evidence: dict[str, Any]) -> Markup:
    at = formats.moment(datetime.fromisoformat(evidence["at"]))
    if rule == "missed_call":
        n = evidence["times"]
        rang = ngettext("Звонил %(n)s раз", "Звонил %(n)s раз", n) % {"n": n}
        text = _("%(rang)s, впервые %(at)s. Разговора с номером после этого не было.")
        said = text % {"rang": rang, "at": at}
    else:
        title = contact("call", evidence["direction"])
        talk = formats.talk(evidence["talk"])
        said = _("%(title)s, %(at)s, %(talk)s. Итог и шаг не записаны.") % {
            "title": title, "at": at, "talk": talk,
        }  # fmt: skip
    if evidence["is_sale"]:
        brings = Markup(_("Обычная продажа: {}.")).format(
            measures.about_rub(evidence["amount"])
        )
    else:
        brings = Markup(_("Сделка: {}.")).format(formats.rub(evidence["amount"]))
    return Markup("{} {}").format(said, brings)


def contact(channel: str, direction: str) -> str:
    """Name a contact by its channel and who began: «Входящий звонок»."""
    if channel == "call":
        return _("Входящий") if direction == "in" else _("Исходящий")
    return str(CHANNELS.get(channel, "")).capitalize()


def _talked(evidence: dict[str, Any]) -> Markup:
    """Say when and for how long we talked, and what such an inquiry usually brings."""
    at = formats.moment(datetime.fromisoformat(evidence["at"]))
    parts = [contact(evidence["channel"], evidence["direction"]), at]
    if evidence["talk"]:
        parts.append(formats.talk(evidence["talk"]))
    text = _("%(talk)s. До конца рабочего дня номер не записан.") % {"talk": ", ".join(parts)}
    usual = Markup(_("Обычная продажа такого обращения: {}."))
    return Markup("{} {}").format(text, usual.format(measures.about_rub(evidence["amount"])))


def month_name(day: date) -> str:
    """Name a month of this year: «ноябрь»."""
    return formats.MONTHS_NOMINATIVE[formats.language()][day.month - 1]


def month(day: date) -> str:
    """Name a month with its year: «ноябрь 2026»."""
    names = formats.MONTHS_NOMINATIVE[formats.language()]
    return f"{names[day.month - 1]} {day.year}"
