"""Figures that stand beside something: an age beside its norm, an estimate beside a sum."""

from django.utils.translation import gettext
from markupsafe import Markup

from voronka.web.formats import NBSP, THIN, language, number, rub, work_days

WORK_DAY = 9 * 3600
THOUSAND_RUBLES = 100_000
FILTERS = ("against_norm", "about_rub", "rub_short")


def against_norm(seconds: float, norm_seconds: float) -> str:
    """Write «10 раб. дн., норма 5»: the unit is said once where both have the same."""
    norm = norm_beside(seconds, norm_seconds)
    return gettext("%(age)s, норма %(norm)s") % {"age": work_days(seconds), "norm": norm}


def norm_beside(seconds: float, norm_seconds: float) -> str:
    """Write a norm after an age: without its unit where the age is in working days too."""
    if min(seconds, norm_seconds) < WORK_DAY:
        return work_days(norm_seconds)
    days = norm_seconds / WORK_DAY
    return number(round(days) if days >= 10 else round(days, 1))


def about_rub(kopecks: float) -> Markup:
    """Write an estimate: to a thousand roubles from 100 000 ₽, below that to a rouble."""
    step = THOUSAND_RUBLES if abs(kopecks) >= 100 * THOUSAND_RUBLES else 100
    return rub(round(kopecks / step) * step)


def rub_short(kopecks: int) -> str:
    """Write large sums as «29,5 млн ₽»."""
    rubles = kopecks / 100
    for size, word in ((1e9, gettext("млрд")), (1e6, gettext("млн"))):
        if abs(rubles) >= size:
            text = f"{rubles / size:.1f}"
            text = text.replace(".", ",") if language() == "ru" else text
            return f"{text}{NBSP}{word}{NBSP}₽"
    return f"{round(rubles):,}".replace(",", THIN) + NBSP + "₽"
