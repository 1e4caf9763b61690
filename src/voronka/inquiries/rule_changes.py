"""Changing the list of routing rules: every change is a fact and a new version."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed
from voronka.foundation.turns import take_turn
from voronka.inquiries.models import RoutingRule, RulesVersion
from voronka.inquiries.rule_drafts import BadRuleError, RuleDraft, check
from voronka.inquiries.rule_list import row_of, target_told, wants_told
from voronka.journal import actions as journal
from voronka.journal.kinds import RoutingRuleChanged
from voronka.journal.viewer import Viewer
from voronka.people.models import Person


class LastRuleError(RefusalError):
    """The last rule takes everything: it cannot be moved, narrowed or switched off."""

    code = "last_rule"


@transaction.atomic
def put_rule(draft: RuleDraft, *, rule_id: int | None, by: Viewer, at: datetime) -> RoutingRule:
    """Add a rule at the end, before the last one, or change one; the same does nothing.

    Raises: PermissionError, RoutingRule.DoesNotExist, BadRuleError.
    Records: RoutingRuleChanged.
    """
    _begin(by)
    if rule_id is None:
        top = RoutingRule.objects.aggregate(top=Max("place"))["top"] or 0
        rule, act = RoutingRule(place=top + 1), "added"
    else:
        rule, act = RoutingRule.objects.get(pk=rule_id, is_last=False), "changed"
    check(draft)
    if not draft.name.strip():
        raise BadRuleError(why="name")
    before = _told(rule) if rule.pk else {}
    rule.name = " ".join(draft.name.split())[:120]
    rule.wants, rule.target = wants_told(draft.wants), target_told(draft.target)
    rule.way, rule.cap = draft.way, draft.cap
    return _written(rule, act, before, by, at)


@transaction.atomic
def put_last(draft: RuleDraft, *, by: Viewer, at: datetime) -> RoutingRule:
    """Say how the last rule chooses and what happens when nobody may take an inquiry.

    Raises: PermissionError, BadRuleError. Records: RoutingRuleChanged.
    """
    _begin(by)
    rule = RoutingRule.objects.filter(is_last=True).first()
    rule = rule or RoutingRule(is_last=True, place=0)
    check(draft)
    falls_to = None
    if draft.fallback == "person":
        sells = Person.objects.filter(is_active=True).exclude(role="auditor")
        falls_to = sells.filter(pk=draft.falls_to_id or 0).first()
        if falls_to is None:
            raise BadRuleError(why="person")
    before = _told(rule)
    rule.way, rule.cap = draft.way, draft.cap
    rule.fallback, rule.falls_to = draft.fallback, falls_to
    return _written(rule, "changed", before, by, at)


@transaction.atomic
def move_rule(*, rule_id: int, is_up: bool, by: Viewer, at: datetime) -> None:
    """Move a rule one place; at the end of the list it stays where it is.

    Raises: PermissionError, RoutingRule.DoesNotExist, LastRuleError.
    Records: RoutingRuleChanged.
    """
    _begin(by)
    rule = _ordinary(rule_id)
    rows = list(RoutingRule.objects.filter(is_last=False).order_by("place", "pk"))
    here = [one.pk for one in rows].index(rule.pk)
    there = here + (-1 if is_up else 1)
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, start=1):
        row.place = place
    RoutingRule.objects.bulk_update(rows, ["place"])
    places = [{"place": place + 1} for place in (here, there)]
    _publish(rule, "moved", dict(places[0]), dict(places[1]), by, at)


@transaction.atomic
def switch_rule(*, rule_id: int, is_on: bool, by: Viewer, at: datetime) -> None:
    """Switch a rule on or off; the same again does nothing.

    Raises: PermissionError, RoutingRule.DoesNotExist, LastRuleError.
    Records: RoutingRuleChanged.
    """
    _begin(by)
    rule = _ordinary(rule_id)
    if rule.is_on != is_on:
        rule.is_on = is_on
        rule.save(update_fields=["is_on"])
        _publish(rule, "on" if is_on else "off", {}, {}, by, at)


def _begin(by: Viewer) -> None:
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    # Two who edit at once would take the same place and the same version.
    take_turn("routing rules")


def _ordinary(rule_id: int) -> RoutingRule:
    rule = RoutingRule.objects.select_for_update(of=("self",)).get(pk=rule_id)
    if rule.is_last:
        raise LastRuleError
    return rule


def _written(
    rule: RoutingRule, act: str, before: dict[str, object], by: Viewer, at: datetime
) -> RoutingRule:
    after = _told(rule)
    if before != after or not rule.pk:
        rule.save()
        _publish(rule, act, before, after, by, at)
    return rule


def _publish(
    rule: RoutingRule,
    act: str,
    before: dict[str, object],
    after: dict[str, object],
    by: Viewer,
    at: datetime,
) -> None:
    number = (RulesVersion.objects.aggregate(top=Max("number"))["top"] or 1) + 1
    RulesVersion.objects.create(number=number, at=at, by_id=by.by_id, act=act, name=rule.name)
    changed()
    body = RoutingRuleChanged(
        version=number, rule_id=rule.pk, name=rule.name, act=act, before=before, after=after
    )
    about = journal.About(case=f"rule:{rule.pk}")
    journal.record(body, about=about, by_id=by.by_id, at=at)


def _told(rule: RoutingRule) -> dict[str, object]:
    row = row_of(rule)
    told: dict[str, object] = {"name": row.name, "wants": rule.wants, "target": rule.target}
    told |= {"way": row.way, "cap": row.cap}
    if row.is_last:
        told |= {"fallback": row.fallback, "falls_to": row.falls_to_id}
    return told
