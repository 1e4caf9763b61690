"""Where each kind of exchange has its recordings, and how they are had from there."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from voronka.calls.asterisk.record import address_of, recordings_of
from voronka.calls.asterisk.record_doors import RecordProblemError
from voronka.calls.exchange_models import Exchange
from voronka.calls.models import Call
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.mango import history as mango
from voronka.calls.providers.mts import history as mts
from voronka.calls.providers.onlinepbx import history as onlinepbx
from voronka.calls.providers.telphin import history as telphin
from voronka.calls.providers.twilio import recordings as twilio
from voronka.calls.providers.zadarma import recordings as zadarma
from voronka.calls.sound.folder import found_in_folder, opened_settled, sides_of
from voronka.calls.sound.links import fetched
from voronka.calls.sound.problems import SoundProblemError

Link = tuple[str, Mapping[str, str]]
Linker = Callable[[Exchange, str], Link]
LINKERS: dict[str, Linker] = {
    "mango": mango.link_of,
    "mts": mts.link_of,
    "onlinepbx": onlinepbx.link_of,
    "telphin": telphin.link_of,
    "twilio": twilio.link_of,
    "zadarma": zadarma.link_of,
}
"""By kind of exchange: from what it calls a recording to a link and what to say there. One
without an entry gives links itself.
"""


NO_LINK = {
    "refused": "refused", "no_key": "refused", "too_many": "busy", "wrong_answer": "no_file",
    "too_long": "bad_place",
}  # fmt: skip
"""Why a provider gave no link, in the words of recordings."""


def gives_any(exchange: Exchange, names: tuple[str, ...]) -> bool:
    """Tell whether an exchange has recordings at all, as far as is known."""
    return bool(exchange.options.get("recordings")) or bool(names)


@dataclass(frozen=True, slots=True)
class Opened:
    """A call's recording. `choices`: files to make it of, the best first: both sides, one."""

    place: str
    choices: list[list[IO[bytes]]]


def opened_sound_of(call: Call, place: str, stack: ExitStack) -> Opened:
    """Open a call's recording where its exchange has it.

    `place`: what the exchange said of it, "" when nothing. Raises: SoundProblemError.
    """
    exchange = call.exchange
    if exchange is None:
        raise SoundProblemError("no_file")
    if exchange.options.get("recordings") and "://" not in place:
        return _of_folder(call, exchange, place, stack)
    linker = LINKERS.get(exchange.kind, _as_it_is)
    try:
        url, headers = linker(exchange, place)
    except AskingError as error:
        raise SoundProblemError(NO_LINK.get(error.code, "no_answer")) from error
    own = str(exchange.options.get("host", ""))
    file = stack.enter_context(fetched(url, own_host=own, headers=headers))
    return Opened(place, [[file]])


def _as_it_is(_exchange: Exchange, place: str) -> Link:
    return place, {}


def _of_folder(call: Call, exchange: Exchange, place: str, stack: ExitStack) -> Opened:
    root = Path(str(exchange.options["recordings"]))
    name = place or _told_by_record(exchange, call.call_ref)
    found = found_in_folder(
        root,
        name=name,
        ref=call.call_ref,
        started_at=call.started_at,
        zone=exchange.zone,
    )
    sides = sides_of(found, root)
    files = opened_settled([*sides, found], stack)
    choices = [files[:-1], files[-1:]] if sides else [files]
    return Opened(found.relative_to(root.resolve()).as_posix(), choices)


def _told_by_record(exchange: Exchange, ref: str) -> str:
    """Ask the exchange's own record for the name; "" after a power cut, it has no row then."""
    address = address_of(exchange)
    if not address:
        return ""
    try:
        return recordings_of(address, [ref]).get(ref, "")
    except RecordProblemError:
        return ""
