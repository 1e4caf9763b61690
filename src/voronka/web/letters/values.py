"""What the places of a template become, in the words of the page's language."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from voronka.letters.filling import NAMES
from voronka.letters.queries import Writing
from voronka.web import formats
from voronka.web.pages import settings_of
from voronka.web.shell import now


def values_of(request: HttpRequest, known: Writing, who: str) -> dict[str, str]:
    """Give a value for every place; "" where nothing is known. `who`: the person written to."""
    amount = known.amount_kopecks
    return {
        "client": known.client,
        "contact": who or (known.client if known.is_person else known.contact),
        "deal": known.deal,
        "number": str(known.number or ""),
        "amount": str(formats.rub(amount).striptags()) if amount else "",
        "manager": str(getattr(request.user, "name", "")),
        "mail": str(getattr(request.user, "email", "")),
        "company": str(settings_of(request)["company_name"]),
        "today": formats.day(now()),
    }


def places() -> list[tuple[str, str]]:
    """List the places of a template as they are written here, each with what it becomes."""
    said = {
        "client": _("название клиента"),
        "contact": _("имя человека, которому пишем"),
        "deal": _("название сделки"),
        "number": _("номер сделки"),
        "amount": _("сумма сделки"),
        "manager": _("кто пишет"),
        "mail": _("почта того, кто пишет"),
        "company": _("название фирмы"),
        "today": _("сегодняшняя дата"),
    }
    n = 0 if formats.language() == "ru" else 1
    return [(f"{{{names[n]}}}", said[key]) for key, names in NAMES.items()]
