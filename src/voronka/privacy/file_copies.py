"""Copies of loaded files that hold an erased client: found and deleted."""

from pathlib import Path

from voronka.foundation.errors import RefusalError
from voronka.foundation.traces import Traces
from voronka.importing.files import open_table
from voronka.importing.models import Load, Trace
from voronka.privacy.subject import Subject

BUSY = ("checking", "running")
GONE = {"code": "file_erased"}


class LoadIsRunningError(RefusalError):
    """A file is being loaded just now: what it brings could not be erased."""

    code = "erase_while_loading"


def demand_no_running_load() -> None:
    """Raise LoadIsRunningError while a file is tried or written."""
    if Load.objects.filter(state__in=BUSY).exists():
        raise LoadIsRunningError


def delete_copies(one: Subject) -> int:
    """Delete kept copies that made these rows or name the client; give how many.

    Files outside the installation's folder (the command line's) are not ours to delete.
    """
    batches = set(_batches(one))
    deleted = 0
    for load in Load.objects.exclude(path=""):
        path = Path(load.path)
        is_ours = path.name.startswith(f"{load.pk}.") and path.exists()
        if is_ours and (load.batch_id in batches or _names(path, one.traces)):
            path.unlink()
            deleted += 1
            state = "failed" if load.state in ("mapped", "checked") else load.state
            Load.objects.filter(pk=load.pk).update(path="", state=state, problem=GONE)
    return deleted


def _batches(one: Subject) -> list[int]:
    found: list[int] = []
    for table, ids in (
        ("clients.client", one.client_ids if one.is_whole else ()),
        ("deals.deal", one.deal_ids if one.is_whole else ()),
        ("inquiries.inquiry", one.inquiry_ids),
        ("calls.call", one.call_ids),
    ):
        traces = Trace.objects.filter(table=table, row_id__in=ids)
        found += traces.values_list("batch_id", flat=True).distinct()
    return found


def _names(path: Path, traces: Traces) -> bool:
    """Read a file row by row; what no table can be read from is looked through as text."""
    try:
        with open_table(path) as table:
            return any(_is_met(" ; ".join(row.cells), traces) for row in table.rows())
    except RefusalError:
        text = path.read_bytes().decode("utf-8", "replace")
        return _is_met(text, traces)


def _is_met(text: str, traces: Traces) -> bool:
    return traces.masked(text) != text
