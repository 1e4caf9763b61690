"""What a file may hold at most. Read as `limits.NAME` at the moment of use."""

MIB = 1024 * 1024

FILE_BYTES = 2 * 1024 * MIB
"""A file as it lies on the disk."""

UNPACKED_BYTES = 4 * 1024 * MIB
"""All that an archive (.gz, .xlsx) may unpack to."""

UNPACKED_RATIO = 200
"""Unpacked to packed; real tables stay under 40."""

RATIO_FREE_BYTES = 16 * MIB
"""Below this an archive may be as dense as it likes: it does no harm."""

FIELD_SIGNS = MIB
"""Signs in one cell; a longer one is an error of that cell."""

FIELD_CEILING = 32 * MIB
"""Signs in one cell, bytes in one line: beyond it the file is refused, memory stays flat."""

COLUMNS = 2_000

SHEET_CELLS = 25_000_000
"""Rows x columns of a sheet: the reader keeps the whole rectangle, 24 bytes a cell."""

PROBE_BYTES = 2 * 1024 * MIB
"""Memory of the process that first tries a .xls, .xlsb or .ods file."""

PROBE_SECONDS = 300
"""How long that process may take."""
