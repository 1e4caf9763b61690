"""The sentence for whatever is wrong with a file, its mapping or a cell of it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

_NOT_TEXT = {
    "pdf": lazy("Это PDF. Сохраните таблицу как CSV или XLSX."),
    "picture": lazy("Это картинка. Нужна таблица: CSV или XLSX."),
    "page": lazy("Это веб-страница, а не таблица. Сохраните её как CSV или XLSX."),
    "json": lazy("Это JSON. Нужна таблица: CSV или XLSX."),
    "archive": lazy("Это архив. Распакуйте его и дайте таблицу: CSV или XLSX."),
}
_XLSX = {
    "password": lazy("Книга под паролем. Снимите пароль и сохраните ещё раз."),
    "no_sheet": lazy("В книге нет листа с таблицей."),
}
_MAPPING = {
    "columns": lazy("В файле нет столбцов: %(names)s."),
    "fields": lazy("Нет таких полей: %(names)s."),
    "names": lazy("В карте столбцов непонятные слова: %(names)s."),
    "twice": lazy("На одно поле указали несколько столбцов: %(names)s. Оставьте один."),
    "required": lazy("Нужен столбец для полей: %(names)s."),
    "values": lazy("В карте столбцов неизвестный выбор: %(names)s."),
    "json": lazy("Карта столбцов не читается как JSON: %(names)s."),
}


def _mapping(details: dict[str, Any]) -> str:
    said = _MAPPING.get(str(details.get("what")))
    names = ", ".join(f"«{_field(name)}»" for name in details.get("names", ()))
    return said % {"names": names} if said else _("Карта столбцов не читается.")


def _field(name: str) -> str:
    from voronka.web.loads.words import FIELDS  # noqa: PLC0415

    return str(FIELDS.get(name, name))


def _date(details: dict[str, Any]) -> str:
    if details.get("reason") == "ambiguous":
        return _("«%(text)s»: не понять, где день, а где месяц.") % details
    if details.get("reason") == "calendar":
        return _("«%(text)s»: такого дня нет в календаре.") % details
    return _("«%(text)s» не читается как дата.") % details


def _duplicates(details: dict[str, Any]) -> str:
    columns = details.get("columns", [])
    names = ", ".join(
        f"«{one['name']}» ({', '.join(map(str, one['positions']))})" for one in columns
    )
    return _("Столбцы названы одинаково: %(names)s. Переименуйте или уберите лишний.") % {
        "names": names
    }


def _megabytes(size: object) -> int:
    return round(int(str(size)) / 1024 / 1024)


def _too_large(details: dict[str, Any]) -> str:
    if details.get("what") == "cells":
        return _("Лист слишком велик: %(size)s ячеек. Сохраните его как CSV.") % details
    return _("Файл слишком велик: %(size)s МБ при пределе %(limit)s МБ.") % {
        "size": _megabytes(details.get("size", 0)),
        "limit": _megabytes(details.get("limit", 0)),
    }


def _cell_too_large(details: dict[str, Any]) -> str:
    if "row" in details:
        return (
            _("Строка %(row)s, столбец %(column)s: ячейка огромна, файл повреждён.") % details
        )
    return _("Ячейка длиннее миллиона знаков.")


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "bad_file": lambda d: _("Файл не читается как таблица."),
    "file_erased": lambda d: _(
        "Копию файла удалили: в ней были данные клиента, которые стёрли. Загрузите файл заново."
    ),
    "file_empty": lambda d: _("Файл пуст: в нём нет ни одной строки."),
    "file_not_text": lambda d: str(
        _NOT_TEXT.get(str(d.get("kind")), _("Это не таблица. Нужен CSV или XLSX."))
    ),
    "file_encoding_mixed": lambda d: (
        _("Строка %(line)s записана в другой кодировке. Сохраните файл заново в UTF-8.") % d
    ),
    "archive_bomb": lambda d: _("Архив распаковывается в слишком большой файл. Не берём."),
    "file_too_large": _too_large,
    "header_missing": lambda d: (
        _("В строке %(row)s нет названий столбцов. Добавьте первую строку с названиями.") % d
    ),
    "header_duplicate": _duplicates,
    "too_many_columns": lambda d: _("Столбцов %(columns)s, можно до %(limit)s.") % d,
    "xlsx_broken": lambda d: str(
        _XLSX.get(str(d.get("problem")), _("Книга не открывается: файл повреждён."))
    ),
    "sheet_missing": lambda d: _("В книге нет листа «%(sheet)s».") % d,
    "file_truncated": lambda d: (
        _("Файл обрывается на строке %(row)s. Выгрузите его заново.") % d
    ),
    "field_too_large": _cell_too_large,
    "row_too_long": lambda d: _("В строке больше ячеек, чем столбцов: «%(text)s».") % d,
    "cell_error": lambda d: _("В ячейке ошибка таблицы: %(text)s.") % d,
    "number_damaged": lambda d: (
        _("Таблица округлила число %(text)s: последние цифры потеряны.") % d
    ),
    "field_missing": lambda d: _("Поле не заполнено, а без него строку не взять."),
    "bad_value": lambda d: _("«%(text)s» сюда не подходит.") % d,
    "bad_date": _date,
    "bad_date_range": lambda d: _("«%(text)s»: год вне 1970–2100.") % d,
    "bad_number": lambda d: _("«%(text)s» не читается как число.") % d,
    "bad_flag": lambda d: _("«%(text)s»: нужно «да» или «нет».") % d,
    "bad_duration": lambda d: _("«%(text)s» не читается как длительность.") % d,
    "bad_choice": lambda d: _("«%(text)s» не из списка.") % d,
    "bad_mapping": _mapping,
    "load_busy": lambda d: _("Эта загрузка уже идёт или записана."),
}
