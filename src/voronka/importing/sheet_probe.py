"""Run as a program: opens a workbook with little memory, so that only this process dies.

Arguments: path, sheet name ("" for all), bytes of memory. Ends with 0 when the file opens,
with 3 when it asks for a password.
"""

import sys
from contextlib import suppress

from python_calamine import PasswordError, load_workbook

WANTS_PASSWORD = 3


def _limit_memory(count: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  (there is none on Windows)

        resource.setrlimit(resource.RLIMIT_AS, (count, count))


def _open(path: str, sheet: str) -> int:
    try:
        with load_workbook(path) as book:
            for name in book.sheet_names:
                if sheet in ("", name):
                    book.get_sheet_by_name(name)
    except PasswordError:
        return WANTS_PASSWORD
    return 0


if __name__ == "__main__":
    _limit_memory(int(sys.argv[3]))
    sys.exit(_open(sys.argv[1], sys.argv[2]))
