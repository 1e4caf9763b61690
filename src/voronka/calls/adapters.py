"""Adapters by kind of exchange: each turns what was stored into signals. One line each."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from voronka.calls.asterisk.reading import best_of, ref_of, signals_of
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.histories import History
from voronka.calls.hooks.contract import Door
from voronka.calls.providers.beeline import door as beeline_door
from voronka.calls.providers.beeline import history as beeline_history
from voronka.calls.providers.beeline import parser as beeline
from voronka.calls.providers.external_call import door as external_call_door
from voronka.calls.providers.external_call import parser as external_call
from voronka.calls.providers.generic import door as generic_door
from voronka.calls.providers.generic import parser as generic
from voronka.calls.providers.legs import first_hand
from voronka.calls.providers.mango import door as mango_door
from voronka.calls.providers.mango import history as mango_history
from voronka.calls.providers.mango import parser as mango
from voronka.calls.providers.megafon import door as megafon_door
from voronka.calls.providers.megafon import history as megafon_history
from voronka.calls.providers.megafon import parser as megafon
from voronka.calls.providers.mts import door as mts_door
from voronka.calls.providers.mts import history as mts_history
from voronka.calls.providers.mts import parser as mts
from voronka.calls.providers.onlinepbx import door as onlinepbx_door
from voronka.calls.providers.onlinepbx import history as onlinepbx_history
from voronka.calls.providers.onlinepbx import parser as onlinepbx
from voronka.calls.providers.past import counted_by, lived_first, past_by
from voronka.calls.providers.sipuni import door as sipuni_door
from voronka.calls.providers.sipuni import history as sipuni_history
from voronka.calls.providers.sipuni import parser as sipuni
from voronka.calls.providers.telphin import door as telphin_door
from voronka.calls.providers.telphin import history as telphin_history
from voronka.calls.providers.telphin import parser as telphin
from voronka.calls.providers.twilio import door as twilio_door
from voronka.calls.providers.twilio import history as twilio_history
from voronka.calls.providers.twilio import parser as twilio
from voronka.calls.providers.uis import door as uis_door
from voronka.calls.providers.uis import history as uis_history
from voronka.calls.providers.uis import parser as uis
from voronka.calls.providers.zadarma import door as zadarma_door
from voronka.calls.providers.zadarma import history as zadarma_history
from voronka.calls.providers.zadarma import parser as zadarma
from voronka.calls.signals import Signal

Reader = Callable[[Exchange, CallEvent], Iterator[Signal]]
Namer = Callable[[Exchange, CallEvent], str]
Chooser = Callable[[Sequence[tuple[str, Signal]]], list[Signal]]

READERS: dict[str, Reader] = {
    "asterisk": signals_of,
    "generic": generic.signals_of,
    "external_call": external_call.signals_of,
    "onlinepbx": onlinepbx_history.signals_of,
    "telphin": telphin_history.signals_of,
    "mts": mts_history.signals_of,
    "beeline": beeline.signals_of,
    "sipuni": sipuni_history.signals_of,
    "mango": mango_history.signals_of,
    "twilio": twilio.signals_of,
    "megafon": megafon.signals_of,
    "uis": uis_history.signals_of,
    "zadarma": zadarma_history.signals_of,
}
NAMERS: dict[str, Namer] = {
    "asterisk": ref_of,
    "generic": generic.ref_of,
    "external_call": external_call.ref_of,
    "onlinepbx": onlinepbx.ref_of,
    "telphin": telphin.ref_of,
    "mts": mts.ref_of,
    "beeline": beeline.ref_of,
    "sipuni": sipuni.ref_of,
    "mango": mango.ref_of,
    "twilio": twilio.ref_of,
    "megafon": megafon.ref_of,
    "uis": uis.ref_of,
    "zadarma": zadarma.ref_of,
}
"""Gives which call an event speaks of; "" when of none."""
TELL_OF_ROOMS = ("asterisk", "twilio")
"""Those that tell who heard whom; of the others an answer is taken for a talk."""
TELL_THE_END = ("mango", "mts", "sipuni", "zadarma")
"""Those that tell when a whole call is over: a pause between two telephones is not its end."""
CHOOSERS: dict[str, Chooser] = {
    "asterisk": best_of,
    "generic": generic.straightened,
    "external_call": external_call.whole,
    "onlinepbx": first_hand,
    "telphin": first_hand,
    "mts": first_hand,
    "beeline": first_hand,
    "sipuni": first_hand,
    "mango": mango.straightened,
    "twilio": twilio.straightened,
    "megafon": megafon.straightened,
    "uis": uis.straightened,
    "zadarma": zadarma.straightened,
}
"""Where an exchange tells the same twice by two ways: which of both counts."""
DOORS: dict[str, Door] = {
    "generic": generic_door.take,
    "external_call": external_call_door.take,
    "onlinepbx": onlinepbx_door.take,
    "telphin": telphin_door.take,
    "mts": mts_door.take,
    "beeline": beeline_door.take,
    "sipuni": sipuni_door.take,
    "mango": mango_door.take,
    "twilio": twilio_door.take,
    "megafon": megafon_door.take,
    "uis": uis_door.take,
    "zadarma": zadarma_door.take,
}
"""Of those that send us what happens: who sent it, and what becomes of it."""
MONTH, TEN_DAYS, WEEK = timedelta(days=30), timedelta(days=10), timedelta(days=7)
HISTORIES: dict[str, History] = {
    "beeline": counted_by(beeline_history.count, longest=MONTH),
    "mango": past_by(mango_history.history, longest=MONTH),
    "megafon": past_by(megafon_history.history, longest=MONTH),
    "mts": past_by(mts_history.history, longest=TEN_DAYS),
    "onlinepbx": past_by(onlinepbx_history.history, longest=WEEK),
    "sipuni": past_by(sipuni_history.history, longest=WEEK),
    "telphin": past_by(telphin_history.history, longest=MONTH),
    "twilio": past_by(twilio_history.history, longest=MONTH),
    "uis": past_by(uis_history.history, longest=MONTH),
    "zadarma": past_by(zadarma_history.history, longest=MONTH),
}
"""Of the providers that can be asked what calls they had, if they have a key for it."""


def all_of(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Take everything that was said, by whichever way it came."""
    return [one for _, one in told]


def chosen(kind: str, told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Choose of all that was said of a call, with the way each came, what counts."""
    return CHOOSERS.get(kind, all_of)(lived_first(told))
