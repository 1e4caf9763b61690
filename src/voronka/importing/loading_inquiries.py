"""Rows of a file as inquiries; what was won or refused becomes a deal at once."""

from collections.abc import Sequence
from typing import Any

from voronka.clients.loading import CardRow, put_cards
from voronka.deals.loading import DealRow, Visit, put_deals
from voronka.importing.client_index import ClientIndex, Entity, Keys
from voronka.importing.loading import Task
from voronka.importing.models import Trace
from voronka.importing.row_values import Values
from voronka.inquiries.loading import InquiryRow, put_inquiries
from voronka.inquiries.models import Inquiry

TABLE = "inquiries.inquiry"
MARKS = ("campaign", "utm_source", "utm_medium")


class InquiryLoader:
    """Loads inquiries."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._index = ClientIndex(task.batch_id, ("external_id", "phone", "mail"))
        self._seen: dict[tuple[str, str], int] = {}
        fields = {*task.plan.columns.values(), *task.plan.constants}
        self._knows_replies = "answered_at" in fields

    def resume(self) -> None:
        """Recall the inquiries and cards of the rows that were written."""
        self._index.remember_written()
        rows = Trace.objects.filter(batch_id=self._task.batch_id, table=TABLE)
        numbers = dict(rows.values_list("row_id", "row"))
        found = Inquiry.objects.filter(pk__in=numbers)
        for pk, channel, external in found.values_list("pk", "channel", "external_id"):
            if external:
                self._seen[channel, external] = numbers[pk]

    def load(self, chunk: Sequence[Values]) -> None:
        """Decide and write a chunk of rows."""
        self._index.look_up(_keys(row) for row in chunk)
        there = self._standing({row.text("external_id") for row in chunk} - {""})
        made: list[tuple[Values, InquiryRow, Entity | None, DealRow | None]] = []
        cards: list[tuple[Entity, CardRow]] = []
        report = self._task.report
        for row in chunk:
            mark = (row.one.get("channel", "file"), row.text("external_id"))
            if mark[1] and mark in self._seen:
                report.double(row.number, self._seen[mark], "external_id")
                continue
            if mark in there:
                report.count("unchanged")
                continue
            if not self._is_closable(row):
                continue
            if mark[1]:
                self._seen[mark] = row.number
            deal = self._deal(row)
            entity = self._client(row, cards, is_needed=deal is not None)
            made.append((row, self._inquiry(row), entity, deal))
        report.count("created", len(made))
        self._tell(made, cards)
        if not self._task.is_dry:
            self._write(made, cards)

    def _tell(self, made: list[Any], cards: list[Any]) -> None:
        report = self._task.report
        deals = [deal for *_, deal in made if deal]
        for what, n in (
            ("inquiries", len(made)),
            ("clients", len(cards)),
            ("deals", len(deals)),
        ):
            if n:
                report.made(what, n)
        for deal in deals:
            report.made(deal.outcome)

    def _standing(self, ids: set[str]) -> set[tuple[str, str]]:
        rows = Inquiry.objects.live().filter(external_id__in=ids)
        rows = rows.exclude(batch_id=self._task.batch_id or -1)
        return set(rows.values_list("channel", "external_id"))

    def _is_closable(self, row: Values) -> bool:
        outcome, code = row.one.get("outcome", ""), ""
        if outcome == "lost" and not row.text("refusal_reason"):
            code = "reason_missing"
        state = row.one.get("state", "new")
        if not code and state not in ("new", "targeted") and not row.text("state_reason"):
            code = "state_reason_missing"
        if code:
            self._task.report.wrong(row.number, "outcome", code, {}, is_fatal=True)
            self._task.report.count("skipped")
        return not code

    def _client(
        self, row: Values, cards: list[tuple[Entity, CardRow]], *, is_needed: bool
    ) -> Entity | None:
        keys = _keys(row)
        found = self._index.find(keys)
        if not found and not is_needed:
            return None
        entity = found[0] if found else Entity(row=row.number, is_made=True)
        if not found:
            names = self._task.names
            card = CardRow(
                fields={"name": keys.name[:300], "kind": "person"},
                phones=list(row.many.get("phone", ())),
                mails=list(row.many.get("email", ())),
                source_id=names.source(row.text("source")),
                manager_id=names.person(row.text("owner")),
                created_at=row.one["arrived_at"],
            )
            cards.append((entity, card))
        self._index.remember(entity, keys, row.number)
        return entity

    def _inquiry(self, row: Values) -> InquiryRow:
        names = self._task.names
        manager_id = names.person(row.text("owner"))
        phones, mails = row.many.get("phone", ()), row.many.get("email", ())
        marks = {name: row.text(name)[:300] for name in MARKS if row.text(name)}
        state = row.one.get("state", "targeted" if row.one.get("outcome") == "won" else "new")
        return InquiryRow(
            arrived_at=row.one["arrived_at"],
            channel=row.one.get("channel", "file"),
            name=row.text("name"),
            phone=phones[0].e164 if phones else "",
            mail=mails[0] if mails else "",
            text=row.text("text"),
            source_id=names.source(row.text("source")),
            source=row.text("source"),
            marks=marks | {name[:60]: text[:300] for name, text in row.custom.items()},
            manager_id=manager_id,
            team_id=names.teams.get(manager_id or 0),
            answered_at=row.one.get("answered_at"),
            is_reply_known=self._knows_replies,
            state=state,
            state_reason=row.text("state_reason"),
            external_id=row.text("external_id"),
        )

    def _deal(self, row: Values) -> DealRow | None:
        outcome = row.one.get("outcome", "open")
        if outcome not in ("won", "lost"):
            return None
        names, began = self._task.names, row.one["arrived_at"]
        funnel_id = names.funnel("")
        stage_id, stage = names.stage(funnel_id, "")
        manager_id = names.person(row.text("owner"))
        product = row.text("product")
        product_id = names.product(product) if product else None
        return DealRow(
            title=(product or row.text("name") or row.text("external_id") or "Сделка")[:300],
            client_id=0,
            funnel_id=funnel_id,
            visits=[Visit(stage_id=stage_id, stage=stage, at=began)],
            created_at=began,
            manager_id=manager_id,
            team_id=names.teams.get(manager_id or 0),
            amount_kopecks=row.one.get("amount", 0),
            source_id=names.source(row.text("source")),
            outcome=outcome,
            closed_at=max(began, row.one.get("won_at") or began),
            reason=names.reason(row.text("refusal_reason")) if outcome == "lost" else None,
            external_id=row.text("external_id")[:120],
            products=[(product_id, product)] if product_id else [],
        )

    def _write(
        self,
        made: list[tuple[Values, InquiryRow, Entity | None, DealRow | None]],
        cards: list[tuple[Entity, CardRow]],
    ) -> None:
        task = self._task
        who: dict[str, Any] = {"batch_id": task.batch_id, "by_id": task.by_id}
        put_cards([card for _, card in cards], at=task.at, **who)
        for entity, card in cards:
            entity.id = card.id
            task.trace(entity.row, "clients.client", card.id)
        deals = [deal for *_, deal in made if deal]
        for _, inquiry, client, deal in made:
            inquiry.client_id = client.id if client else None
            if deal and client:
                deal.client_id = client.id
        put_deals(deals, calendar=task.calendar, at=task.at, **who)
        for row, inquiry, _, deal in made:
            if deal:
                inquiry.deal_id = deal.id
                task.trace(row.number, "deals.deal", deal.id)
        put_inquiries([inquiry for _, inquiry, _, _ in made], calendar=task.calendar, **who)
        for row, inquiry, _, _ in made:
            task.trace(row.number, TABLE, inquiry.id)


def _keys(row: Values) -> Keys:
    phones = tuple(one.e164 for one in row.many.get("phone", ()))
    mails = tuple(row.many.get("email", ()))
    external = row.text("external_id")
    fallback = phones[0] if phones else mails[0] if mails else external or f"№ {row.number}"
    return Keys("", "", phones, mails, row.text("name") or fallback)
