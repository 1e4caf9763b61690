"""An event log as deals with their whole stage history; a case is a deal."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from voronka.clients.loading import CardRow, put_cards
from voronka.deals.loading import DealRow, Visit, Work, put_deals
from voronka.deals.models import Deal
from voronka.importing.event_store import Event, EventStore
from voronka.importing.loading import Task

LEAST_SHARE, MOST_STAGES = 0.05, 15
Case = tuple[str, int, list[Event]]


class HistoryLoader:
    """Loads cases. Without stages in the plan, every usual activity is one."""

    def __init__(
        self, task: Task, store: EventStore, cases: int, *, is_resumed: bool = False
    ) -> None:
        self._task = task
        told = deepcopy(task.report.counts["unknown"])
        self._ends = dict.fromkeys(task.plan.won, "won")
        self._ends |= dict.fromkeys(task.plan.lost, "lost")
        self._stages = dict(task.plan.stages) or self._usual(store, cases)
        self._funnel_id = task.names.funnel("")
        self._ids = {
            activity: task.names.stage(self._funnel_id, name)
            for activity, name in self._stages.items()
        }
        if is_resumed:
            task.report.counts["unknown"] = told

    def load(self, chunk: Sequence[Case]) -> None:
        """Decide and write a chunk of cases."""
        report, made = self._task.report, []
        there = self._standing([case for case, _, _ in chunk])
        for case in chunk:
            if case[0] in there:
                report.count("unchanged")
                continue
            made.append((case, self._deal(case)))
        report.count("created", len(made))
        for what in ("deals", "clients"):
            report.made(what, len(made))
        for _, deal in made:
            report.made(deal.outcome or "open")
            report.made("stage_entries", len(deal.visits))
            report.made("works", len(deal.works))
        if not self._task.is_dry:
            self._write(made)

    def _usual(self, store: EventStore, cases: int) -> dict[str, str]:
        usual = [
            one.name
            for one in store.uses()
            if one.cases >= cases * LEAST_SHARE and one.name not in self._ends
        ]
        return {name: name for name in usual[:MOST_STAGES]}

    def _standing(self, names: list[str]) -> set[str]:
        rows = Deal.objects.live().filter(external_id__in=names)
        rows = rows.exclude(batch_id=self._task.batch_id or -1)
        return set(rows.values_list("external_id", flat=True))

    def _deal(self, case: Case) -> DealRow:
        name, _, events = case
        names = self._task.names
        visits: list[Visit] = []
        works: list[Work] = []
        deal = DealRow(
            title=f"№ {name}"[:300],
            client_id=0,
            funnel_id=self._funnel_id,
            visits=visits,
            works=works,
            created_at=events[0].at,
            external_id=name[:120],
        )
        for event in events:
            who = names.person(event.person) if event.person else None
            deal.manager_id = who or deal.manager_id
            if event.amount_kopecks is not None:
                deal.amount_kopecks = event.amount_kopecks
            self._take(deal, event, who)
        if not visits:
            stage_id, stage = next(iter(self._ids.values()), (0, ""))
            if not self._ids:
                stage_id, stage = names.stage(self._funnel_id, "")
            visits.append(Visit(stage_id=stage_id, stage=stage, at=events[0].at))
        deal.team_id = names.teams.get(deal.manager_id or 0)
        if deal.outcome == "won" and deal.amount_kopecks is None:
            deal.amount_kopecks = 0
        return deal

    def _take(self, deal: DealRow, event: Event, who: int | None) -> None:
        is_done = event.lifecycle.casefold() in ("", "complete")
        outcome = self._ends.get(event.activity, "") if is_done else ""
        outcome = outcome or (event.outcome if event.outcome in ("won", "lost") else "")
        if outcome:
            deal.outcome, deal.closed_at, deal.closed_by_id = outcome, event.at, who
            deal.reason = None
            if outcome == "lost":
                deal.reason = self._task.names.reason(f"Из истории → {event.activity}")
        elif event.activity in self._ids and is_done:
            stage_id, stage = self._ids[event.activity]
            if not deal.visits or deal.visits[-1].stage != stage:
                deal.visits.append(
                    Visit(stage_id=stage_id, stage=stage, at=event.at, by_id=who)
                )
        else:
            deal.works.append(
                Work(name=event.activity, lifecycle=event.lifecycle, at=event.at, by_id=who)
            )

    def _write(self, made: list[tuple[Case, DealRow]]) -> None:
        task = self._task
        who: dict[str, Any] = {"batch_id": task.batch_id, "by_id": task.by_id, "at": task.at}
        cards = [
            CardRow(
                fields={"name": deal.title, "kind": "person"},
                manager_id=deal.manager_id,
                created_at=deal.created_at,
            )
            for _, deal in made
        ]
        put_cards(cards, **who)
        for (_, deal), card in zip(made, cards, strict=True):
            deal.client_id = card.id
        put_deals([deal for _, deal in made], calendar=task.calendar, **who)
        for (case, deal), card in zip(made, cards, strict=True):
            task.trace(case[1], "clients.client", card.id)
            task.trace(case[1], "deals.deal", deal.id)
