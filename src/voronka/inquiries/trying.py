"""Trying the rules on an inquiry that has not come: who would get it, and why."""

from collections.abc import Mapping
from datetime import datetime

from voronka.clients.finding import by_phone
from voronka.inquiries.asking import asked_at
from voronka.inquiries.choosing import dry_decision, fallback_person
from voronka.inquiries.decisions import barred_told, scored_told
from voronka.inquiries.routed import RoutedRow
from voronka.inquiries.rule_list import rule_list
from voronka.people import settings


def try_rules(
    case: Mapping[str, str], *, e164: str, amount_kopecks: int | None, at: datetime
) -> RoutedRow:
    """Say who would get such an inquiry now that came at `at`; loads are those of now. Nothing
    is written and no price moves.
    """
    found = by_phone(e164).values_list("manager_id", flat=True).first() if e164 else None
    asked = asked_at(case, amount_kopecks, settings.calendar(settings.all_settings()), at)
    made, people = dry_decision(asked, at=at, owner_id=found)
    person_id = made.person_id or fallback_person()
    return RoutedRow(
        at=at,
        how=made.how if made.person_id or person_id is None else "fallback",
        person_id=person_id,
        scored=scored_told(made, people),
        barred=barred_told(made, people, at),
        rule_id=made.rule_id,
        rule=made.rule,
        version=rule_list().version,
        way=made.way,
        passed=list(made.passed),
        starts_at=made.starts_at,
    )
