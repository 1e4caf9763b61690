"""Which column fills which field, guessed from the header and from what stands below it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voronka.importing.sniffing import share_of_choices, sniffed
from voronka.importing.targets import Target, targets_of

_CAMEL = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")
_SIGNS = re.compile(r"[\W_]+")
_LEAST = 0.4
_SAMPLES = 200


@dataclass(frozen=True)
class Guess:
    """A field for a column. `confidence` 0..1; `why`: header, header_part, content, both."""

    field: str
    confidence: float
    why: str


def guess_mapping(
    headers: Sequence[str], sample_rows: Iterable[Sequence[str]], as_: str
) -> dict[int, Guess | None]:
    """Give a guess for every column (by place from 0), None where nothing fits.

    A field is given to the likeliest column; phones and mails to all that fit. The first
    200 rows are looked at.

    Raises: KeyError for an unknown `as_`.
    """
    rows = [row for _, row in zip(range(_SAMPLES), sample_rows, strict=False)]
    found = []
    for column, header in enumerate(headers):
        cells = [row[column].strip() for row in rows if column < len(row)]
        filled = [cell for cell in cells if cell]
        kinds = sniffed(filled)
        for target in targets_of(as_):
            if target.choices and filled:
                kinds["choice"] = share_of_choices(filled, target.choices)
            if guess := _guess(header, kinds, target):
                found.append((guess.confidence, -column, target, guess))
    return _shared_out(found, len(headers))


def plain_header(header: str) -> str:
    """Bring a header to words: "ContactEmail", "contact_email", "Contact (e-mail), ₽"."""
    spaced = _CAMEL.sub(" ", header)
    return _SIGNS.sub(" ", spaced.casefold().replace("ё", "е")).strip()


def _guess(header: str, kinds: dict[str, float], target: Target) -> Guess | None:
    by_header, why = _by_header(plain_header(header), target)
    by_content = kinds.get(target.kind)
    if not by_header:
        return _by_content(target, by_content or 0.0)
    if why == "header_part" and target.kind == "text" and kinds.get("flag", 0.0) > 0.9:
        # "has_company" with true and false is no company.
        return None
    if by_content is None:
        return Guess(target.field, round(by_header, 2), why)
    if by_content < 0.2:
        # The header names a phone, and below stand no phones.
        return _if_likely(target, by_header * 0.4, why)
    return Guess(target.field, round(min(1.0, by_header + 0.04 * by_content), 2), "both")


def _by_header(plain: str, target: Target) -> tuple[float, str]:
    """Equal to a synonym: 0.96..0.75, the first are likeliest; half of it a synonym: 0.5."""
    words = target.synonyms_ru_en
    own = plain_header(target.field)
    if plain == own:
        return 0.96, "header"
    if plain in words:
        return 0.95 - 0.2 * words.index(plain) / len(words), "header"
    parts = [word for word in (*words, own) if len(word) > 2 and f" {word} " in f" {plain} "]
    share = max(map(len, parts), default=0) / max(1, len(plain))
    return (0.4 + 0.25 * share, "header_part") if share >= 0.45 else (0.0, "")


# What may be guessed with no word in the header: nothing else looks like it.
_TELLING = {"phone": 0.7, "mail": 0.8, "inn": 0.7, "ogrn": 0.7, "moment": 0.5}
_MAIN = frozenset(["created_at", "arrived_at", "started_at", "at"])


def _by_content(target: Target, share: float) -> Guess | None:
    weight = _TELLING.get(target.kind, 0.0)
    if target.kind == "moment" and target.field not in _MAIN:
        weight = 0.0
    if share < 0.6 or not weight:
        return None
    return _if_likely(target, weight * share, "content")


def _if_likely(target: Target, confidence: float, why: str) -> Guess | None:
    return Guess(target.field, round(confidence, 2), why) if confidence >= _LEAST else None


def _shared_out(
    found: list[tuple[float, int, Target, Guess]], columns: int
) -> dict[int, Guess | None]:
    mapping: dict[int, Guess | None] = dict.fromkeys(range(columns))
    taken = set()
    for _, place, target, guess in sorted(found, key=lambda each: each[:2], reverse=True):
        if mapping[-place] is None and target.field not in taken:
            mapping[-place] = guess
            if not target.is_multiple:
                taken.add(target.field)
    return mapping
