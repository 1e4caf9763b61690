"""The log of a bank's call centre goes in whole: the page shows the file's own totals."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import median

import pytest
from django.test import Client as Browser

from tests.real.test_real_data import DATA, NOW, desk, load, rows
from voronka.calls.day_sums import lay_days, rules_of, sums_by_day, together
from voronka.calls.models import Call
from voronka.calls.sums import Sums, Tally, longer, middle
from voronka.people import settings
from voronka.people.models import Person
from voronka.people.viewers import SYSTEM

__all__ = ["desk"]
FILE = "technion_bank_calls_1999-02-01_21"
FIRST, LAST = date(1999, 2, 1), date(1999, 2, 21)
pytestmark = [
    pytest.mark.shared,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="NO REAL DATA: the folder ../shared/data is not there"
    ),
]


@dataclass(frozen=True, slots=True)
class Own:
    """The file's rows by what became of them."""

    every: list[dict[str, str]]
    talked: list[dict[str, str]]
    hung_up: list[dict[str, str]]


def own_rows() -> Own:
    every = list(rows(FILE))
    talked = [row for row in every if row["outcome"] == "AGENT"]
    return Own(every, talked, [row for row in every if row["outcome"] == "HANG"])


def days() -> dict[date, Sums]:
    known = settings.all_settings()
    rules = rules_of(known, settings.calendar(known))
    direct = sums_by_day(viewer=SYSTEM, first=FIRST, last=LAST, rules=rules)
    assert lay_days(now=NOW, rules=rules) == 21
    laid = sums_by_day(viewer=SYSTEM, first=FIRST, last=LAST, rules=rules)
    found = {day: together([one]) for day, one in laid.items()}
    assert found == {day: together([one]) for day, one in direct.items()}
    whole = Sums()
    for one in found.values():
        whole.merge(one)
    assert together(laid.values()) == whole
    return found


def test_technion_s_own_totals_come_out(desk: Browser) -> None:
    report = load(FILE, "calls", "technion")
    assert (report.counts["rows"], report.counts["skipped"]) == (25_890, 0)
    assert (report.counts["made"]["calls"], report.counts["made"]["answered"]) == (
        25_890, 20_899,
    )  # fmt: skip
    own, found = own_rows(), days()
    ends = dict(Counter(Call.objects.values_list("outcome", flat=True)))
    assert ends == {"answered": 20_899, "missed": 4_770, "failed": 221}
    by_day = {
        f"{day:%y%m%d}": sums.tally.whole + sums.tally.given_up for day, sums in found.items()
    }
    assert by_day == Counter(row["date"] for row in own.every)
    whole = Sums()
    for one in found.values():
        whole.merge(one)
    _lengths(whole, own)
    _parts(whole, own)
    page = desk.get(f"/calls/?period=custom&from={FIRST}&to={LAST}").content.decode()
    assert "24\u2009046" in page
    assert "медиана 1:44" in page


def _lengths(sums: Sums, own: Own) -> None:
    tally = sums.tally
    # Of 4,770 who hung up 1,844 had waited under 5 s, the menu not counted.
    short = sum(int(row["q_time"]) < 5 for row in own.hung_up)
    assert (tally.given_up, short) == (1_844, 1_844)
    # The 221 phantoms were nobody's choice.
    assert tally.missed == len(own.hung_up) - short + 221 == 3_147
    talk = [int(row["ser_time"]) for row in own.talked if int(row["ser_time"])]
    assert (tally.talked, tally.talk_seconds) == (len(talk), sum(talk)) == (20_827, 3_584_239)
    assert middle(sums.talks_in) == median(talk) == 104
    waits = [int(row["q_time"]) for row in own.talked]
    assert middle(sums.waits) == median(waits) == 6
    assert sum(seconds * n for seconds, n in sums.waits.items()) == sum(waits) == 830_723
    assert tally.quick == sum(wait <= 20 for wait in waits) == 12_594
    assert longer(sums.talks_in, 600) == 918


def _parts(sums: Sums, own: Own) -> None:
    hours = Counter(int(row["vru_entry"].split(":")[0]) for row in own.talked)
    assert {hour: Tally(*one).answered for hour, one in sums.hours.items()} == {
        hour: hours[hour] for hour in sums.hours
    }
    agents = Counter(row["server"] for row in own.talked if row["server"] != "NO_SERVER")
    names = dict(Person.objects.values_list("pk", "name"))
    answered = {names.get(pk, ""): Tally(*one).answered for pk, one in sums.people.items()}
    assert {name: n for name, n in answered.items() if name and n} == agents
    assert len(agents) == 24
    lines = Counter(row["vru_line"] for row in own.talked)
    assert {line: Tally(*one).answered for line, one in sums.lines.items()} == {
        line: lines[line] for line in sums.lines
    }
