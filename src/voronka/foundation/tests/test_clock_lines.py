"""The clock's table: one job per due time, whatever the machine's clock does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from voronka.foundation import worker
from voronka.foundation.models import CronLine, Job
from voronka.foundation.tests.test_worker import ran, tick

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, YEAR = timedelta(minutes=1), timedelta(days=365)


@pytest.fixture(autouse=True)
def _line() -> None:
    ran.clear()
    worker.set_lines({tick.module_path: 60}, now=NOW)


def pass_by(at: datetime, times: int = 2) -> int:
    """Let the worker come by several times at this moment; give how often the line ran."""
    before = len(ran)
    with time_machine.travel(at, tick=False):
        for _ in range(times):
            worker.start_due_lines(now=at)
            while worker.run_one(now=at):
                pass
    return len(ran) - before


def test_a_line_runs_once_each_time_it_is_due() -> None:
    moments = (NOW, NOW + MINUTE / 2, NOW + MINUTE, NOW + 1.5 * MINUTE, NOW + 2 * MINUTE)
    assert [pass_by(at) for at in moments] == [1, 0, 1, 0, 1]


def test_a_clock_that_jumps_ahead_makes_one_run_and_not_a_year_of_them() -> None:
    assert [pass_by(NOW), pass_by(NOW + YEAR), pass_by(NOW + YEAR + MINUTE)] == [1, 1, 1]


def test_a_clock_that_was_wrong_and_is_set_back_does_not_stop_the_line() -> None:
    assert [pass_by(NOW + YEAR), pass_by(NOW), pass_by(NOW + MINUTE)] == [1, 1, 1]


def test_two_workers_at_one_due_time_make_one_job() -> None:
    assert [worker.start_due_lines(now=NOW) for _ in range(2)] == [1, 0]
    # The job still waits when the line is due again: it is not written twice.
    assert worker.start_due_lines(now=NOW + MINUTE) == 0
    assert Job.objects.count() == 1


def test_the_table_holds_just_what_is_set() -> None:
    pass_by(NOW)
    worker.set_lines({tick.module_path: 60}, now=NOW + MINUTE / 2)
    assert pass_by(NOW + MINUTE / 2) == 0
    worker.set_lines({tick.module_path: 30}, now=NOW + MINUTE / 2)
    assert pass_by(NOW + MINUTE / 2) == 1
    worker.set_lines({}, now=NOW)
    assert not CronLine.objects.exists()


def test_done_jobs_are_forgotten_after_two_weeks_and_dead_ones_stay() -> None:
    pass_by(NOW)
    Job.objects.create(
        task="x", arguments={}, state="dead", created_at=NOW, run_at=NOW, finished_at=NOW
    )
    fortnight = timedelta(days=worker.KEEP_DAYS)
    assert worker.forget_old(now=NOW + fortnight) == 0
    assert worker.forget_old(now=NOW + fortnight + MINUTE) == 1
    assert list(Job.objects.values_list("state", flat=True)) == ["dead"]
