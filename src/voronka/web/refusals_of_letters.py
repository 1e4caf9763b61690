"""The sentences for refusals of letters: what happened, and what to do next."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _


def _bad_letter(details: dict[str, Any]) -> str:
    if details["field"] == "subject":
        return _("Напишите тему, до %(most)s знаков.") % details
    if details["field"] == "text":
        return _("Напишите текст, до %(most)s знаков.") % details
    return _("Выберите, как написать: почтой или сообщением.")


def _bad_attachment(details: dict[str, Any]) -> str:
    why = {
        "empty": _("файл пуст"),
        "too_big": _("все файлы вместе до 18 МБ, каждый до 15"),
        "too_many": _("не больше 20 файлов"),
        "no_files": _("к сообщению файл не приложить, отправьте письмом"),
    }
    kind = _("только документы, картинки, звук и текст: программ и архивов не шлём")
    return _("«%(name)s»: %(why)s.") % {
        "name": details["name"],
        "why": why.get(str(details["problem"]), kind),
    }


def _no_sender(details: dict[str, Any]) -> str:
    if details["channel"] == "mail":
        return _("Почта не подключена. Её подключают в «Настройки», «Письма клиентам».")
    return _("Шлюз сообщений не подключён. Его подключают в «Настройки», «Письма клиентам».")


def _bad_template(details: dict[str, Any]) -> str:
    what = {
        "name": _("Назовите шаблон, до 120 знаков."),
        "subject": _("Тема слишком длинная: до 300 знаков."),
        "text": _("Напишите текст шаблона, до 20 000 знаков."),
    }
    return what.get(str(details["field"]), _("Выберите, как написать: почтой или сообщением."))


def _bad_sender(details: dict[str, Any]) -> str:
    what = {
        "server": _("Напишите имя сервера SMTP, например smtp.yandex.ru."),
        "port": _("Порт: число до 65535, обычно 465."),
        "login": _("Логин без пробелов."),
        "password": _("Введите пароль. Другому серверу прежний не отдадим."),
        "secret": _("Секрет подписи: от 16 до 500 знаков."),
        "url": _("Адрес шлюза целиком, например https://sms.example/send."),
    }
    return what.get(str(details["field"]), _("Так не подключить: проверьте поля."))


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "bad_letter": _bad_letter,
    "bad_attachment": _bad_attachment,
    "unfilled": lambda d: _("Впишите вместо скобок: %(places)s.") % d,
    "no_sender": _no_sender,
    "bad_template": _bad_template,
    "unknown_place": lambda d: _("Не знаем, что подставить вместо: %(names)s.") % d,
    "template_taken": lambda d: _("Шаблон «%(name)s» уже есть.") % d,
    "bad_sender": _bad_sender,
    "unsafe_sender": lambda d: _("Без шифрования секрет увидит вся сеть. Нужен TLS или https."),
}
