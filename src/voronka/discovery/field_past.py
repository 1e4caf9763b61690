"""What a field of a deal or of its client held at a moment, read back from its changes."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from voronka.clients.custom_fields import fields_of
from voronka.clients.models import Client, Contact, Mail, Phone
from voronka.deals.demands import CLIENT_FIELDS, DEAL_FIELDS
from voronka.deals.models import Deal, DealLine
from voronka.foundation.text import is_junk
from voronka.journal.models import Batch, Fact
from voronka.journal.viewer import Viewer

# The journal says the source by its name, and all rows of a contact in one.
SAID_AS = {"source_id": "source"} | dict.fromkeys(
    ("phone", "mail", "contact", "decides"), "contacts"
)
LIVED = ("demo", "bench")
CONSTANT, FEW = 0.8, 10
SET, EMPTY, UNKNOWN = "set", "empty", "unknown"
Changes = list[tuple[datetime, dict[str, list[Any]]]]


class FieldPast:
    """The fields of the deals given and of their clients, as they were.

    A value that most hold alike (four of five, of ten and more) says nothing: it counts as
    empty. A value that came with a file is known, but not since when. Nine queries.
    """

    def __init__(self, *, viewer: Viewer, funnel_id: int | None) -> None:
        rows = Deal.objects.visible_to(viewer)
        if funnel_id is not None:
            rows = rows.filter(funnel_id=funnel_id)
        self._deals: dict[int, dict[str, Any]] = {}
        self._client_of: dict[int, int] = {}
        self._loaded: dict[tuple[str, int], datetime] = {}
        self._batches = dict(Batch.objects.exclude(kind__in=LIVED).values_list("pk", "at"))
        self._read_deals(rows)
        self._clients = self._read_clients(set(self._client_of.values()))
        self._changes: dict[tuple[str, int], Changes] = {}
        self._read_changes()
        custom = [field.key for field in fields_of("deal")]
        self.names = [*DEAL_FIELDS, *custom, *CLIENT_FIELDS]
        self._constants = {name: self._constant(name) for name in self.names}

    def at(self, deal_id: int, name: str, moment: datetime) -> str:
        """Say whether a field was set at a moment: SET, EMPTY, or UNKNOWN."""
        is_client = name in CLIENT_FIELDS
        pk = self._client_of.get(deal_id, 0) if is_client else deal_id
        case = ("client" if is_client else "deal", pk)
        said = SAID_AS.get(name, name)
        value = (self._clients if is_client else self._deals).get(pk, {}).get(name)
        for changed_at, changes in self._changes.get(case, ()):
            if changed_at > moment and said in changes:
                if said != "contacts":
                    value = changes[said][0]
                    break
                if _came(name, str(value or ""), *changes[said]):
                    value = None
        if self._is_empty(name, value):
            return EMPTY
        loaded = self._loaded.get(case)
        return UNKNOWN if loaded is not None and loaded > moment else SET

    def _is_empty(self, name: str, value: Any) -> bool:
        if value is None or (isinstance(value, str) and is_junk(value)):
            return True
        return bool(value == self._constants.get(name))

    def _constant(self, name: str) -> Any:
        if SAID_AS.get(name) == "contacts" or name == "lines":
            return None
        table = self._clients if name in CLIENT_FIELDS else self._deals
        values = Counter(value[name] for value in table.values() if value.get(name))
        if zeros := sum(value.get(name) == 0 for value in table.values()):
            values[0] = zeros
        top = values.most_common(1)
        n = values.total()
        return top[0][0] if n >= FEW and top[0][1] >= CONSTANT * n else None

    def _read_deals(self, rows: Any) -> None:
        columns = (
            "pk", "client_id", "batch_id", "amount_kopecks", "expected_close_on", "note",
            "source__name", "custom",
        )  # fmt: skip
        for pk, client_id, batch, amount, closing, note, source, custom in rows.values_list(
            *columns
        ):
            self._client_of[pk] = client_id
            self._load("deal", pk, batch)
            self._deals[pk] = {
                **custom, "amount_kopecks": amount, "expected_close_on": str(closing or ""),
                "note": note, "source_id": source, "lines": None,
            }  # fmt: skip
        for pk in DealLine.objects.values_list("deal_id", flat=True).distinct():
            if pk in self._deals:
                self._deals[pk]["lines"] = True

    def _read_clients(self, ids: set[int]) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        columns = ("pk", "batch_id", "inn", "city", "address", "industry")
        for pk, batch, *values in Client.objects.values_list(*columns):
            if pk in ids:
                self._load("client", pk, batch)
                found[pk] = dict(zip(columns[2:], values, strict=True))
        deciding = Contact.objects.exclude(decides="").order_by("pk")
        for name, rows in (
            ("phone", Phone.objects.order_by("pk").values_list("client_id", "e164")),
            ("mail", Mail.objects.order_by("pk").values_list("client_id", "address")),
            ("contact", Contact.objects.order_by("pk").values_list("client_id", "name")),
            (
                "decides",
                deciding.values_list("client_id", "decides"),
            ),
        ):
            for pk, value in rows:
                if pk in found:
                    found[pk].setdefault(name, value)
        return found

    def _load(self, table: str, pk: int, batch: int | None) -> None:
        if batch in self._batches:
            self._loaded[table, pk] = self._batches[batch]

    def _read_changes(self) -> None:
        facts = Fact.objects.counted().filter(kind__in=("deal.changed", "client.changed"))
        rows: Iterable[Any] = facts.order_by("at", "pk").values_list("case", "at", "body")
        for case, at, body in rows:
            table, _sep, pk = case.partition(":")
            self._changes.setdefault((table, int(pk)), []).append((at, body["changes"]))


def _came(name: str, value: str, gone: str, come: str) -> bool:
    """Say whether a change of contacts brought this value: its rows are told as text."""
    mark = f", {value}" if name == "decides" else value
    return bool(value) and mark in come and mark not in gone
