"""Why a cell is refused. details: text (its beginning), and what else the code needs."""

from voronka.foundation.errors import RefusalError


class BadValueError(RefusalError):
    """The text is no value of its column's kind."""

    code = "bad_value"


class BadDateError(BadValueError):
    """No date. details: text, reason (shape, calendar, ambiguous)."""

    code = "bad_date"


class BadDateRangeError(BadValueError):
    """A date before 1970 or after 2100."""

    code = "bad_date_range"


class BadNumberError(BadValueError):
    """No number, or one beyond 10**15."""

    code = "bad_number"


class BadFlagError(BadValueError):
    """Neither yes nor no."""

    code = "bad_flag"


class BadDurationError(BadValueError):
    """No duration, or one longer than a year."""

    code = "bad_duration"


class BadMailError(BadValueError):
    """No mail address."""

    code = "bad_mail"


class BadChoiceError(BadValueError):
    """None of the words that the column may hold. details: text, choices."""

    code = "bad_choice"
