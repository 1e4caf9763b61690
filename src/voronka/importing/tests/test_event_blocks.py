"""Blocks of an event log hold what a CSV reader gives, and moments what one reading gives."""

import csv
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from voronka.importing import event_blocks
from voronka.importing.event_blocks import blocks_of
from voronka.importing.files import open_table
from voronka.importing.time_column import BAD, TimeColumn

HEAD = "Сделка;Событие;Когда;Кто"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(8))
def test_blocks_hold_the_cells_and_numbers_of_a_plain_reader(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_blocks, "SIZE", 200)
    monkeypatch.setattr(event_blocks, "ROWS", 7)
    rng, end = random.Random(seed), "\r\n" if seed % 2 else "\n"
    lines = [HEAD]
    for n in range(400):
        line = f"{n};Заявка;2026-01-01 10:00:00;Анна"
        odd = rng.random() < 0.03
        if odd and seed > 1:
            line = rng.choice((f"{n};Коротко", "", f"{line};лишнее", ";;;"))
        if odd and seed > 5 and n > 200:
            line = f'{n};"В две{end}строки";2026-01-01;"Анна ""Б"""'
        lines.append(line)
    path = tmp_path / "log.csv"
    path.write_bytes((end.join(lines) + end * (seed % 3)).encode())
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        rows = [(cells, reader.line_num) for cells in reader]
    begins = [one + 1 for _, one in rows]
    wanted = [
        ([*cells, "", "", "", ""][:4], begin)
        for (cells, _), begin in zip(rows[1:], begins, strict=False)
        if any(cells) or len(cells) >= 4
    ]
    assert _read(path) == wanted


def _read(path: Path) -> list[tuple[list[str], int]]:
    found = []
    with open_table(path) as table:
        for block in blocks_of(path, table):
            kept = list(range(len(block)))
            filled = block
            if not block.is_wide(4):
                filled, kept = block.filled(4)
            columns = [filled.column(place) for place in range(4)]
            numbers = [block.number(n) for n in kept]
            found += [(list(cells), n) for *cells, n in zip(*columns, numbers, strict=True)]
    return found


@pytest.mark.parametrize(
    "shape",
    [
        "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M",
        "%Y-%m-%dT%H:%M:%S.123", "%Y-%m-%d %H:%M:%S+02:00", "%Y-%m-%dT%H:%M:%S.5Z", "%d.%m.%y",
    ],
)  # fmt: skip
@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York", "Australia/Lord_Howe"])
def test_moments_by_parts_are_the_moments_read_one_by_one(shape: str, zone: str) -> None:
    rng, column = random.Random(zone + shape), TimeColumn(ZoneInfo(zone))
    begin = datetime(2024, 1, 1)  # noqa: DTZ001
    moments = [begin + timedelta(seconds=rng.randrange(400 * 86_400)) for _ in range(4000)]
    # The days on which clocks are changed, minute by minute.
    for month, day in ((3, 10), (11, 3), (4, 7), (10, 6)):
        moments += [datetime(2024, month, day) + timedelta(minutes=n) for n in range(1440)]  # noqa: DTZ001
    texts = [f"{at:{shape}}" for at in moments]
    rng.shuffle(texts)
    texts += ["", "вчера", "2024-02-30 10:00:00", "2024-01-01 10:61:00", "99.99.2024 10:00"]
    wanted = [TimeColumn(ZoneInfo(zone)).read([text])[0] for text in texts]
    assert [ms for block in _parts(texts) for ms in column.read(block).tolist()] == wanted
    assert wanted[-5:] == [BAD] * 5
    first = TimeColumn(ZoneInfo("UTC")).read(["2024-01-01 00:00:01.5", "1.1.2024 0:00"])
    assert first.tolist() == [1_704_067_201_500, 1_704_067_200_000]


def _parts(texts: list[str]) -> list[list[str]]:
    return [texts[one:two] for one, two in pairwise([*range(0, len(texts), 100), len(texts)])]


def test_ways_of_writing_may_be_mixed() -> None:
    texts = ["2024-05-01 10:00:00", "01.05.2024 10:00:00.5", "2024-05-01 10:00:00+01:00"] * 3
    column = TimeColumn(ZoneInfo("Europe/Moscow"))
    nine = 1_714_546_800_000
    assert column.read(texts).tolist() == [nine, nine, nine + 2 * 3_600_000] * 3
    assert column.read(["2024-05-01 10:00:00.5"]).tolist() == [nine + 500]
