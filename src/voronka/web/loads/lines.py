"""Lines of a load's report in words: for the page and for the command line."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from voronka.foundation.errors import RefusalError
from voronka.web import formats
from voronka.web.loads.words import DECISIONS, FIELDS, MADE, UNKNOWN
from voronka.web.refusals import sentence


class _Told(RefusalError):
    """A problem out of a report, told by the sentences of refusals."""

    code: ClassVar[str] = ""

    def __init__(self, line: Mapping[str, Any]) -> None:
        super().__init__(**dict(line))
        self.code = str(line["code"])  # type: ignore[misc]


def said(line: Mapping[str, Any]) -> str:
    """Give what is wrong, in words, without the place."""
    return sentence(_Told({k: v for k, v in line.items() if k not in ("row", "column")} | {
        "code": line["code"]
    }))  # fmt: skip


def problem_line(line: Mapping[str, Any], name: str) -> str:
    """Give a problem with file, row and column."""
    column = FIELDS.get(line["column"], line["column"])
    return _("%(file)s, строка %(row)s, столбец «%(column)s»: %(said)s") % {
        "file": name, "row": formats.number(line["row"]), "column": column, "said": said(line),
    }  # fmt: skip


def counts_line(counts: Mapping[str, Any]) -> str:
    """Give what came of a file in one line."""
    parts = [
        _("строк %(n)s") % {"n": formats.number(counts["rows"])},
        _("создано %(n)s") % {"n": formats.number(counts["created"])},
        _("обновлено %(n)s") % {"n": formats.number(counts["updated"])},
        _("без изменений %(n)s") % {"n": formats.number(counts["unchanged"])},
        _("дублей в файле %(n)s") % {"n": formats.number(counts["duplicates"])},
        _("с ошибкой %(n)s") % {"n": formats.number(counts["skipped"])},
    ]
    made = [f"{MADE[what]} {formats.number(n)}" for what, n in counts["made"].items() if n]
    return ", ".join(parts) + (f" ({', '.join(made)})" if made else "")


def unknown_lines(counts: Mapping[str, Any]) -> list[str]:
    """Give the names that nobody knew, by kind, with what is done about them."""
    lines = []
    for what, names in counts["unknown"].items():
        shown = ", ".join(list(names)[:8]) + (" …" if len(names) > 8 else "")
        decisions = {line["decision"] for line in names.values()}
        decided = ", ".join(str(DECISIONS[one]) for one in sorted(decisions))
        n = formats.number(len(names))
        lines.append(f"{UNKNOWN.get(what, what)}, {n} ({decided}): {shown}")
    return lines
