"""Names of a file as rows of ours: people, sources, products, stages, reasons of refusal.

Who or what nobody knows is made (once, belonging to the load) or left out, and told.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from voronka.clients.custom_fields import fields_of
from voronka.clients.models import CustomField, Source
from voronka.deals.models import Funnel, Product, RefusalReason, Stage
from voronka.foundation.recent import changed
from voronka.foundation.text import fold
from voronka.importing.mapping import CREATE, Plan
from voronka.importing.report import Report
from voronka.people.models import Person

_ARROW = re.compile("→|->|>")
Maker = Callable[[str], int | None]


class Names:
    """One load's names. With `is_dry` nothing is made, and ids of the unknown are negative."""

    def __init__(
        self, plan: Plan, report: Report, *, batch_id: int, at: datetime, is_dry: bool
    ) -> None:
        self._plan, self._report = plan, report
        self._batch_id, self._at, self._is_dry = batch_id, at, is_dry
        self._known: dict[str, dict[str, int | None]] = {}
        self.teams: dict[int, int | None] = dict(Person.objects.values_list("pk", "team_id"))
        self._people = _people()
        self._funnel_id: int | None = None
        self._made: dict[str, Any] = {}

    def person(self, name: str) -> int | None:
        """Give the id of a person by name, "Фамилия И.", mail address or the plan's word."""
        name = self._settled("people", name.strip())
        wanted = self._plan.people.get(name, name).strip()
        if not wanted:
            return None
        if there := self._people.get(fold(wanted)):
            self._report.unknown("people", name, is_first=False, decision="create")
            return there
        if fold(wanted) in self._known.setdefault("people", {}):
            self._report.unknown("people", name, is_first=False, decision="create")
            return self._known["people"][fold(wanted)]
        made = self._make("people", name, self._new_person)
        self._known["people"][fold(wanted)] = made
        return made

    def source(self, name: str) -> int | None:
        """Give the id of a source by name; a new one is simply made."""
        return self._find("sources", name[:120], Source, self._new_source)

    def product(self, name: str) -> int | None:
        """Give the id of a product by name."""
        return self._find("products", name[:200], Product, self._new_product)

    def funnel(self, name: str) -> int:
        """Give the funnel of that name, or the plan's, or the first one; made when missing."""
        wanted = name or self._plan.funnel
        rows = Funnel.objects.filter(is_active=True).order_by("place", "pk")
        there = rows.filter(name=wanted).first() if wanted else rows.first()
        if there:
            return there.pk
        wanted = wanted or "Продажи"
        if wanted not in self._made:
            made = self._make("funnels", wanted, self._new_funnel) or -1
            self._made[wanted] = made
        found: int = self._made[wanted]
        return found

    def stage(self, funnel_id: int, name: str) -> tuple[int, str]:
        """Give a stage of the funnel by name; "" is the first one. Unknown ones are made."""
        stages = self._made.get(f"stages:{funnel_id}")
        if stages is None:
            rows = Stage.objects.filter(funnel_id=funnel_id, retired_at=None).order_by("place")
            stages = {fold(n): (pk, n) for pk, n in rows.values_list("pk", "name")}
            self._made[f"stages:{funnel_id}"] = stages
        if not name and stages:
            first: tuple[int, str] = next(iter(stages.values()))
            return first
        name = self._settled("stages", name.strip()[:120]) or "Новая"
        there = stages.get(fold(name))
        if there:
            self._report.unknown("stages", name, is_first=False, decision="create")
            found: tuple[int, str] = there
            return found
        place = len(stages) + 1
        pk = self._make(
            "stages", name, lambda n: self._new_stage(funnel_id, n, place), force=True
        )
        stages[fold(name)] = (pk or 0, name)
        return pk or 0, name

    def reason(self, text: str) -> RefusalReason:
        """Give a reason of refusal: «Группа → Причина», or the reason's own name."""
        key = f"reason:{fold(text)}"
        if key not in self._made:
            group, *rest = _ARROW.split(text, maxsplit=1)
            name = rest[0] if rest else ""
            rows = RefusalReason.objects.select_related("group").filter(group__isnull=False)
            rows = rows.filter(retired_at=None)
            names = {fold(row.name): row for row in rows.order_by("-pk")}
            there = names.get(fold(name or group))
            self._made[key] = there or self._new_reason(text, group, name)
            if there is None:
                return self._made[key]  # type: ignore[no-any-return]
        self._report.unknown("reasons", text, is_first=False, decision="create")
        found: RefusalReason = self._made[key]
        return found

    def custom_key(self, scope: str, name: str) -> str:
        """Give under which key cards of the scope hold a field; the field is made if new."""
        known = self._made.setdefault(f"fields:{scope}", None)
        if known is None:
            known = {field.name: field for field in fields_of(scope)}
            self._made[f"fields:{scope}"] = known
        if name not in known:
            self._make("fields", name, lambda n: self._new_field(scope, n, known))
            known.setdefault(name, CustomField(pk=-1 - len(known), name=name))
        field: CustomField = known[name]
        return field.key

    def _settled(self, what: str, name: str) -> str:
        """Give the name of ours that the plan puts in the place of a name; "" leaves it out."""
        choice = self._plan.names.get(what, {}).get(name, CREATE)
        if choice == CREATE or not name:
            return name
        self._report.unknown(what, name, is_first=True, decision="map" if choice else "leave")
        return choice

    def _find(self, what: str, name: str, table: Any, make: Maker) -> int | None:
        name = self._settled(what, name.strip())
        if not name:
            return None
        known = self._known.get(what)
        if known is None:
            known = {fold(n): pk for pk, n in table.objects.values_list("pk", "name")}
            self._known[what] = known
        if fold(name) not in known:
            known[fold(name)] = self._make(what, name, make)
        else:
            self._report.unknown(what, name, is_first=False, decision="create")
        return known[fold(name)]

    def _make(self, what: str, name: str, make: Maker, *, force: bool = False) -> int | None:
        force = force or self._plan.names.get(what, {}).get(name) == CREATE
        decision = "create" if force or self._plan.unknown == "create" else "leave"
        self._report.unknown(what, name, is_first=True, decision=decision)
        if decision == "leave":
            return None
        if self._is_dry:
            return -1 - sum(len(names) for names in self._known.values()) - len(self._made)
        changed()
        return make(name)

    def _new_person(self, name: str) -> int:
        key = Person.objects.count() + 1
        person = Person(
            email=f"import-{self._batch_id}-{key}@import.invalid",
            name=name[:120],
            external_name=name[:200],
            batch_id=self._batch_id,
        )
        person.set_unusable_password()
        person.save()
        self.teams[person.pk] = None
        return person.pk

    def _new_source(self, name: str) -> int:
        return Source.objects.create(name=name, batch_id=self._batch_id).pk

    def _new_product(self, name: str) -> int:
        return Product.objects.create(name=name, batch_id=self._batch_id).pk

    def _new_funnel(self, name: str) -> int:
        return Funnel.objects.create(name=name[:120], place=99, batch_id=self._batch_id).pk

    def _new_stage(self, funnel_id: int, name: str, place: int) -> int:
        made = Stage.objects.create(
            funnel_id=funnel_id, name=name, place=place, batch_id=self._batch_id
        )
        return made.pk

    def _new_reason(self, text: str, group: str, name: str) -> RefusalReason:
        self._report.unknown("reasons", text, is_first=True, decision="create")
        group, name = (
            (group.strip(), name.strip()) if name.strip() else ("Из файла", group.strip())
        )
        if self._is_dry:
            return RefusalReason(name=name[:120], group=RefusalReason(name=group[:120]))
        batch = {"batch_id": self._batch_id}
        changed()
        parent, _ = RefusalReason.objects.get_or_create(
            name=group[:120], group=None, defaults=batch
        )
        is_other = fold(name) in ("другое", "прочее", "other", "иное")
        made, _ = RefusalReason.objects.get_or_create(
            name=name[:120], group=parent, defaults=batch | {"is_other": is_other}
        )
        return made

    def _new_field(self, scope: str, name: str, known: dict[str, CustomField]) -> int:
        place = CustomField.objects.filter(scope=scope).count()
        made = CustomField.objects.create(
            scope=scope, name=name[:120], place=place, batch_id=self._batch_id
        )
        known[name] = made
        return made.pk


def _people() -> dict[str, int | None]:
    """People by full name, short name, mail and the name that a file gave them.

    A short name that two people share is nobody's.
    """
    found: dict[str, int | None] = {}
    short: dict[str, int | None] = {}
    columns = ("pk", "name", "email", "external_name")
    for pk, name, mail, external in Person.objects.order_by("-is_active", "pk").values_list(
        *columns
    ):
        for key in filter(None, (fold(name), fold(mail), fold(external))):
            found.setdefault(key, pk)
        words = fold(name).split()
        if len(words) == 2:
            one, two = words
            for key in (f"{two} {one}", f"{two} {one[0]}", f"{one} {two[0]}", two):
                short[key] = None if key in short and short[key] != pk else pk
    return {key: pk for key, pk in short.items() if pk} | found
