"""A CSV of made-up clients, as people bring them: one in twenty twice, one in twenty known."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

from voronka.clients.models import Client, Mail, Phone
from voronka.config.seeding.firms import draw_cards
from voronka.config.seeding.world import Card
from voronka.foundation.bulk_rows import Ids

HEADER = (
    "Название", "Телефон", "Почта", "ИНН", "Город", "Адрес", "Отрасль", "Контактное лицо",
    "Ответственный",
)  # fmt: skip
TWICE = KNOWN = 20
"""One row of so many."""
SELLERS = 20


def write_clients(file: Path, *, rows: int, seed: int = 23) -> tuple[int, int]:
    """Write `rows` clients; give how many come twice in the file, and how many are known.

    The known ones are of the base; everybody else shares no number, mail or INN with anybody.
    """
    rng = Random(seed)
    twice, known = rows // TWICE, rows // KNOWN
    fresh = [_line(rng, card) for card in islice(_fresh(rng, rows), rows - twice - known)]
    again = [_typed_again(line) for line in rng.sample(fresh, twice)]
    lines = [*fresh, *_known(known)]
    rng.shuffle(lines)
    # Whoever comes twice comes again later.
    lines[len(lines) // 2 :] = _mixed(rng, lines[len(lines) // 2 :] + again)
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows([HEADER, *lines])
    return twice, known


def _fresh(rng: Random, rows: int) -> Iterator[Card]:
    """Draw cards that have nothing in common with the base, nor with one another."""
    taken = set(Phone.objects.values_list("e164", flat=True))
    taken |= set(Mail.objects.values_list("address", flat=True))
    taken |= set(Client.objects.values_list("inn", flat=True))
    # Numbers are given out in order; those of the base are among the first.
    cards = draw_cards(rng, Ids(), len(taken) + 2 * rows, spread=True)
    for card in cards[len(taken) // 2 :]:
        own = {*card.phones, *filter(None, (card.mail, card.inn))}
        if not own & taken:
            taken |= own
            yield card


def _line(rng: Random, card: Card) -> list[str]:
    seller = f"Seller {rng.randrange(1, SELLERS + 1)}"
    return [
        card.name, card.phones[0], card.mail, card.inn, card.city, card.address, card.industry,
        card.contact, seller,
    ]  # fmt: skip


def _typed_again(line: list[str]) -> list[str]:
    """Write a client as somebody else types it: the number by hand, no mail, no INN."""
    digits = line[1][2:]
    phone = f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
    return [line[0].replace("«", '"').replace("»", '"'), phone, "", "", *line[4:]]


def _known(n: int) -> list[list[str]]:
    rows = Client.objects.filter(phones__isnull=False).order_by("pk")
    columns = ("name", "phones__e164", "city")
    step = max(1, rows.count() // max(1, n))
    found = list(rows.values_list(*columns))[::step][:n]
    return [[name, phone or "", "", "", city, "", "", "", ""] for name, phone, city in found]


def _mixed(rng: Random, lines: list[list[str]]) -> list[list[str]]:
    rng.shuffle(lines)
    return lines
