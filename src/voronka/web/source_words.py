"""Words for origins of inquiries and the numbers of their table."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from voronka.inquiries.touches import Origin
from voronka.web.words import Text

WHATS: dict[str, Text] = {
    "inquiries": lazy("Обращений"),
    "targeted": lazy("Целевых"),
    "deals": lazy("Сделок"),
    "won": lazy("Выиграно"),
}
TOUCHES: dict[str, Text] = {
    "first": lazy("По первому касанию"),
    "last": lazy("По последнему"),
}


def named(origin: Origin) -> str:
    """Name an origin: its source, or that nothing tells."""
    return origin.source or _("источник неизвестен")
