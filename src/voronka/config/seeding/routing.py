"""How «Север-Климат» gives its inquiries away: rules, hours, an absence, a pause, skills."""

from datetime import datetime, timedelta
from typing import Any

from voronka.inquiries.models import RoutingRule, RulesVersion
from voronka.journal import actions as journal
from voronka.journal.kinds import RoutingRuleChanged
from voronka.people.models import Absence, Duty, Person, Skill, Team

# Name, what it wants, people by surnames or a team, skill and level, way.
RULES: tuple[tuple[str, dict[str, Any], tuple[str, ...], str, tuple[str, int], str], ...] = (
    ("Обслуживание", {"product": ["Годовое обслуживание", "Пусконаладка"]},
     ("Дорохова", "Фомина"), "", ("", 1), "least_busy"),
    ("По-английски", {"language": ["en"]}, (), "", ("Английский", 2), "competence"),
    ("Объекты от 1 млн", {"least": 1_000_000_00},
     ("Беляева", "Мещерякова", "Кузнецова", "Ким"), "", ("", 1), "money"),
    ("Петербург и область", {"region": ["Ленинградская область", "Санкт-Петербург"]},
     (), "Группа Соколова", ("", 1), "turn"),
)  # fmt: skip
SKILLS = (
    ("Мещерякова", "Английский", 3), ("Ким", "Английский", 2), ("Лапин", "Английский", 1),
    ("Дорохова", "Годовое обслуживание", 3), ("Фомина", "Годовое обслуживание", 2),
    ("Кузнецова", "Чиллер 60 кВт", 3), ("Зайцев", "Чиллер 60 кВт", 1),
)  # fmt: skip
LATE_HOURS = [[12 * 60, 21 * 60]] * 5 + [None, None]
MADE_AGO = (120, 96, 60, 15)
"""Days since each rule was added."""


def write_routing(*, head_id: int, batch_id: int, now: datetime) -> None:
    """Write the rules with their versions, and how some people take inquiries.
    Records: RoutingRuleChanged.
    """
    people = {one.name.split()[-1]: one for one in Person.objects.filter(batch_id=batch_id)}
    teams = dict(Team.objects.filter(batch_id=batch_id).values_list("name", "pk"))
    for place, (name, wants, named, team, (skill, level), way) in enumerate(RULES, start=1):
        target: dict[str, Any] = {"people": sorted(people[one].pk for one in named)}
        target |= {"team": teams[team]} if team else {}
        target |= {"skill": skill, "level": level} if skill else {}
        rule = RoutingRule.objects.create(
            name=name, place=place, wants=wants, target=target, way=way, batch_id=batch_id
        )
        at = now - timedelta(days=MADE_AGO[place - 1])
        _publish(rule, place + 1, head_id, at)
    for surname, skill, level in SKILLS:
        Skill.objects.create(person=people[surname], name=skill, level=level)
    _hours(people, now)


def _publish(rule: RoutingRule, number: int, head_id: int, at: datetime) -> None:
    RulesVersion.objects.create(
        number=number, at=at, by_id=head_id, act="added", name=rule.name, batch_id=rule.batch_id
    )
    body = RoutingRuleChanged(
        version=number, rule_id=rule.pk, name=rule.name, act="added", before={},
        after={"wants": rule.wants, "target": rule.target, "way": rule.way},
    )  # fmt: skip
    about = journal.About(case=f"rule:{rule.pk}")
    journal.record(body, about=about, by_id=head_id, at=at, batch_id=rule.batch_id)


def _hours(people: dict[str, Person], now: datetime) -> None:
    Duty.objects.create(person=people["Ахметов"], week=LATE_HOURS)
    Duty.objects.create(person=people["Дорохова"], weight_percent=50)
    Duty.objects.create(person=people["Лапин"], cap=4, most_open=90)
    Duty.objects.create(
        person=people["Рябов"],
        paused_at=now - timedelta(hours=20),
        pause_reason="2 номера без перезвона",
    )
    Absence.objects.create(
        person=people["Гордеев"],
        kind="vacation",
        first_on=(now - timedelta(days=4)).date(),
        last_on=(now + timedelta(days=9)).date(),
        stands_in=people["Кузнецова"],
    )
