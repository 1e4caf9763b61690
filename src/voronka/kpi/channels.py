"""K1, K2 and K4 of each channel, without spam and duplicates: by the very same formulas."""

from dataclasses import dataclass, replace

from voronka.kpi import first_reply, inquiries_arrived, targeted
from voronka.kpi.conventions import Figure
from voronka.kpi.source import Material

ANY = "any"
FIGURES = {
    "K1": inquiries_arrived.figure,
    "K2": targeted.figure,
    "K4": first_reply.figure,
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's three figures; `code` is ANY for all channels together."""

    code: str
    arrived: Figure
    targeted: Figure
    reply: Figure


def channels(material: Material) -> list[Channel]:
    """List the channels by their number of inquiries, the busiest first; last all together.

    Nothing is listed when nobody turned to us.
    """
    codes = {event.body["channel"] for event in material.of("inquiry.registered")}
    found = [_figures(material, code) for code in sorted(codes)]
    busy = sorted((one for one in found if one.arrived.n), key=lambda one: -one.arrived.n)
    return [*busy, _figures(material, ANY)] if busy else []


def of_channel(material: Material, code: str) -> Material:
    """Keep what came by a channel, or by ANY; without spam and duplicates (C10)."""
    dropped = {
        event.case
        for event in material.later("inquiry.classified")
        if event.body["state"] in ("spam", "duplicate")
    }
    kept = [
        event
        for event in material.later("inquiry.registered")
        if event.case not in dropped and code in (ANY, event.body["channel"])
    ]
    return replace(material, events=material.events | {"inquiry.registered": kept})


def _figures(material: Material, code: str) -> Channel:
    narrowed = of_channel(material, code)
    return Channel(code, *(make(narrowed) for make in FIGURES.values()))
