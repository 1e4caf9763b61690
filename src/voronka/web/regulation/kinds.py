"""What can be demanded, as a choice in groups."""

from django.utils.translation import gettext as _

from voronka.clients.custom_fields import fields_of
from voronka.deals import demands
from voronka.web import words
from voronka.web.demand_words import demand_text

Choices = list[tuple[str, list[tuple[str, str]]]]


def kinds() -> Choices:
    """List what can be demanded: acts that the journal proves, fields of deal and card."""
    deal = [(f"field:{name}", demand_text("field", name, 0)) for name in demands.DEAL_FIELDS]
    deal += [
        (f"field:{one.key}", demand_text("field", one.key, 0)) for one in fields_of("deal")
    ]
    client = [
        (f"field:{name}", demand_text("field", name, 0)) for name in demands.CLIENT_FIELDS
    ]
    acts = [("talk:", _("Разговор от N секунд"))]
    acts += [(f"done:{name}", demand_text("done", name, 0)) for name in words.STEPS]
    acts.append(("next_step:", demand_text("next_step", "", 0)))
    acts.append(("indicator:", _("Записан показатель этапа")))
    return [(_("Дела, по журналу"), acts), (_("Сделка"), deal), (_("Карточка"), client)]
