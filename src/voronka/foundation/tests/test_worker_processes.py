"""Workers as processes: several beside each other, and one that was killed."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from voronka.foundation import processes, worker
from voronka.foundation.models import Job
from voronka.foundation.tests import queue_beside
from voronka.foundation.tests.test_worker import NOW, OTHER, ran, turn, written

pytestmark = pytest.mark.django_db


def test_processes_beside_each_other_run_each_job_once(tmp_path: Path) -> None:
    beside(tmp_path, "write").wait(timeout=120)
    workers = [beside(tmp_path, "work") for _ in range(3)]
    assert [one.wait(timeout=120) for one in workers] == [0, 0, 0]
    lines = (tmp_path / "ran").read_text().split()
    assert sorted(map(int, lines)) == list(range(queue_beside.JOBS))


def beside(home: Path, act: str) -> subprocess.Popen[bytes]:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("VORONKA", "DJANGO"))}
    own |= {"VORONKA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "voronka.config.settings"}
    own |= {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    room = "voronka.foundation.tests"
    code = f"import django; django.setup(); from {room} import queue_beside as q; q.{act}()"
    return subprocess.Popen([sys.executable, "-c", code], env=own)


def test_a_restarted_worker_frees_what_a_killed_one_held() -> None:
    ran.clear()
    gone, alive, elsewhere = written("gone"), written("alive"), written("elsewhere")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(timeout=60)
    for job, holder in (
        (gone, f"{processes.HOST}:{ended.pid}:1"),
        (alive, f"{processes.HOST}:{os.getppid()}:1"),
        (elsewhere, OTHER),
    ):
        held = {"state": "running", "worker": holder, "leased_until": NOW + timedelta(hours=1)}
        Job.objects.filter(pk=job.pk).update(**held)
    assert worker.free_own_dead() == 1
    assert (turn(NOW), ran) == (True, ["gone"])
