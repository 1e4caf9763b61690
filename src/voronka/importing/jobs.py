"""Loads in the background: tried and written by the worker, whatever happens to the page."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.foundation.errors import RefusalError
from voronka.importing.loads import try_load, write_load
from voronka.importing.models import Load
from voronka.importing.running import Progress


@task(priority=10)
def try_in_background(load_id: int) -> None:
    """Run a load dry. A file that cannot be read ends the load, with the reason kept."""
    load = Load.objects.get(pk=load_id)
    if load.state != "checking":
        return
    try:
        try_load(load, at=_now(), progress=_note(load_id))
    except RefusalError as error:
        _fail(load_id, error, "mapped")


@task(priority=10)
def write_in_background(load_id: int) -> None:
    """Write a load, or go on with one that was cut off."""
    load = Load.objects.get(pk=load_id)
    if load.state != "running":
        return
    try:
        write_load(load, at=_now(), progress=_note(load_id))
    except RefusalError as error:
        _fail(load_id, error, "failed")


def _note(load_id: int) -> Progress:
    def note(done: int, whole: int) -> None:
        Load.objects.filter(pk=load_id).update(rows_done=done, rows_total=whole)

    return note


def _fail(load_id: int, error: RefusalError, state: str) -> None:
    problem = {
        "code": error.code,
        **{name: str(value) for name, value in error.details.items()},
    }
    Load.objects.filter(pk=load_id).update(state=state, problem=problem)


def _now() -> datetime:
    return datetime.now(UTC)
