"""Demands of a stage in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from voronka.clients.custom_fields import fields_of
from voronka.deals.queries import indicator_name
from voronka.web import formats, words


def demand_text(kind: str, what: str, least: int) -> str:
    """Say what is demanded: «Разговор от 30 с», «Заполнено: Сумма», «Сделано: Встреча»."""
    if kind == "talk":
        return (
            _("Разговор от %(t)s") % {"t": formats.duration(least)} if least else _("Разговор")
        )
    if kind == "done":
        return _("Сделано: %(step)s") % {"step": words.STEPS.get(what, what)}
    if kind == "move":
        return _("Причина: %(move)s") % {"move": words.MOVES[what]}
    if kind == "next_step":
        return _("Поставлен следующий шаг")
    if kind == "indicator":
        named = indicator_name(int(what)) if what.isdecimal() else ""
        if not named:
            return _("Записан показатель этапа")
        return _("Записан показатель «%(name)s»") % {"name": named}
    names = {field.key: field.name for field in fields_of("deal")}
    name = names.get(what) or str(words.FIELDS.get(what, what))
    return _("Заполнено: %(field)s") % {"field": name}


def listed(demands: Iterable[tuple[str, str, int]]) -> str:
    """List demands in one line, in small letters."""
    texts = [demand_text(*one) for one in demands]
    return "; ".join(text[:1].lower() + text[1:] for text in texts)
