"""Memory that was let go of, and the system."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Let the system have what the C library keeps for later; where it cannot, nothing is done.

    Between what stays after much has come and gone there are holes as large as a third of all.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
