"""What discovery found besides stages, in lines for a terminal."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from voronka.web.demand_words import demand_text
from voronka.web.formats import number, share
from voronka.web.measures import rub_short

SHOWN = 5


def insight_lines(
    told: dict[str, Any], word: Callable[[str], str], person: Callable[[str], str]
) -> Iterator[str]:
    """Tell of waiting, sure detours, habits, what lost ones did, wanted demands and handovers.

    `word` says an activity, `person` a person of the log.
    """
    for place, one in enumerate(told.get("bottlenecks", [])[:SHOWN], start=1):
        yield _waiting(place, one, word)
    for one in told.get("detours", []):
        if one["is_sure"]:
            yield _detour(one, word)
    if habits := told.get("habits"):
        yield from _habits(habits, person)
    for one in told.get("risky_acts", []):
        yield _risky(one, word)
    for one in told.get("wants", []):
        yield _want(one)
    if turns := told.get("handovers"):
        yield from _handovers(turns)


def _waiting(place: int, one: dict[str, Any], word: Callable[[str], str]) -> str:
    name = " + ".join(word(activity) for activity in one["stage"])
    said = _("Где ждут, %(place)s: «%(name)s»: ") % {"place": place, "name": name}
    if one["p80_hours"] is None:
        said += _("мало данных (%(n)s)") % {"n": one["n"]}
    else:
        said += _("половина до %(p50)s ч, 80 %% до %(p80)s ч") % {
            "p50": number(round(one["median_hours"], 1)),
            "p80": number(round(one["p80_hours"], 1)),
        }
    said += ", " + _("всего %(hours)s ч") % {"hours": number(one["waited_hours"])}
    said += ", " + _("стоят %(n)s, сверх срока %(over)s") % {
        "n": number(one["standing"]), "over": number(one["over"]),
    }  # fmt: skip
    if one.get("money_kopecks"):
        said += ", " + _("денег %(money)s, сверх срока %(over)s") % {
            "money": rub_short(one["money_kopecks"]), "over": rub_short(one["over_kopecks"]),
        }  # fmt: skip
    return said + "."


def _detour(one: dict[str, Any], word: Callable[[str], str]) -> str:
    name = " + ".join(word(activity) for activity in one["stage"])
    way = _("Мимо «%(name)s»") if one["kind"] == "skip" else _("Снова «%(name)s»")
    figures = _(
        "%(n)s (%(share)s), выигрыш %(won)s вместо %(other)s, %(days)s дн. вместо %(others)s."
    ) % {
        "n": number(one["n"]),
        "share": share(one["share"]),
        "won": share(one["won"] / one["closed"]),
        "other": share(one["others_won"] / one["others_closed"]),
        "days": number(one["days"]),
        "others": number(one["others_days"]),
    }
    return way % {"name": name} + ": " + figures


def _risky(one: dict[str, Any], word: Callable[[str], str]) -> str:
    return _(
        "Теряют чаще: «%(act)s»: отказ у %(share)s из %(n)s, "
        "без этого у %(other)s из дошедших туда же."
    ) % {
        "act": word(one["activity"]),
        "share": share(one["lost"] / one["n"]),
        "n": number(one["n"]),
        "other": share(one["others_lost"] / one["others"]),
    }


def _habits(habits: dict[str, Any], person: Callable[[str], str]) -> Iterator[str]:
    signs = {"skips": _("пропуски"), "backs": _("возвраты"), "loops": _("повторы этапа")}
    shares = [f"{title} {share(habits['all'][sign]['share'])}" for sign, title in signs.items()]
    yield _("Продаж, где известно, кто вёл: %(n)s; %(shares)s.") % {
        "n": number(habits["cases"]), "shares": ", ".join(shares),
    }  # fmt: skip
    for sign, title in signs.items():
        who = [
            f"{person(one['person'])} ({one[sign]} / {one['n']})"
            for one in habits["people"]
            if sign in one["flags"]
        ]
        if who:
            yield _("Чаще других, %(sign)s: %(who)s.") % {"sign": title, "who": ", ".join(who)}


def _want(one: dict[str, Any]) -> str:
    text = demand_text(one["kind"], one["what"], one["least"])
    said = _("На этапе «%(stage)s» можно требовать: %(what)s (у %(k)s из %(n)s выигранных)") % {
        "stage": one["stage"], "what": text, "k": number(one["won"]), "n": number(one["won_n"]),
    }  # fmt: skip
    return said + ("." if one["is_sure"] else ", " + _("когда заполнено, неизвестно."))


def _handovers(turns: dict[str, Any]) -> Iterator[str]:
    if turns["automation"]:
        yield _("Автоматика, в людей не считаем: %(who)s.") % {
            "who": ", ".join(turns["automation"])
        }
    said = _("Передач на продажу: %(n)s") % {"n": number(turns["per_case"])}
    for side, title in (("with", _("с передачей")), ("without", _("без неё"))):
        one = turns[side]
        if one["n"] and not one["is_few"]:
            said += "; " + _("%(side)s выиграны %(share)s (%(low)s–%(high)s, n = %(n)s)") % {
                "side": title, "share": share(one["share"]), "low": share(one["low"]),
                "high": share(one["high"]), "n": number(one["n"]),
            }  # fmt: skip
    yield said + "."
