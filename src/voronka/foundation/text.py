"""Text as people type it: folded for search, firms' names compared, junk recognised."""

import re
import unicodedata
from functools import lru_cache

_FORMS = (
    "общество с ограниченной ответственностью", "публичное акционерное общество",
    "открытое акционерное общество", "закрытое акционерное общество",
    "непубличное акционерное общество", "акционерное общество",
    "индивидуальный предприниматель", "товарищество с ограниченной ответственностью",
    "автономная некоммерческая организация", "некоммерческая организация",
    "федеральное государственное унитарное предприятие", "муниципальное унитарное предприятие",
    "государственное унитарное предприятие", "унитарное предприятие", "частное предприятие",
    "ооо", "оао", "зао", "пао", "нао", "ао", "ип", "тоо", "чп", "нко", "ано", "фгуп", "фгбу",
    "гуп", "муп", "гк", "тд", "llc", "ltd", "inc", "gmbh", "jsc", "corp", "co(?= ltd| llc|$)",
)  # fmt: skip
_FORM = re.compile(r"\b(?:" + "|".join(_FORMS) + r")\b")
_SPELLED_FORM = re.compile(r"\b(?:о ?о ?о|з ?а ?о|о ?а ?о|п ?а ?о|l ?l ?c)\b")
_OTHER_SIGNS = re.compile(r"[^\w@+.#/-]+")
_LOOSE = re.compile(r"(?<!\w)[.#/+-]+|[.#/+-]+(?!\w)")
_NO_SIGN = re.compile(r"[\W_]+")
_JUNK = frozenset((
    "0", "00", "нет", "нету", "нд", "na", "none", "null", "no", "nil", "не", "знаю", "незнаю",
    "неизвестно", "неизвестен", "неизвестна", "неуказан", "неуказано", "неуказана",
    "незадано", "незаполнено", "нетданных", "отсутствует", "пусто", "прочерк", "бн", "тест",
    "тестовый", "test", "testing", "проба", "asd", "asdf", "asdasd", "qwe", "йцу", "фыв",
    "фыва", "абв", "абвгд", "abc", "abcd", "х", "x", "tbd", "todo", "unknown", "undefined",
    "notset",
))  # fmt: skip
_KEY_ROWS = (
    "qwertyuiop asdfghjkl zxcvbnm йцукенгшщзхъ фывапролджэ ячсмитьбю 01234567890 0987654321"
)
_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_KEYS = str.maketrans(_LATIN + _CYRILLIC, _CYRILLIC + _LATIN)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Bring text to the form that is searched: lower case, ё as е, quotes and blanks gone.

    Signs inside a word stay ("д.5", "a-b@c.ru"); around a word they go. Twice gives the same.
    """
    # Folding may take signs apart again ("ǰ"), hence composed once more.
    cased = unicodedata.normalize("NFKC", text).casefold()
    plain = unicodedata.normalize("NFKC", cased).replace("ё", "е")
    return " ".join(_LOOSE.sub(" ", _OTHER_SIGNS.sub(" ", plain)).split())


@lru_cache(maxsize=8192)
def company_key(name: str) -> str:
    """Give a firm's name without its legal form: «ООО Ромашка» is «Ромашка, ООО».

    A name that is nothing but legal forms stays as it is.
    """
    folded = " ".join(_NO_SIGN.sub(" ", fold(name)).split())
    bare = " ".join(_FORM.sub(" ", _SPELLED_FORM.sub(" ", folded)).split())
    return bare or folded


def is_junk(value: str) -> bool:
    """Say whether a filled field says nothing: "-", "нет", "1111111111", "йцукен"."""
    signs = _NO_SIGN.sub("", value.casefold())
    if not signs or signs in _JUNK or (len(signs) > 2 and len(set(signs)) == 1):
        return True
    bare = signs.rstrip("0123456789")
    return bare in ("тест", "test") or (len(signs) > 4 and signs in _KEY_ROWS)


def fix_layout(text: str) -> str:
    """Read text typed in the wrong keyboard layout: "hjvfirf" is "ромашка".

    Works both ways sign by sign and in lower case, so twice gives the text again.
    """
    return text.casefold().translate(_KEYS)


def storable(text: str) -> str:
    """Give text that every database takes: without NUL, a lone half of a sign as "?"."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def initials(name: str) -> str:
    """Give the letters of an avatar: «Виктория Ланская» is ВЛ; signs alone give ""."""
    words = (_NO_SIGN.sub("", word) for word in name.split())
    return "".join(word[0] for word in list(filter(None, words))[:2]).upper()
