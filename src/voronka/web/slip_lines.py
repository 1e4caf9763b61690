"""How a slip is told on any page: its title, evidence, age, and the one act that mends it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from voronka.control.queries import SlipRow
from voronka.web import formats, words


@dataclass(frozen=True, slots=True)
class Fix:
    """The button of a slip."""

    address: str
    icon: str
    title: str


def anchor(address: str) -> str:
    """Give the place of a number on the page of those not written down."""
    return "s" + "".join(sign if sign.isalnum() else "-" for sign in address)


def slip_title(slip: SlipRow) -> str:
    """Say what was not done."""
    return words.slip_title(slip.rule, slip.evidence)


def slip_evidence(slip: SlipRow) -> Markup:
    """Say what the slip rests on."""
    return words.slip_evidence(slip.rule, slip.evidence)


def slip_age(slip: SlipRow) -> str:
    """Say for how long it has been standing, in calendar time."""
    end = slip.closed_at or datetime.now(UTC)
    return formats.duration(max(0.0, (end - slip.since).total_seconds()))


def slip_fix(slip: SlipRow) -> Fix:
    """Give the act that mends it: a link to where it is done in one press."""
    if slip.rule == "unanswered" and slip.inquiry_id:
        return Fix(reverse("inquiry", args=[slip.inquiry_id]), "phone", _("Ответить"))
    if slip.rule == "unclassified" and slip.inquiry_id:
        return Fix(reverse("inquiry", args=[slip.inquiry_id]), "check", _("Разметить"))
    if slip.rule == "unregistered":
        there = f"{reverse('unregistered')}#{anchor(slip.evidence['address'])}"
        return Fix(there, "plus", _("Записать"))
    if slip.rule == "missed_call":
        return Fix(_place_of(slip), "phone", _("Перезвонить"))
    if slip.rule == "no_outcome":
        call = reverse("call-outcome", args=[int(slip.subject.split(":")[1])])
        return Fix(call, "clock", _("Назначить шаг"))
    if slip.rule == "thin_card" and slip.client_id:
        return Fix(reverse("client-edit", args=[slip.client_id]), "edit", _("Заполнить"))
    if slip.deal_id is None and slip.client_id:
        return Fix(reverse("client", args=[slip.client_id]), "clients", _("Открыть карточку"))
    deal = reverse("deal", args=[slip.deal_id])
    acts = {
        "no_step": Fix(f"{deal}#step", "clock", _("Назначить шаг")),
        "overdue": Fix(f"{deal}#step", "check", _("Закрыть дело")),
        "stuck": Fix(deal, "move", _("Двинуть дальше")),
        "other_reason": Fix(deal, "edit", _("Уточнить причину")),
    }
    return acts.get(slip.rule, Fix(deal, "board", _("Открыть сделку")))


def _place_of(slip: SlipRow) -> str:
    """Give the page of who is to be rung; the number itself where there is none."""
    if slip.deal_id:
        return reverse("deal", args=[slip.deal_id])
    if slip.client_id:
        return reverse("client", args=[slip.client_id])
    if slip.inquiry_id:
        return reverse("inquiry", args=[slip.inquiry_id])
    return f"tel:{slip.evidence['address']}"
