"""Making up clients: firms, entrepreneurs and private people, with sound tax numbers."""

from random import Random

from voronka.clients.models import Client
from voronka.config.seeding import names_ru as words
from voronka.config.seeding.world import Card
from voronka.foundation.bulk_rows import Ids

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
TWIN_SHARE = 0.012


def draw_cards(rng: Random, ids: Ids, n: int, *, spread: bool = False) -> list[Card]:
    """Make up `n` clients. `spread`: numbers all over the country, for measuring searches.

    Otherwise numbers are of +7 900 000, which the design's examples use, too.
    """
    taken = _Numbers(rng, spread)
    cards: list[Card] = []
    for _ in range(n):
        roll = rng.random()
        if cards and roll < TWIN_SHARE:
            cards.append(_twin(rng, ids, rng.choice(cards), taken))
        elif roll < 0.22:
            cards.append(_person(rng, ids, taken))
        else:
            cards.append(_company(rng, ids, taken, is_sole=roll > 0.9))
    return cards


def stranger(rng: Random) -> str:
    """Give a number that no card has."""
    return f"+7900009{rng.randrange(1, 9999):04d}"


def full_name(rng: Random) -> str:
    """Give a first name and a surname that agree."""
    if rng.random() < 0.55:
        return f"{rng.choice(words.MALE)} {rng.choice(words.SURNAMES)}"
    return f"{rng.choice(words.FEMALE)} {rng.choice(words.SURNAMES)}а"


class _Numbers:
    """Phone numbers, each once."""

    def __init__(self, rng: Random, spread: bool) -> None:
        self._rng = rng
        self._spread = spread
        self._last = 0

    def next(self) -> str:
        self._last += 1
        if not self._spread:
            return f"+7900{self._last:07d}"
        # The factor has no divisor in common with 10^9, so no number comes twice.
        return f"+79{self._last * 748_307_919 % 10**9:09d}"


def _company(rng: Random, ids: Ids, taken: _Numbers, *, is_sole: bool) -> Card:
    city, region = rng.choices(words.CITIES, weights=(30, 18, *[4] * 14))[0]
    contact = full_name(rng)
    office = f"{region}{rng.randrange(1, 50):02d}"
    if is_sole:
        letters = rng.sample(words.MIDDLE_INITIALS, 2)
        name = legal = f"ИП {rng.choice(words.SURNAMES)} {letters[0]}. {letters[1]}."
        inn, kpp, industry = _inn_12(rng, office), "", "Торговля"
    else:
        bare, industry = _firm_name(rng)
        form = rng.choices(("ООО", "АО", "ЗАО", ""), weights=(80, 9, 3, 8))[0]
        name = f"{form} «{bare}»".strip()
        legal = name if form else f"ООО «{bare}»"
        inn, kpp = _inn_10(rng, office), f"{office}01001"
    phones = [taken.next() for _ in range(1 + (rng.random() < 0.3))]
    return Card(
        id=ids.next(Client),
        kind="company",
        name=name,
        legal_name=legal,
        inn=inn,
        kpp=kpp,
        city=city,
        address=f"{rng.choice(words.STREETS)}, {rng.randrange(1, 120)}",
        industry=industry,
        contact=contact,
        phones=phones,
        mail=_mail(rng, name, phones[0]),
    )


def _firm_name(rng: Random) -> tuple[str, str]:
    first, second = rng.choice(words.FIRST_WORDS), rng.choice(words.SECOND_WORDS)
    kinds = (kind for kind, ends in words.INDUSTRIES.items() if second in ends)
    industry = next(kinds, "Производство")
    roll = rng.random()
    if roll < 0.55:
        return f"{first}-{second}", industry
    if roll < 0.75:
        return f"{second} {first}", industry
    if roll < 0.9:
        return f"{first}{second.lower()}", industry
    return (
        f"{first} {second} {rng.choice(('Юг', 'Север', 'Плюс', 'Групп', 'Регион'))}",
        industry,
    )


def _person(rng: Random, ids: Ids, taken: _Numbers) -> Card:
    city, _ = rng.choices(words.CITIES, weights=(30, 18, *[4] * 14))[0]
    name, phone = full_name(rng), taken.next()
    mail = _mail(rng, name, phone)
    return Card(ids.next(Client), "person", name, "", "", "", city, "", "", "", [phone], mail)


def _twin(rng: Random, ids: Ids, of: Card, taken: _Numbers) -> Card:
    """Make a second card of a client, as somebody in a hurry types it."""
    bare = of.name.replace("«", "").replace("»", "").replace("ООО ", "").replace("-", " ")
    name = f"{bare}, ООО" if of.name.startswith("ООО") else bare
    phones = [of.phones[0] if rng.random() < 0.5 else taken.next()]
    return Card(
        ids.next(Client), of.kind, name, "", "", "", of.city, "", "", "", phones, of.mail
    )


def _mail(rng: Random, name: str, phone: str) -> str:
    host = words.latin(name.replace("ООО ", "").replace("АО ", "").replace("ЗАО ", ""))
    box = rng.choice(("info", "zakaz", "office", "snab", "sales"))
    # The last digits keep firms of one name apart.
    return f"{box}@{host[:40]}-{phone[-4:]}.example" if rng.random() < 0.85 else ""


def _inn_10(rng: Random, office: str) -> str:
    digits = office + f"{rng.randrange(100_000):05d}"
    return digits + _check(digits, _INN_10)


def _inn_12(rng: Random, office: str) -> str:
    digits = office + f"{rng.randrange(1_000_000):06d}"
    digits += _check(digits, _INN_11)
    return digits + _check(digits, _INN_12)


def _check(digits: str, weights: tuple[int, ...]) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return str(total % 11 % 10)
