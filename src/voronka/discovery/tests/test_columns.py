"""Whole columns tell what one by one would: numbers, texts, ranks, many cases."""

import random

import numpy as np
import pytest

from voronka.discovery import gathering
from voronka.discovery.live_log import LiveLog
from voronka.discovery.numbering import Names, Numbers, Values
from voronka.discovery.ranks import nth, nth_of_all
from voronka.discovery.tests.test_live_log import everything, leaders, noise, whole
from voronka.discovery.texts import Texts, joined, spread


def text(rng: random.Random) -> str:
    return "".join(rng.choices("abЖё —1", k=rng.choice((0, 1, 3, 7, 8, 9, 16, 17, 40))))


@pytest.mark.parametrize("seed", range(4))
def test_keys_are_numbered_as_they_come_though_many_want_one_place(seed: int) -> None:
    rng = random.Random(seed)
    top, most = (63 << 58, 60) if seed % 2 else (0, 5000)
    known: dict[int, int] = {}
    numbers = Numbers()
    for _ in range(40):
        keys = [_key(rng, top, most) for _ in range(rng.randrange(300))]
        fresh = [key for n, key in enumerate(keys) if key not in known and key not in keys[:n]]
        found, rows = numbers.of(np.array(keys, np.uint64))
        for key in keys:
            known.setdefault(key, len(known))
        assert found.tolist() == [known[key] for key in keys]
        assert [keys[row] for row in rows.tolist()] == fresh
    assert len(numbers) == len(known) >= most // 2


def _key(rng: random.Random, top: int, most: int) -> int:
    """A key, spread over all places or with its highest bits alike."""
    key = rng.randrange(1, most)
    return top | key if top else int(spread(np.array([key], np.uint64))[0])


def test_texts_have_one_key_only_where_they_are_equal() -> None:
    rng = random.Random(3)
    texts = [text(rng) for _ in range(3000)]
    column = Texts.of(texts)
    keys = column.keys().tolist()
    assert list(column) == [column[n] for n in range(3000)] == texts
    assert len(set(keys)) == len(set(zip(texts, keys, strict=True))) == len(set(texts))
    names = Names()
    numbers = names.of(column).tolist() + names.of(Texts.of(texts[::-1])).tolist()[::-1]
    there = names.some(0, len(names))
    assert [there[n] for n in numbers] == texts * 2
    assert names.some(5, 9) == there[5:9]


def test_parts_and_pairs_of_texts_have_keys_of_their_own() -> None:
    rng = random.Random(4)
    texts = ["".join(rng.choices("01-: ", k=rng.randrange(30))) for _ in range(2000)]
    column = Texts.of(texts)
    for begin, end in ((0, 13), (13, 19), (13, None), (19, None)):
        part = column.part(begin, end)
        assert list(part) == [one[begin:end] for one in texts]
        assert (
            part.keys().tolist() == Texts.of([one[begin:end] for one in texts]).keys().tolist()
        )
    pairs = [(rng.randrange(9), rng.randrange(9)) for _ in range(500)]
    ones, twos = (spread(np.array(one, np.uint64)) for one in zip(*pairs, strict=True))
    assert len(set(joined(ones, twos).tolist())) == len(set(pairs)) == 81


def test_values_are_made_once_and_made_anew_when_there_are_too_many() -> None:
    texts, made = [f"{n % 70}" for n in range(1000)], []

    def make(n: int) -> int:
        made.append(texts[n])
        return int(texts[n])

    values, keys = Values(most=50), Texts.of(texts).keys()
    for _ in range(3):
        assert values.of(keys, make).tolist() == [int(one) for one in texts]
    assert made == [str(n) for n in range(70)] * 3


@pytest.mark.parametrize("most", [3, 1000, 10**12])
def test_a_rank_is_that_of_numbers_in_order(most: int) -> None:
    rng = random.Random(most)
    for size in (1, 999, 30_000, 50_001):
        values = [rng.randrange(-most, most) for _ in range(size)]
        values += sorted(values)[: size // 3]
        ordered = sorted(values)
        cut = sorted(rng.sample(range(1, len(values)), min(5, len(values) - 1)))
        columns = [
            sorted(values[one:two])
            for one, two in zip([0, *cut], [*cut, len(values)], strict=True)
        ]
        for place in {0, len(values) // 2, int(0.8 * len(values)), len(values) - 1}:
            assert nth(values, place) == ordered[place]
            assert nth_of_all(columns, place) == ordered[place]


def test_a_sample_that_misleads_changes_no_rank() -> None:
    # Every number that the sample takes is small.
    values = [n if n % 50 else -n for n in range(50_000)]
    ordered = sorted(values)
    for place in (0, 500, 999, 1000, 30_000, 49_999):
        assert nth(values, place) == ordered[place]


def test_cases_in_many_bundles_are_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BITS", 3)
    monkeypatch.setattr(gathering, "CASES", 8)
    monkeypatch.setattr(gathering, "SPOOL_BYTES", 1000)
    events, live = noise(random.Random(9), 6000, 300), LiveLog()
    for event in events:
        live.add(*event)
    log = whole(events)
    assert (everything(log), leaders(log)) == (everything(live.log()), leaders(live.log()))
