"""Words for the fields by which each kind of exchange is joined."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field of the form that joins an exchange."""

    label: str
    hint: str = ""


def field_words(name: str, kind: str) -> FieldWords:
    """Name a field in the words of that kind; one nobody named stands as it is."""
    own = _of_asterisk() if kind == "asterisk" else _of_door() | _of_history()
    return own.get((kind, name)) or own.get(("", name)) or FieldWords(name)


def _of_asterisk() -> dict[tuple[str, str], FieldWords]:
    return {
        ("", "secret"): FieldWords(
            _("Пароль AMI"), _("Храним зашифрованным, больше не покажем.")
        ),
        ("", "host"): FieldWords(_("Сервер"), _("Имя или адрес, где слушает AMI.")),
        ("", "port"): FieldWords(_("Порт AMI"), _("обычно 5038")),
        ("", "login"): FieldWords(_("Логин AMI")),
        ("", "record"): FieldWords(
            _("Журнал звонков (CEL)"),
            _(
                "mysql://логин:пароль@сервер/asteriskcdrdb у FreePBX, postgresql://… или "
                "sqlite:///путь. Только чтение."
            ),
        ),
        ("", "recordings"): FieldWords(_("Папка с записями"), _("Путь, видимый отсюда.")),
    }


def _of_door() -> dict[tuple[str, str], FieldWords]:
    """Of what an exchange proves itself to us by, and of whose is whose."""
    sealed = _("Храним зашифрованным, больше не покажем.")
    return {
        ("", "secret"): FieldWords(_("Токен"), _("Его покажет АТС. Храним зашифрованным.")),
        ("mango", "login"): FieldWords(_("Уникальный код вашей АТС")),
        ("mango", "secret"): FieldWords(_("Ключ для создания подписи"), sealed),
        ("zadarma", "login"): FieldWords(_("Ключ API")),
        ("zadarma", "secret"): FieldWords(_("Секрет API"), sealed),
        ("twilio", "login"): FieldWords(
            "Account SID", _("Чтобы сверять звонки и забирать записи.")
        ),
        ("twilio", "secret"): FieldWords("Auth Token", sealed),
        ("twilio", "people"): FieldWords(
            _("Мобильные сотрудников"), _("По одному в строке: +79005550101 = 101.")
        ),
        ("uis", "people"): FieldWords(
            _("Кто есть кто"), _("По одному в строке: номер сотрудника у поставщика = 101.")
        ),
        ("mts", "login"): FieldWords(_("Логин уведомлений"), _("Придумайте сами.")),
        ("mts", "secret"): FieldWords(_("Пароль уведомлений"), sealed),
        ("mts", "numbers"): FieldWords(
            _("Чьи мобильные"), _("По одному в строке: +79005550101 = 101.")
        ),
        ("beeline", "subscriptions"): FieldWords(
            _("Чьи подписки"), _("По одной в строке: номер подписки = 101.")
        ),
    }


def _of_history() -> dict[tuple[str, str], FieldWords]:
    """Of what we prove ourselves by, to ask for calls of days gone by."""
    purpose = _("Чтобы сверять и добирать звонки. Храним зашифрованным.")
    return {
        ("", "api_secret"): FieldWords(_("Ключ API"), purpose),
        ("zadarma", "host"): FieldWords(
            _("Сервер API"), _("Пусто: api.zadarma.com. У Novofon: api.novofon.com.")
        ),
        ("uis", "api_secret"): FieldWords(_("Ключ Data API"), purpose),
        ("uis", "host"): FieldWords(
            _("Сервер API"), _("Пусто: dataapi.uiscom.ru. У CoMagic: dataapi.comagic.ru.")
        ),
        ("telphin", "login"): FieldWords(
            _("ID приложения"), _("Приложение вида Trusted, создаётся в кабинете Телфина.")
        ),
        ("telphin", "api_secret"): FieldWords(_("Секрет приложения"), purpose),
        ("telphin", "host"): FieldWords(_("Сервер API"), _("Пусто: apiproxy.telphin.ru.")),
        ("beeline", "api_secret"): FieldWords(
            _("Токен API"), _("Чтобы сверять число звонков. Храним зашифрованным.")
        ),
        ("sipuni", "login"): FieldWords(
            _("Номер в системе"), _("Настройки, API в кабинете Sipuni.")
        ),
        ("sipuni", "api_secret"): FieldWords(_("Ключ интеграции"), purpose),
        ("mts", "domain"): FieldWords(_("Домен"), _("Как он назван в кабинете Автосекретаря.")),
        ("mts", "api_secret"): FieldWords(_("Ключ API (JWT)"), purpose),
        ("onlinepbx", "domain"): FieldWords(_("Домен АТС"), _("Вида pbx12345.onpbx.ru.")),
        ("megafon", "host"): FieldWords(_("Адрес АТС"), _("Вида vats123456.megapbx.ru.")),
    }
