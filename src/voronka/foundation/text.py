"""Text as people type it: folded for search, firms' names compared, junk recognised."""

import re
import unicodedata

_FORMS = (
    "общество с ограниченной ответственностью", "публичное акционерное общество",
    "открытое акционерное общество", "закрытое акционерное общество",
    "непубличное акционерное общество", "акционерное общество",
    "индивидуальный предприниматель",
    "ооо", "оао", "зао", "пао", "нао", "ао", "ип", "тоо", "чп", "нко", "ано", "фгуп", "фгбу",
    "гуп", "муп", "гк", "тд", "llc", "ltd", "inc", "gmbh", "jsc", "co", "corp",
)  # fmt: skip
_FORM = re.compile(r"\b(?:" + "|".join(_FORMS) + r")\b")
_OTHER_SIGNS = re.compile(r"[^\w@+.#/-]+", re.UNICODE)
_LOOSE = re.compile(r"(?<!\w)[.#/+-]+|[.#/+-]+(?!\w)")
_JUNK = frozenset(
    [
        "-",
        "--",
        "---",
        "—",
        "–",
        ".",
        "..",
        "...",
        "?",
        "??",
        "0",
        "00",
        "нет",
        "нету",
        "н/д",
        "нд",
        "n/a",
        "na",
        "none",
        "null",
        "не",
        "знаю",
        "неизвестно",
        "пусто",
        "тест",
        "test",
        "asdf",
        "asdasd",
        "qwe",
        "qwerty",
        "йцукен",
        "фыва",
        "фывап",
        "абв",
        "abc",
        "ххх",
        "xxx",
        "х",
        "x",
        "no",
    ]
) | {"не знаю", "не указан", "не указано", "не указана", "не известно"}
_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_KEYS = str.maketrans(_LATIN + _CYRILLIC, _CYRILLIC + _LATIN)


def fold(text: str) -> str:
    """Bring text to the form that is searched: lower case, ё as е, quotes and blanks gone."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(_LOOSE.sub(" ", _OTHER_SIGNS.sub(" ", plain)).split())


def company_key(name: str) -> str:
    """Give a firm's name without its legal form: «ООО Ромашка» is «Ромашка, ООО».

    A name that is nothing but a legal form stays as it is.
    """
    folded = re.sub(r"[^\w]+", " ", fold(name)).strip()
    bare = " ".join(_FORM.sub(" ", folded).split())
    return bare or folded


def is_junk(value: str) -> bool:
    """Say whether a filled field says nothing: "-", "нет", "1111111111", "йцукен"."""
    plain = " ".join(value.casefold().split())
    if not plain or plain in _JUNK:
        return True
    signs = re.sub(r"[\W_]", "", plain)
    return not signs or (len(signs) > 2 and len(set(signs)) == 1)


def fix_layout(text: str) -> str:
    """Read text typed in the wrong keyboard layout: "hjvfirf" is "ромашка"."""
    return text.casefold().translate(_KEYS)


def initials(name: str) -> str:
    """Give the letters of an avatar: «Виктория Ланская» is ВЛ."""
    return "".join(word[0] for word in name.split()[:2] if word).upper()
