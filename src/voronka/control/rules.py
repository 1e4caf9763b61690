"""What counts as a slip and what it costs. Pure: versions, groups and prices of the rules."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlipRule:
    """One rule. `prior_drop`: by which share of the chance a deal is poorer, before history.

    Once history has enough closed deals with and without this slip, the measured drop takes
    over, see `drop`.
    """

    code: str
    version: int
    group: str
    prior_drop: float


RULES: dict[str, SlipRule] = {
    rule.code: rule
    for rule in (
        SlipRule("unanswered", 1, "answer", 0.50),
        SlipRule("unclassified", 1, "data", 0.10),
        # Who gets nobody rings the next firm.
        SlipRule("missed_call", 1, "answer", 0.40),
        # Nobody but who talked knows of such a client: the whole chance is at risk.
        SlipRule("unregistered", 1, "data", 1.0),
        SlipRule("no_step", 1, "step", 0.35),
        SlipRule("overdue", 1, "step", 0.30),
        SlipRule("no_outcome", 1, "step", 0.20),
        SlipRule("stuck", 1, "stuck", 0.40),
        SlipRule("thin_card", 1, "data", 0.15),
        SlipRule("other_reason", 1, "data", 0.05),
    )
}
ESCALATED = (
    "unanswered", "unclassified", "missed_call", "unregistered", "overdue", "stuck",
)  # fmt: skip
"""Those that a time limit opens: standing long after it, they are passed up."""
OF_INQUIRIES = ("unanswered", "unclassified")
OF_CALLS = ("missed_call", "no_outcome")
RAISED = (*OF_INQUIRIES, "missed_call")
"""Passed up as soon as they are there, to the lead, and then to the head."""
GROUPS = ("answer", "step", "stuck", "data")
PRIOR_WEIGHT = 30


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Attempts that ended in the last 12 months: with the slip and without."""

    won_with: int = 0
    ended_with: int = 0
    won_without: int = 0
    ended_without: int = 0


def drop(rule: SlipRule, seen: Outcomes) -> float:
    """Give the share of its chance that a deal loses by this slip, 0 to 1.

    The department's own difference, drawn to the rule's prior as if 30 deals had shown it:
    few deals move it little, many move it fully.
    """
    if not seen.ended_with or not seen.won_without:
        return rule.prior_drop
    without = seen.won_without / seen.ended_without
    measured = max(0.0, 1 - (seen.won_with / seen.ended_with) / without)
    weight = seen.ended_with / (seen.ended_with + PRIOR_WEIGHT)
    return weight * measured + (1 - weight) * rule.prior_drop


def money_at_risk(amount_kopecks: int | None, win_permille: int, dropped: float) -> int:
    """Price a slip: the sum × the chance on its stage × the drop; whole roubles, in kopecks."""
    rubles = (amount_kopecks or 0) / 100 * win_permille / 1000 * dropped
    return round(rubles) * 100
