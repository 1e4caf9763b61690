"""The queue: a job runs once, survives its worker, is tried again, and gives up at last."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django_tasks import task

from voronka.foundation import worker
from voronka.foundation.job_backend import enqueue_once
from voronka.foundation.models import CronLine, Job

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OTHER = "elsewhere:1:1"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
ran: list[str] = []
meanwhile: dict[str, Callable[[], object]] = {}


@task()
def note(text: str) -> None:
    """Note that it ran, after whatever another worker does meanwhile."""
    ran.append(text)
    meanwhile.get(text, lambda: None)()


@task(priority=5)
def note_urgently(text: str) -> None:
    ran.append(text)


@task()
def plan_and_fail() -> None:
    with transaction.atomic():
        CronLine.objects.create(task="half", every_seconds=1, next_at=NOW)
        ran.append("half")
        raise ValueError("the second half is missing")


@task()
def tick() -> None:
    ran.append("tick")


@pytest.fixture(autouse=True)
def _clean() -> None:
    ran.clear()
    meanwhile.clear()


@contextmanager
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


def turn(at: datetime) -> bool:
    """Let a worker look once at this moment."""
    with clock(at):
        return worker.run_one(now=at)


def state_of(job: Job) -> tuple[str, int]:
    job.refresh_from_db()
    return job.state, job.attempts


def written(text: str = "a") -> Job:
    with clock(NOW):
        return Job.objects.get(pk=note.enqueue(text=text).id)


def test_a_job_runs_once() -> None:
    job = written()
    assert [turn(NOW) for _ in range(3)] == [True, False, False]
    assert (ran, state_of(job), job.finished_at) == (["a"], ("done", 1), NOW)


def test_the_urgent_run_first_and_the_deferred_wait() -> None:
    with clock(NOW):
        note.using(run_after=NOW + HOUR).enqueue(text="late")
        note.enqueue(text="first come")
        note_urgently.enqueue(text="urgent")
    while turn(NOW):
        pass
    assert ran == ["urgent", "first come"]
    assert turn(NOW + HOUR)
    assert ran[-1] == "late"


def test_a_job_of_a_transaction_that_failed_was_never_written() -> None:
    def register_and_fail() -> None:
        with transaction.atomic():
            note.enqueue(text="a")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        register_and_fail()
    assert not Job.objects.exists()


def test_two_workers_that_look_at_the_same_moment_run_it_once() -> None:
    job = written()
    looked: list[bool] = []

    def between(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        # The first has chosen the job and is about to claim it: the second is faster.
        if sql.startswith("UPDATE") and not looked:
            looked.append(True)
            looked.append(worker.run_one(now=NOW))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        assert not turn(NOW)
    assert (looked, ran, state_of(job)) == ([True, True], ["a"], ("done", 1))


def test_a_leased_job_is_left_alone_until_the_lease_ends() -> None:
    job = written()
    meanwhile["a"] = lambda: ran.append(f"second ran: {worker.run_one(now=NOW + SECOND)}")
    turn(NOW)
    assert ran == ["a", "second ran: False"]
    lost = {"state": "running", "worker": OTHER, "leased_until": NOW + worker.LEASE}
    Job.objects.filter(pk=job.pk).update(**lost)
    meanwhile.clear()
    assert [turn(NOW + worker.LEASE), turn(NOW + worker.LEASE + SECOND)] == [False, True]
    assert (ran[-1], state_of(job)) == ("a", ("done", 2))


def test_whoever_lost_the_lease_does_not_end_the_job() -> None:
    job = written()
    taken = {"worker": OTHER, "leased_until": NOW + HOUR}
    meanwhile["a"] = lambda: Job.objects.filter(pk=job.pk).update(**taken)
    turn(NOW)
    assert (state_of(job), job.worker) == (("running", 1), OTHER)


def test_a_job_that_fails_is_tried_later_and_later_and_dies() -> None:
    with clock(NOW):
        job = Job.objects.get(pk=plan_and_fail.enqueue().id)
    at, tries = NOW, [NOW]
    for pause in worker.PAUSES_SECONDS:
        assert turn(at)
        assert job.state == state_of(job)[0] == "waiting"
        assert not turn(job.run_at - SECOND)
        assert job.run_at == at + timedelta(seconds=pause)
        at = job.run_at
        tries.append(at)
    assert turn(at)
    assert (state_of(job), job.finished_at) == (("dead", 5), tries[-1])
    assert job.problem == "ValueError: the second half is missing"
    assert not turn(at + timedelta(days=30))
    assert worker.retry(job.pk, now=at)
    assert (state_of(job), turn(at)) == (("waiting", 0), True)


def test_a_job_that_kills_its_worker_each_time_dies_too() -> None:
    job = written()
    lost = {"state": "running", "worker": OTHER, "leased_until": NOW, "attempts": 5}
    Job.objects.filter(pk=job.pk).update(**lost)
    turn(NOW + SECOND)
    assert (ran, state_of(job)[0]) == ([], "dead")
    assert job.problem


def test_what_a_failing_job_wrote_is_rolled_back_and_its_failure_kept() -> None:
    with clock(NOW):
        job = Job.objects.get(pk=plan_and_fail.enqueue().id)
    turn(NOW)
    assert ran == ["half"]
    assert not CronLine.objects.exists()
    assert state_of(job) == ("waiting", 1)


def test_enqueue_once_keeps_one_until_it_is_done() -> None:
    first = enqueue_once(note, key="k", text="a")
    assert enqueue_once(note, key="k", text="b").pk == first.pk
    assert enqueue_once(note, key="other", text="c").pk != first.pk
    worker.drain()
    assert ran == ["a", "c"]
    assert enqueue_once(note, key="k", text="d").pk != first.pk
