"""Figures that stand beside something: an age beside its norm, an estimate beside a sum."""

from django.utils.translation import gettext
from markupsafe import Markup

from voronka.web.formats import number, rub, work_days

WORK_DAY = 9 * 3600
THOUSAND_RUBLES = 100_000
FILTERS = ("against_norm", "about_rub")


def against_norm(seconds: float, norm_seconds: float) -> str:
    """Write «10 раб. дн., норма 5»: the unit is said once where both have the same."""
    both_in_days = min(seconds, norm_seconds) >= WORK_DAY
    norm = number(round(norm_seconds / WORK_DAY)) if both_in_days else work_days(norm_seconds)
    return gettext("%(age)s, норма %(norm)s") % {"age": work_days(seconds), "norm": norm}


def about_rub(kopecks: float) -> Markup:
    """Write an estimate: to a thousand roubles from 100 000 ₽, below that to a rouble."""
    step = THOUSAND_RUBLES if abs(kopecks) >= 100 * THOUSAND_RUBLES else 100
    return rub(round(kopecks / step) * step)
