"""Which columns hold what of a client, and how texts are blanked or masked in them.

Every text column of every table stands in one of the three lists; a test compares them with
the tables.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from voronka.agenda.models import BulkEdit, Step
from voronka.calls.models import Call, CallBack, CallNote, CallOutcome
from voronka.clients.models import Client, Merge
from voronka.control.models import Slip
from voronka.deals.models import Deal, DealLine, SavedView
from voronka.foundation.models import Job
from voronka.importing.models import Load
from voronka.inquiries.models import Consent, Inquiry, Reply
from voronka.journal.models import Batch
from voronka.letters.models import Letter

Rule = Callable[[str], str]
Columns = tuple[str, ...]
# Emptied in the client's own rows.
EMPTIED: dict[type[Model], Columns] = {
    Client: (
        "legal_name", "inn", "kpp", "ogrn", "city", "address", "website", "note", "external_id",
    ),
    Deal: ("note", "external_id"),
    Step: ("title",),
    Inquiry: ("name", "phone", "mail", "text", "raw", "external_id"),
    Call: ("phone",),
    CallBack: ("phone",),
    CallOutcome: ("draft",),
    Consent: ("number", "evidence"),
    Letter: ("to", "subject", "text"),
}  # fmt: skip
# There a sign stands for what was: that something was said is read from it.
COVERED: dict[type[Model], Columns] = {
    Deal: ("title", "refusal_detail"),
    Step: ("outcome",),
    Inquiry: ("state_reason",),
    CallOutcome: ("summary",),
}
# Looked through everywhere, other clients' rows too: traces in them are covered.
SPOKEN: dict[type[Model], Columns] = {
    Client: ("note", "custom"),
    Deal: ("title", "note", "refusal_detail", "custom"),
    DealLine: ("name",),
    Step: ("title", "outcome"),
    Slip: ("evidence", "closing"),
    Inquiry: ("state_reason",),
    CallOutcome: ("summary", "draft"),
    Consent: ("number", "evidence"),
    Reply: ("text",),
    CallNote: ("text",),
    Letter: ("subject", "text"),
    Merge: ("before", "after"),
    SavedView: ("name", "conditions"),
    BulkEdit: ("done",),
    Batch: ("title",),
    Load: ("file_name", "report", "dry_report", "problem"),
    Job: ("arguments", "problem"),
}
# Of inquiries: there only numbers and addresses are covered.
WRITTEN_BY_THEM = ("phone", "mail", "text", "raw", "marks")


def rewrite(rows: "QuerySet[Any]", columns: Sequence[str], rule: Rule) -> int:
    """Pass the texts of these columns, inside JSON too, through `rule`; give how many rows
    changed.
    """
    changed = 0
    table = rows.model._default_manager
    for pk, *values in list(rows.values_list("pk", *columns)):
        made = [walked(value, rule) for value in values]
        if made != values:
            table.filter(pk=pk).update(**dict(zip(columns, made, strict=True)))
            changed += 1
    return changed


def walked(value: Any, rule: Rule) -> Any:
    """Pass every text in a value through `rule`: of an object its values and its names."""
    if isinstance(value, str):
        return rule(value) if value else value
    if isinstance(value, list):
        return [walked(one, rule) for one in value]
    if isinstance(value, dict):
        return {rule(str(name)): walked(one, rule) for name, one in value.items()}
    return value
