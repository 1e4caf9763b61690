"""When bursts began, kept in a file while cases are counted, then laid out trace by trace."""

from array import array
from collections.abc import Sequence
from tempfile import SpooledTemporaryFile

import numpy as np

from voronka.discovery.gathering import SPOOL_BYTES
from voronka.discovery.log import Trace
from voronka.discovery.texts import Ints


class Starts:
    """Gathers the beginnings of bursts, case after case.

    In columns that grow beside each other a third of the memory would be holes.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115
        self._traces: list[Trace] = []
        self._parts: list[int] = []

    def put(self, traces: Sequence[Trace], starts: bytes) -> None:
        """Take the beginnings of some cases' bursts, eight bytes each."""
        self._traces += traces
        self._parts.append(len(traces))
        self._file.write(starts)

    def lay(self, traces: Sequence[Trace]) -> None:
        """Give all traces of a log, by their places, what is theirs of one column."""
        places = np.array([trace.place for trace in self._traces], np.int64)
        self._traces = []
        sizes = np.array([len(trace.bursts) for trace in traces], np.int64)[places]
        order = np.argsort(places, kind="stable")
        ends = np.cumsum(sizes[order])
        begins = np.empty_like(sizes)
        begins[order] = ends - sizes[order]
        column = array("q", [0]) * int(sizes.sum())
        self._scatter(np.frombuffer(column, np.int64), begins, sizes)
        begin = 0
        for trace in traces:
            trace.column, trace.begin = column, begin
            begin += trace.n * len(trace.bursts)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _scatter(self, column: Ints, begins: Ints, sizes: Ints) -> None:
        self._file.seek(0)
        done = 0
        for n in self._parts:
            size, begin = sizes[done : done + n], begins[done : done + n]
            ends = np.cumsum(size)
            whole = int(ends[-1])
            places = np.repeat(begin - ends + size, size) + np.arange(whole)
            column[places] = np.frombuffer(self._file.read(8 * whole), np.int64)
            done += n
