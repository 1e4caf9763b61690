"""Blanking what facts say of a client; when, who, which case and how much stay (decision 0007).

The only place that changes facts.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from voronka.journal.kinds import FactBody
from voronka.journal.models import ErasurePermit, FactQuerySet

Rule = Callable[[str], str]
PERSONAL = {kind.kind: kind.personal for kind in FactBody.__subclasses__() if kind.personal}
# Of the changed fields these say nothing of a person, and figures read them.
PLAIN_CHANGES = frozenset({"amount_kopecks", "source", "expected_close_on", "kind", "lines"})


@transaction.atomic
def rewrite(facts: FactQuerySet, rule: Rule) -> int:
    """Pass each personal text of these facts through `rule`; give how many facts changed.

    A number or a date among changed fields goes through it as text. Nothing else of a fact
    can change: the database refuses.
    """
    changed = list(_changed(facts, rule))
    if not changed:
        return 0
    permit = ErasurePermit.objects.create(reason="erasure")
    with connection.cursor() as cursor:
        for n in range(0, len(changed), 1000):
            cursor.executemany(
                "UPDATE journal_fact SET body = %s WHERE id = %s", changed[n : n + 1000]
            )
    permit.delete()
    return len(changed)


def _changed(facts: FactQuerySet, rule: Rule) -> Iterator[tuple[str, int]]:
    rows = facts.filter(kind__in=PERSONAL).values_list("pk", "kind", "body")
    for pk, kind, body in rows.iterator(chunk_size=5000):
        made = blanked(kind, body, rule)
        if made != body:
            yield json.dumps(made), pk


def blanked(kind: str, body: dict[str, Any], rule: Rule) -> dict[str, Any]:
    """Give a fact's body with its personal texts passed through `rule`."""
    made = dict(body)
    for name in PERSONAL.get(kind, ()):
        if name == "changes":
            made[name] = {
                field: pair if field in PLAIN_CHANGES else [_text(one, rule) for one in pair]
                for field, pair in body.get(name, {}).items()
            }
        elif isinstance(body.get(name), str):
            made[name] = rule(body[name])
    return made


def _text(value: Any, rule: Rule) -> Any:
    """An empty value stays what it was: whether a field was filled is read from here."""
    if value in ("", None, False, True):
        return value
    said = rule(str(value))
    return value if said == str(value) else said
