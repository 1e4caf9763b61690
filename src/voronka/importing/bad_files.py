"""Why a whole file is refused. Nothing was read into the base when one of these is raised."""

from voronka.foundation.errors import RefusalError


class BadFileError(RefusalError):
    """The file cannot be read as a table."""

    code = "bad_file"


class FileErasedError(BadFileError):
    """The kept copy was deleted: it held a client whose data was erased."""

    code = "file_erased"


class FileEmptyError(BadFileError):
    """No bytes, or nothing but blank lines."""

    code = "file_empty"


class FileNotTextError(BadFileError):
    """A picture, a program, a web page ... under a table's name. details: kind."""

    code = "file_not_text"


class FileEncodingMixedError(BadFileError):
    """Parts are written in different encodings. details: line (first that differs)."""

    code = "file_encoding_mixed"


class ArchiveBombError(BadFileError):
    """The archive unpacks to far more than a table would. details: limit_bytes, ratio."""

    code = "archive_bomb"


class FileTooLargeError(BadFileError):
    """More than this installation takes. details: what (bytes, cells), size, limit."""

    code = "file_too_large"


class HeaderMissingError(BadFileError):
    """The first filled row is data, not names of columns. details: row."""

    code = "header_missing"


class HeaderDuplicateError(BadFileError):
    """Columns share a name. details: columns = [{name, positions from 1}]."""

    code = "header_duplicate"


class TooManyColumnsError(BadFileError):
    """The header is too wide. details: columns, limit."""

    code = "too_many_columns"


class XlsxBrokenError(BadFileError):
    """The workbook does not open. details: problem (broken, password, no_sheet)."""

    code = "xlsx_broken"


class SheetMissingError(BadFileError):
    """The workbook has no sheet of that name. details: sheet, sheets."""

    code = "sheet_missing"


class FileTruncatedError(BadFileError):
    """The file ends in the middle. details: row (where the open quote began, or the last)."""

    code = "file_truncated"


class FieldTooLargeError(BadFileError):
    """One cell is so large that the file is surely damaged. details: row, column from 1."""

    code = "field_too_large"
