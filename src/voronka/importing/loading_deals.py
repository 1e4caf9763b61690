"""Rows of a file as deals, with the client's card made where nobody knows it."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from voronka.clients.loading import CardRow, put_cards
from voronka.deals.demands import unmet
from voronka.deals.loading import DealChange, DealRow, Visit, change_deals, put_deals
from voronka.deals.models import Deal, Stage
from voronka.deals.move_rules import MoveForbiddenError, demand_move, move_kind
from voronka.importing.client_index import ClientIndex, Entity, Keys
from voronka.importing.inquiry_links import InquiryLinks
from voronka.importing.loading import Task
from voronka.importing.models import Trace
from voronka.importing.row_values import Values
from voronka.people.models import Person
from voronka.people.settings import all_settings
from voronka.people.viewers import SYSTEM, viewer_of

TABLE = "deals.deal"


class DealLoader:
    """Loads deals."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._index = ClientIndex(task.batch_id, task.plan.keys)
        self._seen: dict[str, tuple[int, int]] = {}
        self._links = InquiryLinks(task)
        person = Person.objects.filter(pk=task.by_id or 0).first()
        self._by = viewer_of(person) if person else SYSTEM

    def resume(self) -> None:
        """Recall the deals and cards of the rows that were written."""
        self._index.remember_written()
        rows = Trace.objects.filter(batch_id=self._task.batch_id, table=TABLE)
        numbers = dict(rows.order_by("-pk").values_list("row_id", "row"))
        for pk, external in Deal.objects.filter(pk__in=numbers).values_list(
            "pk", "external_id"
        ):
            if external:
                self._seen[external] = (numbers[pk], pk)

    def load(self, chunk: Sequence[Values]) -> None:
        """Decide and write a chunk of rows."""
        self._index.look_up(_client_keys(row) for row in chunk)
        ids = {row.text("external_id") for row in chunk} - {""}
        self._links.look_up(ids)
        there = self._standing(ids)
        cards: list[tuple[Entity, CardRow]] = []
        made: list[tuple[Values, Entity, DealRow]] = []
        changes: list[tuple[Values, DealChange | None]] = []
        for row in chunk:
            external = row.text("external_id")
            if external in self._seen:
                self._task.report.double(row.number, self._seen[external][0], "external_id")
                continue
            if not self._is_closable(row, there.get(external)):
                continue
            if external:
                known = there.get(external)
                self._seen[external] = (row.number, known.pk if known else 0)
            if external in there:
                changes.append((row, self._change(row, there[external])))
                continue
            entity = self._client(row, cards)
            made.append((row, entity, self._deal(row)))
        self._count(made, changes, cards)
        if not self._task.is_dry:
            self._write(cards, made, changes)

    def _standing(self, ids: set[str]) -> dict[str, Deal]:
        rows = Deal.objects.live().filter(external_id__in=ids).select_related("stage")
        return {
            row.external_id: row for row in rows.exclude(batch_id=self._task.batch_id or -1)
        }

    def _is_closable(self, row: Values, there: Deal | None) -> bool:
        """A won deal has its sum, a lost one its reason: here as everywhere."""
        outcome = row.one.get("outcome", "")
        amount = row.one.get("amount", there.amount_kopecks if there else None)
        code = ""
        if outcome == "won" and amount is None:
            code = "amount_missing"
        if outcome == "lost" and not row.text("refusal_reason"):
            code = "reason_missing"
        if code:
            column = "amount" if outcome == "won" else "refusal_reason"
            self._task.report.wrong(row.number, column, code, {}, is_fatal=True)
            self._task.report.count("skipped")
        return not code

    def _client(self, row: Values, cards: list[tuple[Entity, CardRow]]) -> Entity:
        keys = _client_keys(row)
        found = self._index.find(keys)
        entity = found[0] if found else Entity(row=row.number, is_made=True)
        if not found:
            cards.append((entity, self._card(row, keys)))
        self._index.remember(entity, keys, row.number)
        return entity

    def _card(self, row: Values, keys: Keys) -> CardRow:
        names = self._task.names
        return CardRow(
            fields={
                "name": keys.name[:300],
                "inn": keys.inn,
                "external_id": keys.external_id[:120],
                "kind": "company" if keys.inn or row.text("client_name") else "person",
            },
            phones=list(row.many.get("client_phone", ())),
            mails=list(row.many.get("client_email", ())),
            source_id=names.source(row.text("source")),
            manager_id=names.person(row.text("owner")),
            created_at=row.one.get("created_at") or self._links.arrived(row),
        )

    def _deal(self, row: Values) -> DealRow:
        names, external = self._task.names, row.text("external_id")
        outcome = row.one.get("outcome", "")
        outcome = "" if outcome == "open" else outcome
        created = self._created(row)
        closed = max(created, row.one.get("closed_at") or self._task.at) if outcome else None
        funnel_id = names.funnel(row.text("funnel"))
        stage_id, stage = names.stage(funnel_id, row.text("stage"))
        manager_id = names.person(row.text("owner"))
        number = row.text("number")
        product = row.text("product")
        product_id = names.product(product) if product else None
        return DealRow(
            title=_title(row)[:300],
            client_id=0,
            funnel_id=funnel_id,
            visits=[Visit(stage_id=stage_id, stage=stage, at=created)],
            created_at=created,
            number=int(number) if number.isdecimal() and len(number) < 10 else None,
            manager_id=manager_id,
            team_id=names.teams.get(manager_id or 0),
            amount_kopecks=row.one.get("amount"),
            source_id=names.source(row.text("source")) or self._links.source(row),
            expected_close_on=row.one.get("expected_close_on"),
            outcome=outcome,
            closed_at=closed,
            reason=names.reason(row.text("refusal_reason")) if outcome == "lost" else None,
            refusal_detail=row.text("refusal_detail")[:500] if outcome == "lost" else "",
            external_id=external[:120],
            note=row.text("note"),
            custom={names.custom_key("deal", k): v for k, v in row.custom.items()},
            products=[(product_id, product)] if product_id else [],
        )

    def _created(self, row: Values) -> datetime:
        """A deal begins when the file says, else with its inquiry, else when it ended."""
        at: datetime = (
            row.one.get("created_at")
            or self._links.arrived(row)
            or row.one.get("closed_at")
            or self._task.at
        )
        closed: datetime | None = row.one.get("closed_at")
        return min(at, closed) if closed else at

    def _change(self, row: Values, deal: Deal) -> DealChange | None:
        if self._task.plan.on_found == "skip":
            return None
        overwrite = self._task.plan.on_found == "overwrite"
        names = self._task.names
        given: dict[str, Any] = {
            "title": row.text("title")[:300],
            "amount_kopecks": row.one.get("amount"),
            "expected_close_on": row.one.get("expected_close_on"),
            "note": row.text("note"),
            "manager_id": names.person(row.text("owner")),
            "source_id": names.source(row.text("source")),
        }
        columns = {
            name: value
            for name, value in given.items()
            if value not in ("", None)
            and value != getattr(deal, name)
            and (overwrite or getattr(deal, name) in ("", None))
        }
        change = DealChange(id=deal.pk, columns=columns)
        self._move(row, deal, change)
        return change if change.columns else None

    def _move(self, row: Values, deal: Deal, change: DealChange) -> None:
        """What happened goes on: an open deal comes to its stage, and ends as the file says."""
        names, outcome = self._task.names, row.one.get("outcome", "open")
        if deal.outcome:
            return
        if stage := row.text("stage"):
            stage_id, name = names.stage(deal.funnel_id, stage)
            if stage_id != deal.stage_id and self._may_go(row, deal, change, stage_id, "stage"):
                at = max(deal.stage_since + timedelta(seconds=1), self._task.at)
                change.columns |= {"stage_id": stage_id, "stage_since": at}
                change.stage = name
        if outcome == "won" and not self._may_go(row, deal, change, None, "outcome"):
            return
        if outcome in ("won", "lost"):
            closed = row.one.get("closed_at") or self._task.at
            change.columns |= {"outcome": outcome, "closed_at": max(closed, deal.created_at)}
        if outcome == "lost":
            change.reason = names.reason(row.text("refusal_reason"))
            change.columns |= {
                "refusal_reason_id": change.reason.pk,
                "refusal_detail": row.text("refusal_detail")[:500],
            }

    def _may_go(
        self, row: Values, deal: Deal, change: DealChange, stage_id: int | None, column: str
    ) -> bool:
        """Hold a file to the regulation: what is not met keeps the deal where it stands."""
        as_changed = copy(deal)
        for name, value in change.columns.items():
            setattr(as_changed, name, value)
        day = self._task.calendar.day_of(self._task.at)
        is_trial = bool(all_settings()["trial_mode"])
        move, to = "win", Stage.objects.get(pk=stage_id) if stage_id else None
        if to is not None:
            move = move_kind(as_changed, to.place)
        try:
            lacking = demand_move(as_changed, move, by=self._by, to=to)
        except MoveForbiddenError as error:
            self._task.report.wrong(
                row.number, column, error.code, error.details, is_fatal=False
            )
            return is_trial
        lacking += unmet(as_changed, to_stage_id=stage_id, day=day)
        if lacking:
            told = [[one.kind, one.what, one.least] for one in lacking]
            self._task.report.wrong(
                row.number, column, "demand_unmet", {"demands": told}, is_fatal=False
            )
        return is_trial or not lacking

    def _count(
        self,
        made: list[tuple[Values, Entity, DealRow]],
        changes: list[tuple[Values, DealChange | None]],
        cards: list[tuple[Entity, CardRow]],
    ) -> None:
        report = self._task.report
        report.count("created", len(made))
        for what, n in (("clients", len(cards)), ("deals", len(made))):
            if n:
                report.made(what, n)
        for row, _, deal in made:
            if deal.outcome:
                report.made(deal.outcome)
            if self._links.has(row):
                report.made("joined_inquiries")
        for _, change in changes:
            report.count("updated" if change else "unchanged")

    def _write(
        self,
        cards: list[tuple[Entity, CardRow]],
        made: list[tuple[Values, Entity, DealRow]],
        changes: list[tuple[Values, DealChange | None]],
    ) -> None:
        task = self._task
        who = {"batch_id": task.batch_id, "by_id": task.by_id, "at": task.at}
        put_cards([card for _, card in cards], **who)  # type: ignore[arg-type]
        for entity, card in cards:
            entity.id = card.id
            task.trace(entity.row, "clients.client", card.id)
        for _, entity, deal in made:
            deal.client_id = entity.id
        deals = [deal for _, _, deal in made]
        put_deals(deals, calendar=task.calendar, **who)  # type: ignore[arg-type]
        for row, _, deal in made:
            task.trace(row.number, TABLE, deal.id)
            if deal.external_id:
                self._seen[deal.external_id] = (row.number, deal.id)
        for row, change in changes:
            if change:
                task.trace(row.number, TABLE, change.id)
        real = [change for _, change in changes if change]
        done = change_deals(real, calendar=task.calendar, **who)  # type: ignore[arg-type]
        task.keep_changes(TABLE, done)
        self._links.join([(row, deal) for row, _, deal in made])


def _title(row: Values) -> str:
    for name in ("title", "product", "client_name", "external_id", "number"):
        if value := row.text(name):
            return value
    return "Сделка"


def _client_keys(row: Values) -> Keys:
    external = row.text("client_external_id")
    phones = tuple(one.e164 for one in row.many.get("client_phone", ()))
    mails = tuple(row.many.get("client_email", ()))
    name = row.text("client_name") or (phones[0] if phones else mails[0] if mails else "")
    return Keys(
        external, row.text("client_inn"), phones, mails, name or external or _title(row)
    )
