"""Days laid down add up to what counting the calls gives; a written call takes its day away."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from conftest import MONDAY
from voronka.calls.conditions import KINDS, Conditions, calls_where
from voronka.calls.day_models import CallDay
from voronka.calls.day_sums import NOBODY, Rules, lay_days, rules_of, sums_by_day, together
from voronka.calls.models import Call
from voronka.calls.sums import Sums, Tally, from_text, longer, mark_of, middle
from voronka.clients.models import Source
from voronka.deals.models import Funnel
from voronka.journal.viewer import Viewer
from voronka.people import settings

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 2, 20), date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 15, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.fixture
def rules(db: None) -> Rules:
    known = settings.all_settings()
    return rules_of(known, settings.calendar(known))


@pytest.fixture
def calls(cast: SimpleNamespace, funnel: Funnel) -> list[Call]:
    """Four hundred calls of all kinds over three weeks, round the clock."""
    rng = Random(5)
    sources = [None, Source.objects.create(name="Сайт"), Source.objects.create(name="Карты")]
    people = [cast.olga, cast.oleg, cast.lev, None]
    stages = [None, *funnel.stages.all()]
    start = datetime(2026, 2, 20, tzinfo=ZoneInfo("Europe/Moscow"))
    made = []
    for _ in range(400):
        direction, answered = rng.choice(["in", "out"]), rng.random() < 0.6
        ends = ["", "missed", "lost"] if direction == "in" else ["busy", "no_answer", ""]
        made.append(
            Call(
                started_at=start + timedelta(seconds=rng.randrange(20 * 86400 + 15 * 3600)),
                direction=direction,
                phone=f"+7912000{rng.randrange(60):04}" if rng.random() < 0.95 else "",
                manager=rng.choice(people),
                is_answered=answered,
                outcome="answered" if answered else rng.choice(ends),
                wait_seconds=rng.randrange(45),
                talk_seconds=rng.choice([2, 9, 10, 65, 700, 1200]) if answered else 0,
                stage=rng.choice(stages),
                source=rng.choice(sources),
                line=rng.choice(["", "+74950000001", "+74950000002"]),
            )
        )
    return Call.objects.bulk_create(made)


def read(viewer: Viewer, rules: Rules, manager_id: int | None = None) -> Sums:
    days = sums_by_day(
        viewer=viewer, first=FIRST, last=LAST, rules=rules, manager_id=manager_id
    )
    return together(days.values())


def test_days_laid_down_give_what_the_calls_give_to_everybody(
    cast: SimpleNamespace, calls: list[Call], rules: Rules
) -> None:
    asked: list[tuple[str, int | None]] = [(name, None) for name in ("vera", "lev", "olga")]
    asked += [("oleg", None), ("vera", cast.olga.pk), ("vera", NOBODY), ("olga", cast.oleg.pk)]
    direct = {one: read(cast.see(one[0]), rules, one[1]) for one in asked}
    assert not CallDay.objects.exists()
    assert lay_days(now=NOW, rules=rules) == 20
    assert lay_days(now=NOW, rules=rules) == 0
    for one, sums in direct.items():
        with CaptureQueriesContext(connection) as caught:
            assert read(cast.see(one[0]), rules, one[1]) == sums, one
        assert len(caught.captured_queries) == 2
    assert direct["vera", None].tally.whole > 350
    past = sums_by_day(viewer=cast.see("vera"), first=FIRST, last=FIRST, rules=rules)
    assert together([past[FIRST]]).tally.whole > 0
    assert direct["olga", cast.oleg.pk] == Sums()


def test_what_was_added_up_is_not_changed_by_what_is_added_to_it(
    cast: SimpleNamespace, calls: list[Call], rules: Rules
) -> None:
    vera = cast.see("vera")
    lay_days(now=NOW, rules=rules)
    before = read(vera, rules)
    before.merge(before)
    assert read(vera, rules).tally.whole * 2 == before.tally.whole
    days = sums_by_day(viewer=vera, first=FIRST, last=LAST, rules=rules)
    tallies = [Tally(*row) for day in days.values() for row in day.hours().hours.values()]
    assert sum(one.whole for one in tallies) == together(days.values()).tally.whole
    # A day that is counted anew is another text; what was kept is not asked for it.
    Call.objects.filter(pk=calls[0].pk).update(removed_at=NOW)
    assert read(vera, rules).tally.whole * 2 == before.tally.whole - 2


def test_each_count_is_the_length_of_the_list_behind_it(
    cast: SimpleNamespace, calls: list[Call], rules: Rules
) -> None:
    lay_days(now=NOW, rules=rules)
    midnight = rules.calendar.midnight
    whole = Conditions(start=midnight(FIRST), end=midnight(LAST + timedelta(days=1)))
    for name in ("vera", "lev", "olga"):
        viewer = cast.see(name)
        sums = read(viewer, rules)
        one = sums.tally
        told = {
            "": one.whole, "in": one.incoming, "answered": one.answered, "quick": one.quick,
            "missed": one.missed, "out": one.outgoing, "connected": one.connected,
            "busy": one.busy, "talked": one.talked, "given_up": one.given_up,
            "long": longer(sums.talks_in, 600) + longer(sums.talks_out, 600),
        }  # fmt: skip
        found = {
            kind: calls_where(viewer, replace(whole, kind=kind), rules.norms).count()
            for kind in told
        }
        assert found == told
        assert set(told) <= {"", *KINDS}
        rows = calls_where(viewer, whole, rules.norms)
        assert rows.aggregate(s=Sum("talk_seconds"))["s"] == one.talk_seconds
        assert sum(counts[0] for counts in sums.hours.values()) == one.incoming
        assert sum(sum(of.values()) for of in sums.stages.values()) == one.whole


def test_whoever_writes_a_call_takes_its_day_away_and_no_other(
    cast: SimpleNamespace, calls: list[Call], rules: Rules
) -> None:
    lay_days(now=NOW, rules=rules)
    vera, one = cast.see("vera"), calls[0]
    day = rules.calendar.midnight(rules.calendar.day_of(one.started_at))

    def is_laid() -> bool:
        return CallDay.objects.filter(starts_at=day).exists()

    def is_true() -> bool:
        told = read(vera, rules)
        held = list(CallDay.objects.all())
        CallDay.objects.all().delete()
        direct = read(vera, rules)
        CallDay.objects.bulk_create(held)
        return told == direct

    days = CallDay.objects.filter(person_id=0).count()
    Call.objects.filter(pk=one.pk).update(talk_seconds=5, is_answered=True)
    assert not is_laid()
    assert CallDay.objects.filter(person_id=0).count() == days - 1
    assert is_true()
    for write in (
        lambda: Call.objects.create(
            started_at=one.started_at, direction="in", phone="", is_answered=True
        ),
        lambda: Call.objects.filter(pk=one.pk).update(removed_at=NOW),
        lambda: Call.objects.filter(pk=one.pk).delete(),
        lambda: Call.objects.filter(pk=calls[1].pk).update(started_at=one.started_at),
    ):
        assert lay_days(now=NOW, rules=rules) >= 1
        assert is_laid()
        write()
        assert not is_laid()
        assert is_true()
    lay_days(now=NOW, rules=rules)
    Call.objects.filter(pk=calls[2].pk).update(batch_id=9)
    assert CallDay.objects.filter(person_id=0).count() == days
    # An erased number leaves no mark behind.
    Call.objects.filter(pk=calls[1].pk).update(phone="")
    assert not is_laid()


def test_other_hours_or_norms_count_anew(
    cast: SimpleNamespace, calls: list[Call], rules: Rules
) -> None:
    lay_days(now=NOW, rules=rules)
    known = settings.all_settings() | {"short_call_seconds": 30}
    strict = rules_of(known, settings.calendar(known))
    before, after = (read(cast.see("vera"), one).tally for one in (rules, strict))
    assert after.given_up > before.given_up
    assert after.missed + after.given_up == before.missed + before.given_up
    assert lay_days(now=NOW, rules=strict) == 20
    assert read(cast.see("vera"), strict).tally == after


def test_sums_survive_being_written_down_and_medians_are_exact() -> None:
    rng = Random(3)
    for n in (1, 2, 7, 100):
        values = sorted(rng.randrange(50) for _ in range(n))
        lengths: dict[int, int] = {}
        for value in values:
            lengths[value] = lengths.get(value, 0) + 1
        halves = ({k: v for k, v in lengths.items() if k % 2 == odd} for odd in (0, 1))
        expected = (values[(n - 1) // 2] + values[n // 2]) / 2
        assert middle(lengths) == middle(*halves) == expected
        sums = Sums(waits=lengths, lines={"+7495": [1] * 15}, stages={3: lengths})
        assert from_text(sums.to_text()) == sums
    assert middle({}) is None


def test_numbers_dialled_and_reached_are_told_apart(
    cast: SimpleNamespace, rules: Rules
) -> None:
    back, never, short = (f"+7912000000{n}" for n in range(3))
    for phone, talk in ((back, 60), (never, 4), (never, 0), (short, 10)):
        Call.objects.create(
            started_at=MONDAY, direction="out", phone=phone, manager=cast.olga,
            is_answered=talk > 0, talk_seconds=talk,
        )  # fmt: skip
    day = rules.calendar.day_of(MONDAY)
    days = sums_by_day(viewer=cast.see("vera"), first=day, last=day, rules=rules)
    sums = together(days.values())
    assert sums.dialled == {mark_of(back), mark_of(never), mark_of(short)}
    assert sums.reached == {mark_of(back), mark_of(short)}
    assert sums_by_day(viewer=cast.see("oleg"), first=day, last=day, rules=rules) == {}
