"""What differs between two versions of a regulation, in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from voronka.web import formats, words
from voronka.web.demand_words import demand_text


def change_texts(changes: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Give (where, what) for each change; where is a stage's name or empty."""
    return [(str(one["stage"]), _text(one)) for one in changes]


def _text(one: dict[str, Any]) -> str:
    what = str(one["what"])
    if what.startswith("demand"):
        return _demand(one)
    if what == "move":
        return _("%(move)s, %(role)s: %(level)s") % {
            "move": words.MOVES[one["move"]],
            "role": words.MOVERS[one["role"]],
            "level": words.MOVE_LEVELS[one["after"]],
        }
    if what == "name":
        return _("назывался «%(name)s»") % {"name": one["before"]}
    if what == "indicator":
        after = one["after"]
        return _("показатель: %(name)s") % {"name": after} if after else _("без показателя")
    if what == "norm_seconds":
        return _("норма: %(after)s, была %(before)s") % {
            "before": _norm(one["before"]), "after": _norm(one["after"]),
        }  # fmt: skip
    return {
        "stage_new": _("новый этап"),
        "stage_gone": _("этап уходит"),
        "order": _("этапы стоят в другом порядке"),
        "hint": _("другая подсказка"),
    }.get(what, what)


def _norm(seconds: int | None) -> str:
    return formats.work_days(seconds) if seconds else _("нет")


def _demand(one: dict[str, Any]) -> str:
    rule = one.get("after") or one["before"]
    said = {"what": demand_text(rule["kind"], rule["what"], rule["least"])}
    if one["what"] == "demand_gone":
        return _("снято требование: %(what)s") % said
    said["level"] = str(words.LEVELS[rule["level"]]).lower()
    if one["what"] == "demand_new":
        return _("новое требование: %(what)s, %(level)s") % said
    said["before"] = str(words.LEVELS[one["before"]["level"]]).lower()
    return _("%(what)s: %(level)s, было %(before)s") % said
