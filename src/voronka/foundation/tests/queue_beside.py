"""What the processes of `test_worker` do with a queue of their own."""

import os
from pathlib import Path

from django.core.management import call_command
from django_tasks import task

from voronka.foundation import worker

JOBS = 60


@task()
def add_line(number: int) -> None:
    """Append a number to the file of what ran."""
    with Path(os.environ["VORONKA_HOME"], "ran").open("a") as file:
        file.write(f"{number}\n")


def write() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    for number in range(JOBS):
        add_line.enqueue(number=number)


def work() -> None:
    worker.drain()
