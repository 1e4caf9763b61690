"""Cases let go of through a file, so that what grows out of them finds free memory."""

import marshal
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

from voronka.discovery.cases import Cases

PACK, SPOOL_BYTES = 4096, 1 << 24


class Spool:
    """Takes all `cases` out of a dictionary and gives them, some thousand at a time, as often
    as wanted. `n`: how many there are.

    They lie in a file (of a small log: in memory). Otherwise traces that grow among strings
    that go keep those pages: 60 MB of ten million events.
    """

    def __init__(self, cases: dict[str, bytes]) -> None:
        self._file = SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115
        self._sizes: list[int] = []
        self.n = len(cases)
        names = list(cases)
        names.reverse()
        while names:
            some = names[: -PACK - 1 : -1]
            del names[-PACK:]
            part = Cases.of(some, [cases.pop(name) for name in some])
            told = marshal.dumps((some, list(part.ends), part.packed))
            self._sizes.append(self._file.write(told))

    def __iter__(self) -> Iterator[Cases]:
        """Read them in the order of the dictionary."""
        self._file.seek(0)
        for size in self._sizes:
            yield Cases(*marshal.loads(self._file.read(size)))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
