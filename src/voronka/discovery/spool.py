"""Cases let go of through a file, so that what grows out of them finds free memory."""

import marshal
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

PACK, SPOOL_BYTES = 4096, 1 << 24


def let_go(
    cases: dict[str, bytes | bytearray],
) -> Iterator[Iterable[tuple[str, bytes]]]:
    """Empty `cases`, giving some thousand at a time.

    All go through a file first (a small log: through memory). Otherwise traces that grow
    among strings that go keep those pages: 60 MB of ten million events.
    """
    names, events = list(cases), list(cases.values())
    cases.clear()
    with SpooledTemporaryFile(SPOOL_BYTES) as file:
        sizes = []
        while names:
            part = marshal.dumps((names[-PACK:], [bytes(one) for one in events[-PACK:]]))
            del names[-PACK:], events[-PACK:]
            sizes.append(file.write(part))
        file.seek(0)
        for size in sizes:
            yield zip(*marshal.loads(file.read(size)), strict=True)
