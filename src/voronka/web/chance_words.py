"""The chance of winning in words: the share, how sure it is, and from how many deals."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voronka.deals.chances import PRIOR_WEIGHT
from voronka.foundation.shares import wilson
from voronka.web import formats


def chance(permille: int, n: int) -> str:
    """Write «34 %, 28–40 % из 232»; with few deals what it leans on instead."""
    return f"{formats.permille(permille)}, {chance_range(permille, n)}"


def chance_range(permille: int, n: int) -> str:
    """Write the 95 % Wilson interval and its n: «28–40 % из 232».

    With fewer ended deals than the funnel's share weighs, the interval would say little.
    """
    if not n:
        return _("закрытых сделок ещё нет")
    if n < PRIOR_WEIGHT:
        deals = ngettext("%(n)s сделка", "%(n)s сделок", n) % {"n": n}
        return _("мало данных: %(deals)s, больше весит доля воронки") % {"deals": deals}
    low, high = wilson(permille * n / 1000, n)
    span = f"{round(low * 100)}–{formats.share(high)}"
    return _("%(span)s из %(n)s") % {"span": span, "n": formats.number(n)}
