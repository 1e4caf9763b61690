"""How numbers, money, times and phones are written for people, in the active language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup

from voronka.foundation.phones import Phone, format_phone

THIN, NBSP = "\u2009", "\u00a0"
FILTERS = (
    "number", "rub", "share", "day", "day_short", "clock", "moment", "soon", "duration",
    "countdown", "work_days", "phone", "permille", "weekday_date", "near_day", "iso", "isoday",
    "amount_field", "read_value", "size", "talk", "clocked", "kept_moment",
)  # fmt: skip
_zone = ZoneInfo("Europe/Moscow")
_MONTHS = {
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
           "октября", "ноября", "декабря"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August",
           "September", "October", "November", "December"),
}  # fmt: skip
_MONTHS_SHORT = {
    "ru": ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
MONTHS_NOMINATIVE = {
    "ru": ("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь",
           "октябрь", "ноябрь", "декабрь"),
    "en": _MONTHS["en"],
}  # fmt: skip
_WEEKDAYS = {
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def use_zone(zone: str) -> None:
    """Show moments in the department's zone from now on (one department per installation)."""
    global _zone
    _zone = ZoneInfo(zone)


def language() -> str:
    """Give "ru" or "en": what the reader reads."""
    return "en" if (get_language() or "ru").startswith("en") else "ru"


def number(value: float) -> str:
    """Write 12480 as «12 480» and 4.5 as «4,5»."""
    if isinstance(value, float) and not value.is_integer():
        text = f"{value:,.1f}".replace(",", THIN)
        return text.replace(".", ",") if language() == "ru" else text
    return f"{int(value):,}".replace(",", THIN)


def rub(kopecks: int | None) -> Markup:
    """Write kopecks as roubles: «1 240 000 ₽»; kopecks are shown only when there are any."""
    if kopecks is None:
        return Markup('<span class="faint">{}</span>').format(gettext("сумма не ясна"))
    rubles, rest = divmod(abs(kopecks), 100)
    sign = "−" if kopecks < 0 else ""
    mark = "," if language() == "ru" else "."
    tail = f"{mark}{rest:02d}" if rest else ""
    text = f"{rubles:,}".replace(",", THIN)
    return Markup('<span class="money">{}{}{}{}₽</span>').format(sign, text, tail, NBSP)


def share(value: float) -> str:
    """Write 0.31 as «31 %»; what is above nothing and rounds to it is «< 1 %»."""
    percent, mark = round(value * 100), f"{NBSP}%" if language() == "ru" else "%"
    return f"<{NBSP}1{mark}" if percent == 0 and value > 0 else f"{percent}{mark}"


def permille(value: int) -> str:
    """Write a chance of 310 per mille as «31 %»."""
    return share(value / 1000)


def day(value: date | datetime) -> str:
    """Write a day: «24 ноября», with the year when it is not this one."""
    return _written(value, _MONTHS)


def day_short(value: date | datetime) -> str:
    """Write a day for tables: «24 ноя»."""
    return _written(value, _MONTHS_SHORT)


def weekday_date(value: date | datetime) -> str:
    """Write «Вторник, 24 ноября»."""
    local = _local_day(value)
    name = _WEEKDAYS[language()][local.weekday()]
    return f"{name[0].upper()}{name[1:]}, {day(value)}"


def near_day(value: date | datetime) -> str:
    """Write a day of a story: «Сегодня, 24 ноября», «Вчера, 23 ноября», else its weekday."""
    ago = (datetime.now(_zone).date() - _local_day(value)).days
    near = {0: gettext("сегодня"), 1: gettext("вчера")}.get(ago)
    return f"{near[0].upper()}{near[1:]}, {day(value)}" if near else weekday_date(value)


def clock(value: datetime) -> str:
    """Write the time of a moment: «15:02»."""
    return value.astimezone(_zone).strftime("%H:%M")


def moment(value: datetime) -> str:
    """Write a moment for people: «сегодня, 15:02», «завтра, 10:00», «24 ноя, 15:02»."""
    away = (value.astimezone(_zone).date() - datetime.now(_zone).date()).days
    near = {0: gettext("сегодня"), 1: gettext("завтра"), -1: gettext("вчера")}
    return f"{near.get(away) or day_short(value)}, {clock(value)}"


def kept_moment(text: str) -> str:
    """Write a moment that was kept as ISO text."""
    return moment(datetime.fromisoformat(text))


def soon(value: datetime) -> str:
    """Write a deadline that is near: today's by its time alone, another day's as a moment."""
    is_today = value.astimezone(_zone).date() == datetime.now(_zone).date()
    return clock(value) if is_today else moment(value)


def duration(seconds: float | None) -> str:
    """Write «40 с», «14 мин», «1 ч 52 мин», «3 дн. 2 ч»; None is «нет данных»."""
    if seconds is None:
        return gettext("нет данных")
    whole = int(seconds)
    if whole < 60:
        return f"{whole}{NBSP}{gettext('с')}"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes}{NBSP}{gettext('мин')}"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        tail = f" {minutes}{NBSP}{gettext('мин')}" if minutes else ""
        return f"{hours}{NBSP}{gettext('ч')}{tail}"
    days, hours = divmod(hours, 24)
    tail = f" {hours}{NBSP}{gettext('ч')}" if hours and days < 7 else ""
    return f"{days}{NBSP}{gettext('дн.')}{tail}"


def countdown(seconds: float) -> str:
    """Write what is left to the second: «2 мин 40 с»; from an hour on as a duration."""
    minutes, rest = divmod(int(seconds), 60)
    if minutes >= 60 or not minutes or not rest:
        return duration(seconds)
    return f"{duration(minutes * 60)} {duration(rest)}"


def talk(seconds: int) -> str:
    """Write the length of a talk with its seconds where they matter: «1 мин 38 с», «6 мин»."""
    minutes, rest = divmod(seconds, 60)
    if not minutes or not rest or minutes >= 5:
        return duration(seconds)
    return f"{duration(seconds)} {duration(rest)}"


def clocked(seconds: float) -> str:
    """Write a length as telephones do: «2:05», from an hour on «1:02:05»."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def work_days(seconds: float, day_seconds: int = 9 * 3600) -> str:
    """Write working time: hours below a working day, then «6 раб. дн.»."""
    if seconds < day_seconds:
        return duration(seconds)
    days = round(seconds / day_seconds)
    return ngettext("%(n)s раб. день", "%(n)s раб. дн.", days) % {"n": number(days)}


def phone(e164: str, extension: str = "") -> Markup:
    """Write a number: «+7 900 000-14-52 доб. 12»."""
    shown = format_phone(e164)
    tail = f"{NBSP}{gettext('доб.')}{NBSP}{extension}" if extension else ""
    return Markup('<span class="phone">{}{}</span>').format(shown, tail)


def iso(value: datetime) -> str:
    """Write a moment for a form's field: 2026-11-24T15:02, in the department's zone."""
    return value.astimezone(_zone).strftime("%Y-%m-%dT%H:%M")


def isoday(value: date | None) -> str:
    """Write a day for a form's field."""
    return value.isoformat() if value else ""


def amount_field(kopecks: int | None) -> str:
    """Write a sum for a form's field: «1240000» or «1240000,50»."""
    if kopecks is None:
        return ""
    rubles, rest = divmod(kopecks, 100)
    return f"{rubles},{rest:02d}" if rest else str(rubles)


def size(count: int) -> str:
    """Write a size in bytes: «12 КБ»."""
    if count < 1024:
        return gettext("%(n)s Б") % {"n": count}
    if count < 1024 * 1024:
        return gettext("%(n)s КБ") % {"n": round(count / 1024)}
    return gettext("%(n)s МБ") % {"n": number(round(count / 1024 / 1024, 1))}


def read_value(value: object) -> str:
    """Write a value read from a file as people will see it."""
    if isinstance(value, list):
        return ", ".join(read_value(one) for one in value)
    if isinstance(value, Phone):
        return phone(value.e164, value.extension).striptags()
    if isinstance(value, datetime):
        return f"{day(value)}, {clock(value)}"
    if isinstance(value, bool):
        return gettext("да") if value else gettext("нет")
    return day(value) if isinstance(value, date) else str(value)


def read_local(text: str) -> datetime:
    """Read a form's moment in the department's zone. Raises: ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=_zone).astimezone(UTC)


def _local_day(value: date | datetime) -> date:
    return value.astimezone(_zone).date() if isinstance(value, datetime) else value


def _written(value: date | datetime, months: Mapping[str, tuple[str, ...]]) -> str:
    local = _local_day(value)
    month = months[language()][local.month - 1]
    year = "" if local.year == datetime.now(_zone).year else f"{NBSP}{local.year}"
    return f"{local.day}{NBSP}{month}{year}"
