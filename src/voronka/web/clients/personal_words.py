"""Words for the page of all that is held of a client."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from markupsafe import Markup

from voronka.privacy.held import Held
from voronka.web import formats, words
from voronka.web.words import Text

PARTS: dict[str, Text] = {
    "cards": lazy("Карточка"),
    "people": lazy("Люди"),
    "phones": lazy("Телефоны"),
    "mails": lazy("Почта"),
    "consents": lazy("Согласия"),
    "withdrawals": lazy("Отзывы согласий"),
    "inquiries": lazy("Обращения"),
    "chats": lazy("Чаты Telegram"),
    "calls": lazy("Звонки"),
    "recordings": lazy("Записи разговоров"),
    "call_notes": lazy("Пометки в записях"),
    "letters": lazy("Письма и сообщения"),
    "deals": lazy("Сделки"),
    "steps": lazy("Шаги"),
    "journal": lazy("Журнал"),
    "files": lazy("Из каких файлов"),
}
COLUMNS: dict[str, Text] = {
    "kind": lazy("Вид"),
    "manager": lazy("Ведёт"),
    "created_at": lazy("Когда записано"),
    "e164": lazy("Номер"),
    "extension": lazy("Добавочный"),
    "address": lazy("Адрес"),
    "purpose": lazy("На что"),
    "purposes": lazy("На что"),
    "how": lazy("Как получено"),
    "number": lazy("Номер"),
    "evidence": lazy("Чем подтверждается"),
    "version": lazy("Версия текста"),
    "text": lazy("Текст"),
    "on": lazy("День"),
    "erase_by": lazy("Стереть до"),
    "arrived_at": lazy("Когда пришло"),
    "channel": lazy("Канал"),
    "phone": lazy("Телефон"),
    "mail": lazy("Почта"),
    "marks": lazy("Метки"),
    "raw": lazy("Как пришло"),
    "state": lazy("Состояние"),
    "state_reason": lazy("Почему"),
    "reason": lazy("Почему"),
    "started_at": lazy("Когда"),
    "direction": lazy("Направление"),
    "is_answered": lazy("Отвечен ли"),
    "talk_seconds": lazy("Разговор, с"),
    "seconds": lazy("Длина, с"),
    "second": lazy("Секунда записи"),
    "size": lazy("Размер, байт"),
    "by": lazy("Кто"),
    "amount_kopecks": lazy("Сумма"),
    "outcome": lazy("Исход"),
    "closed_at": lazy("Закрыта"),
    "refusal_detail": lazy("Подробности отказа"),
    "stage": lazy("Этап"),
    "due_at": lazy("Срок"),
    "done_at": lazy("Сделано"),
    "at": lazy("Когда"),
    "detail": lazy("Подробности"),
    "changes": lazy("Что изменили"),
    "other_name": lazy("Слитая карточка"),
    "file_name": lazy("Файл"),
    "post": lazy("Должность"),
    "decides": lazy("Решает"),
    "username": lazy("Имя в Telegram"),
    "bot": lazy("Бот"),
    "to": lazy("Получатель"),
    "subject": lazy("Тема"),
    "title": lazy("Название"),
    "name": lazy("Имя или название"),
}
OUTCOMES: dict[str, Text] = {"won": lazy("выиграна"), "lost": lazy("отказ")}
DIRECTIONS: dict[str, Text] = {"in": lazy("от клиента"), "out": lazy("клиенту")}
KINDS: dict[str, Text] = {
    "company": lazy("компания"),
    "person": lazy("частное лицо"),
    "client.added": lazy("карточка заведена"),
    "client.changed": lazy("карточка изменена"),
    "client.merged": lazy("карточки слиты"),
    "note.written": lazy("заметка"),
    "deal.opened": lazy("сделка открыта"),
    "deal.changed": lazy("сделка изменена"),
    "deal.lost": lazy("отказ"),
    "deal.refusal_clarified": lazy("причина отказа уточнена"),
    "deal.demand_passed": lazy("обход правила"),
    "step.set": lazy("шаг поставлен"),
    "step.moved": lazy("шаг перенесён"),
    "step.done": lazy("шаг сделан"),
    "step.cancelled": lazy("шаг отменён"),
    "inquiry.registered": lazy("обращение"),
    "inquiry.classified": lazy("обращение размечено"),
    "inquiry.letter": lazy("письмо"),
    "letter.written": lazy("написали клиенту"),
    "letter.sent": lazy("письмо отправлено"),
    "letter.failed": lazy("письмо не ушло"),
    "inquiry.message": lazy("сообщение в Telegram"),
    "call.ended": lazy("звонок"),
    "slip.closed": lazy("огрех закрыт"),
    "personal.erased": lazy("данные стёрты"),
}
_CODES: dict[str, dict[str, Text]] = {
    "outcome": OUTCOMES, "direction": DIRECTIONS, "channel": words.CHANNELS,
    "state": words.STATES, "purpose": words.PURPOSES, "decides": words.DECIDES,
    "kind": {**words.STEPS, **KINDS}, "purposes": words.PURPOSES,
    "how": {**words.WITHDRAWAL_WAYS, **words.CONSENT_WAYS},
}  # fmt: skip

Told = tuple[Text, list[list[tuple[str, str]]]]


def told(found: Held) -> list[Told]:
    """Give each part by its title, its lines as filled (name, value) pairs in words."""
    return [
        (
            PARTS[part.code],
            [
                [
                    (title_of(name), said)
                    for name, value in line.items()
                    if (said := value_of(name, value))
                ]
                for line in part.lines
            ],
        )
        for part in found.parts
    ]


def title_of(name: str) -> str:
    """Name a column: ours in words, the firm's own field as it is called."""
    return str(COLUMNS.get(name) or words.FIELDS.get(name) or name)


def value_of(name: str, value: Any) -> str:
    """Write a value for people; "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return str(formats.moment(value))
    if isinstance(value, date):
        return str(formats.day(value))
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if name == "amount_kopecks":
        return str(Markup(formats.rub(value)).striptags())
    if name in ("e164", "phone"):
        return str(formats.phone(str(value)).striptags())
    return _coded(name, value)


def _coded(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_coded(name, one) for one in value if one not in ("", None))
    if isinstance(value, dict):
        return "; ".join(f"{title_of(key)}: {_coded('', one)}" for key, one in value.items())
    return str(_CODES.get(name, {}).get(str(value), value))
