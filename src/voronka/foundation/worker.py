"""The worker: claims jobs by a lease, runs them, tries again later, gives up at last."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections, connection
from django.db.models import F, Q
from django.utils.module_loading import import_string

from voronka.foundation.models import CronLine, Job
from voronka.foundation.processes import HOST, is_gone, me

LEASE = timedelta(seconds=120)
PAUSES_SECONDS = (10, 60, 300, 1800)
"""Before the second, third ... try; after the last one a job is dead."""
TRIES = len(PAUSES_SECONDS) + 1
KEEP_DAYS = 14
log = logging.getLogger("voronka.worker")


def work(stop: threading.Event, *, idle_seconds: float = 1.0) -> None:
    """Run jobs until `stop` is set. A failing database is waited for, never fatal."""
    free_own_dead()
    while not stop.is_set():
        try:
            start_due_lines(now=_now())
            did = run_one(now=_now())
        except Exception:
            log.exception("the worker could not reach its queue")
            did = False
        close_old_connections()
        if not did:
            stop.wait(idle_seconds)
    connection.close()


def drain(*, limit: int = 1000) -> int:
    """Run what is due until nothing is left; give how many jobs ran."""
    for n in range(limit):
        if not run_one(now=_now()):
            return n
    return limit


def run_one(*, now: datetime) -> bool:
    """Claim the most urgent job that is due and run it; False when there is none."""
    job = _claim(now)
    if job is None:
        return False
    if job.attempts > TRIES:
        _give_up(job, "its worker died each time", TRIES)
        return True
    try:
        with _lease_kept(job):
            import_string(job.task).func(**job.arguments)
    except Exception as error:
        log.exception("job %s (%s) failed", job.pk, job.task)
        _put_off(job, error)
    else:
        done = {"state": "done", "finished_at": _now(), "leased_until": None}
        Job.objects.filter(pk=job.pk, worker=job.worker).update(**done)
    return True


def start_due_lines(*, now: datetime) -> int:
    """Enqueue every line of the clock's table that is due; two workers never do it twice."""
    started = 0
    # A last run in the future: the machine's clock was ahead and has been set right.
    due = Q(next_at__lte=now) | Q(last_at__gt=now)
    for line in CronLine.objects.filter(due):
        following = now + timedelta(seconds=line.every_seconds)
        mine = CronLine.objects.filter(pk=line.pk, next_at=line.next_at)
        if mine.update(next_at=following, last_at=now):
            busy = Job.objects.filter(unique_key=line.task, state__in=("waiting", "running"))
            if not busy.exists():
                Job.objects.create(
                    task=line.task,
                    arguments={},
                    unique_key=line.task,
                    created_at=now,
                    run_at=now,
                    priority=-10,
                )
                started += 1
    return started


def set_lines(lines: dict[str, int], *, now: datetime) -> None:
    """Make the clock's table hold exactly these tasks, each every so many seconds."""
    CronLine.objects.exclude(task__in=lines).delete()
    for task, seconds in lines.items():
        line, made = CronLine.objects.get_or_create(
            task=task, defaults={"every_seconds": seconds, "next_at": now}
        )
        if not made and line.every_seconds != seconds:
            CronLine.objects.filter(pk=task).update(every_seconds=seconds, next_at=now)


def free_own_dead() -> int:
    """Give back the jobs whose worker on this machine is gone (kill -9, a power cut)."""
    freed = 0
    for job in Job.objects.filter(state="running", worker__startswith=f"{HOST}:"):
        if is_gone(job.worker):
            freed += Job.objects.filter(pk=job.pk, worker=job.worker).update(
                state="waiting", leased_until=None
            )
    return freed


def forget_old(*, now: datetime) -> int:
    """Delete jobs done more than two weeks ago; dead ones stay for a person to see."""
    old = Job.objects.filter(state="done", finished_at__lt=now - timedelta(days=KEEP_DAYS))
    return old.delete()[0]


def retry(job_id: int, *, now: datetime) -> bool:
    """Let a dead job run again."""
    dead = Job.objects.filter(pk=job_id, state="dead")
    return bool(dead.update(state="waiting", run_at=now, attempts=0, finished_at=None))


def _claim(now: datetime) -> Job | None:
    due = Q(state="waiting", run_at__lte=now) | Q(state="running", leased_until__lt=now)
    for job in Job.objects.filter(due).order_by("-priority", "run_at", "pk")[:5]:
        mine = Job.objects.filter(pk=job.pk, state=job.state, leased_until=job.leased_until)
        lease = {"state": "running", "leased_until": now + LEASE, "worker": me()}
        if mine.update(attempts=F("attempts") + 1, **lease):
            job.worker, job.attempts = me(), job.attempts + 1
            return job
    return None


def _put_off(job: Job, error: Exception) -> None:
    said = f"{type(error).__name__}: {error}"[:2000]
    if job.attempts >= TRIES:
        _give_up(job, said, job.attempts)
        return
    later = _now() + timedelta(seconds=PAUSES_SECONDS[job.attempts - 1])
    mine = Job.objects.filter(pk=job.pk, worker=job.worker)
    mine.update(state="waiting", run_at=later, leased_until=None, problem=said)


def _give_up(job: Job, said: str, attempts: int) -> None:
    dead = {"state": "dead", "finished_at": _now(), "leased_until": None}
    mine = Job.objects.filter(pk=job.pk, worker=job.worker)
    mine.update(problem=said, attempts=attempts, **dead)


@contextmanager
def _lease_kept(job: Job) -> Iterator[None]:
    """Renew the lease from a thread of its own while the job runs."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(LEASE.total_seconds() / 4):
            try:
                Job.objects.filter(pk=job.pk, worker=job.worker, state="running").update(
                    leased_until=_now() + LEASE
                )
            except Exception:
                log.warning("the lease of job %s was not renewed", job.pk)
        connection.close()

    keeper = threading.Thread(target=renew, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=5)


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
