"""What the page of the regulation shows: the stages, and who may move deals how."""

from collections.abc import Mapping
from dataclasses import dataclass

from voronka.deals import queries, regulation
from voronka.deals.demands import DemandRow, demands_of
from voronka.deals.move_rules import LEVELS, MOVES, ROLES, WITH_REASON, rules_of
from voronka.web import words


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage of the overview. `origin`: the stage in force that it will change, None: new."""

    id: int
    number: int
    stage: queries.StageRow
    rules: tuple[DemandRow, ...]
    origin: int | None
    n: int

    @property
    def hard(self) -> int:
        """How many demands it requires."""
        return sum(rule.level == "require" for rule in self.rules)

    @property
    def soft(self) -> int:
        """How many it only warns of."""
        return sum(rule.level == "warn" for rule in self.rules)


def stage_lines(*, funnel_id: int, draft_id: int | None) -> list[StageLine]:
    """List the stages in force, or the draft's; one query beside what is kept."""
    stages = queries.stages(draft_id or funnel_id)
    standing = regulation.open_by_stage(funnel_id)
    lines = []
    for number, stage in enumerate(stages, start=1):
        origin = stage.origin_id if draft_id else stage.id
        rules = tuple(demands_of([stage.id]))
        n = standing.get(origin or 0, 0)
        lines.append(StageLine(stage.id, number, stage, rules, origin, n))
    return lines


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A row of the table of moves: field name, title, the level of each role, what may be."""

    key: str
    title: str
    levels: Mapping[str, str]
    choices: tuple[str, ...]


def move_lines(*, funnel_id: int, lines: list[StageLine]) -> list[MoveLine]:
    """List who may move deals how, and who may put a deal on each stage; nothing is asked."""
    levels, entries = rules_of(funnel_id)
    rows = [
        MoveLine(
            move, str(words.MOVES[move]), _by_role(levels.get(move, {})),
            LEVELS if move in WITH_REASON else ("yes", "no"),
        )
        for move in MOVES
    ]  # fmt: skip
    rows += [
        MoveLine(str(line.id), line.stage.name, _by_role(entries.get(line.id, {})), LEVELS)
        for line in lines
    ]
    return rows


def _by_role(levels: Mapping[str, str]) -> dict[str, str]:
    return {role: levels.get(role, "yes") for role in ROLES}
