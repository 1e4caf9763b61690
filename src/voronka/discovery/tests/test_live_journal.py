"""Looking again into a funnel's past reads the new facts only, and tells all the same."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from conftest import MONDAY
from voronka.deals.models import Deal, Funnel, Stage
from voronka.deals.stage_moves import lose_deal, move_deal, reopen_deal, win_deal
from voronka.discovery import live_journal
from voronka.discovery.finding import ask, find, finding
from voronka.discovery.jobs import refresh_findings
from voronka.discovery.journal_log import read_journal
from voronka.discovery.live_journal import LiveJournal, funnel_log
from voronka.discovery.report import report_on
from voronka.discovery.tests.test_live_log import everything
from voronka.foundation.models import Job
from voronka.foundation.worker import drain
from voronka.journal.actions import fact_of, record_many
from voronka.journal.kinds import StageEntered
from voronka.journal.models import Batch, Fact
from voronka.journal.viewer import Viewer
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Office:
    """Deals of a funnel, to which things happen by chance."""

    def __init__(
        self, funnel: Funnel, reason_id: int, make_deal: Callable[..., Deal], by: Viewer
    ) -> None:
        self.funnel, self.by, self._make, self._reason = funnel, by, make_deal, reason_id
        self._stages = list(Stage.objects.filter(funnel=funnel).order_by("place"))
        self._deals = [make_deal() for _ in range(4)]
        self._at = MONDAY

    def work(self, rng: random.Random, times: int) -> None:
        for _ in range(times):
            self._at += rng.randrange(1, 30) * HOUR
            if rng.random() < 0.2:
                self._deals.append(self._make())
            deal = rng.choice(self._deals)
            deal.refresh_from_db()
            key = {"deal_id": deal.pk, "by": self.by, "at": self._at}
            if deal.outcome:
                reopen_deal(**key)  # type: ignore[arg-type]
            elif rng.random() < 0.6:
                others = [one for one in self._stages if one.pk != deal.stage_id]
                move_deal(to_stage_id=rng.choice(others).pk, **key)  # type: ignore[arg-type]
            elif rng.random() < 0.5:
                win_deal(**key)  # type: ignore[arg-type]
            else:
                lose_deal(reason_id=self._reason, **key)  # type: ignore[arg-type]

    def tell_late(self, rng: random.Random) -> None:
        """Write a fact of an earlier time, as an import does."""
        deal = rng.choice(self._deals)
        like = Fact.objects.filter(deal_id=deal.pk, kind="deal.stage_entered").first()
        assert like
        body = StageEntered(**{**like.body, "stage_name": "Звонок технолога"})
        from voronka.deals.dealing import about_deal  # noqa: PLC0415

        fact = fact_of(body, about=about_deal(deal), by_id=None, at=MONDAY - HOUR)
        with transaction.atomic():
            record_many([fact])


@pytest.fixture
def office(
    cast: SimpleNamespace,
    funnel: Funnel,
    reasons: SimpleNamespace,
    make_deal: Callable[..., Deal],
) -> Office:
    return Office(funnel, reasons.dear.pk, make_deal, cast.see("olga"))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_equals_the_whole_journal_after_every_change(
    office: Office, seed: int
) -> None:
    rng, live = random.Random(seed), LiveJournal(office.funnel.pk)
    for _ in range(25):
        office.work(rng, rng.randrange(6))
        if rng.random() < 0.2:
            office.tell_late(rng)
        log, anew = live.catch_up(), read_journal(viewer=SYSTEM, funnel_id=office.funnel.pk)
        assert everything(log) == everything(anew)
        assert report_on(log).to_json() == report_on(anew).to_json()
    assert live.passes == 1
    assert live.events > 50


def test_looking_again_reads_the_facts_of_the_changed_deals_alone(office: Office) -> None:
    live = LiveJournal(office.funnel.pk)
    office.work(random.Random(1), 40)
    live.catch_up()
    with CaptureQueriesContext(connection) as idle:
        live.catch_up()
    office.work(random.Random(2), 3)
    with CaptureQueriesContext(connection) as busy:
        live.catch_up()
    assert live.passes == 1
    if connection.vendor == "sqlite":
        assert (len(idle), len(busy)) == (5, 7)


def test_facts_taken_back_are_forgotten(office: Office) -> None:
    office.work(random.Random(3), 30)
    batch = Batch.objects.create(kind="import", title="История", at=MONDAY)
    live = LiveJournal(office.funnel.pk)
    like = Fact.objects.filter(kind="deal.stage_entered").first()
    assert like
    before = everything(live.catch_up())
    fact = Fact(
        at=MONDAY, kind=like.kind, case=like.case, deal_id=like.deal_id, batch_id=batch.pk,
        body={**like.body, "stage_name": "Из файла"},
    )  # fmt: skip
    with transaction.atomic():
        record_many([fact])
    assert "Из файла" in live.catch_up().names
    assert live.passes == 1
    Batch.objects.filter(pk=batch.pk).update(undone_at=datetime.now(UTC))
    assert everything(live.catch_up()) == before
    assert live.passes == 2


def test_large_funnels_and_old_ones_are_not_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_journal, "_kept", type(live_journal._kept)())
    office.work(random.Random(4), 30)
    others = [Funnel.objects.create(name=f"Воронка {n}") for n in range(3)]
    for funnel in (office.funnel, *others):
        funnel_log(funnel.pk)
    assert list(live_journal._kept) == [one.pk for one in others[1:]]
    monkeypatch.setitem(live_journal._room, "events", 20)
    assert funnel_log(office.funnel.pk).events > 20
    assert list(live_journal._kept) == [one.pk for one in others[1:]]


def test_each_night_those_who_asked_once_get_a_fresh_report(office: Office) -> None:
    ask(funnel_id=office.funnel.pk, by=SYSTEM, at=MONDAY)
    find(funnel_id=office.funnel.pk, at=MONDAY)
    before = finding(funnel_id=office.funnel.pk)[2]["events"]
    office.work(random.Random(5), 10)
    refresh_findings.func()
    refresh_findings.func()
    assert Job.objects.filter(task__contains="find_in_background").count() == 1
    assert drain() == 1
    _, made_at, report = finding(funnel_id=office.funnel.pk)
    assert report["events"] > before
    assert made_at
    assert made_at > MONDAY
    live_journal._kept.clear()
    find(funnel_id=office.funnel.pk, at=made_at)
    assert report == finding(funnel_id=office.funnel.pk)[2]
