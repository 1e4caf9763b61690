"""A routing rule in words: what it takes, whom it allows; a week's hours; why others not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from markupsafe import Markup, escape

from voronka.foundation.worktime import Hours
from voronka.inquiries.rule_list import FACTORS, RuleRow
from voronka.routing.rules import BY_CASE, Wants
from voronka.web import formats, words
from voronka.web.region_words import REGIONS
from voronka.web.words import Text

FACTOR_NAMES: dict[str, Text] = {
    "source": lazy("источник"),
    "channel": lazy("канал"),
    "region": lazy("регион"),
    "product": lazy("товар"),
    "language": lazy("язык"),
}
LANGUAGES: dict[str, Text] = {"ru": lazy("русский"), "en": lazy("английский")}
WAYS: dict[str, Text] = {
    "competence": lazy("кто вероятнее выиграет"),
    "money": lazy("у кого больше ожидаемая сумма"),
    "turn": lazy("по очереди, с весами"),
    "least_busy": lazy("у кого меньше открыто"),
}
FALLBACKS: dict[str, Text] = {
    "open": lazy("обращение открыто всем"),
    "head": lazy("руководителю отдела"),
    "person": lazy("назначенному человеку"),
}
BY_CASE_NAMES: dict[str, Text] = {
    "*product": lazy("товар обращения"),
    "*language": lazy("язык обращения"),
}
ACTS: dict[str, Text] = {
    "added": lazy("добавлено"),
    "changed": lazy("изменено"),
    "moved": lazy("переставлено"),
    "on": lazy("включено"),
    "off": lazy("выключено"),
}
TRIED: dict[str, Text] = {
    "real": lazy("на деле"),
    "rules": lazy("по нынешним правилам"),
    "draft": lazy("по черновику"),
}
ABSENCES: dict[str, Text] = {
    "vacation": lazy("отпуск"),
    "sick": lazy("больничный"),
    "other": lazy("отсутствие"),
}
DAYS: tuple[Text, ...] = (
    lazy("пн"), lazy("вт"), lazy("ср"), lazy("чт"), lazy("пт"), lazy("сб"), lazy("вс"),
)  # fmt: skip


def rule_name(name: str, rule_id: int = 0, *, is_last: bool = False) -> str:
    """Give a rule's name; the last one's is a word of ours."""
    return name if name and not is_last else _("Все остальные")


def rule_asks(wants: Wants) -> list[str]:
    """List what a rule wants of an inquiry, in words; nothing: everything."""
    said = [
        f"{FACTOR_NAMES[name]}: {_listed(value_name(name, one) for one in values)}"
        for name in FACTORS
        if (values := sorted(wants.values.get(name, ())))
    ]
    said += [one for one in (_sum(wants), _days(wants.weekdays), _hours(wants)) if one]
    if wants.in_hours is not None:
        said.append(_("в рабочее время") if wants.in_hours else _("вне рабочего времени"))
    return said


def value_name(factor: str, value: str) -> str:
    """Give a value of a factor in the reader's language."""
    known = {"channel": words.CHANNELS, "region": REGIONS, "language": LANGUAGES}
    return str(known.get(factor, {}).get(value, value))


def rule_allows(row: RuleRow, names: Mapping[int, str], teams: Mapping[int, str]) -> str:
    """Say whom a rule allows, and what they must know."""
    target = row.target
    if target.person_ids:
        said = _listed(names.get(pk, "") for pk in target.person_ids)
    elif target.team_id is not None:
        said = teams.get(target.team_id, "")
    else:
        said = _("все менеджеры")
    if target.skill:
        skill = skill_name(target.skill)
        said += ", " + _("навык «%(skill)s» от %(n)s") % {"skill": skill, "n": target.level}
    return said


def skill_name(skill: str) -> str:
    """Give a skill's name; that of the inquiry's own product is a word of ours."""
    return str(BY_CASE_NAMES.get(skill, "")) if skill.startswith(BY_CASE) else skill


def hours_text(week: Sequence[Hours]) -> str:
    """Write a week's hours: «пн–пт 9:00–18:00, сб 10:00–16:00»."""
    parts, n = [], 0
    while n < len(week):
        last = n
        while last + 1 < len(week) and week[last + 1] == week[n]:
            last += 1
        if hours := week[n]:
            days = str(DAYS[n]) if last == n else f"{DAYS[n]}–{DAYS[last]}"
            parts.append(f"{days} {minute(hours[0])}–{minute(hours[1])}")
        n = last + 1
    return ", ".join(parts)


def minute(value: int | None) -> str:
    """Write a minute of the day: «9:00»; midnight at the end of a day is 24:00."""
    return "" if value is None else f"{value // 60}:{value % 60:02d}"


def barred_groups(
    barred: Iterable[Sequence[Any]], names: Mapping[int, str]
) -> list[tuple[str, Markup]]:
    """Group those who could not take an inquiry by the reason, with until when."""
    grouped: dict[str, list[str]] = {}
    for one in barred:
        until = str(one[2]) if len(one) > 2 else ""
        said = escape(names.get(one[0], ""))
        grouped.setdefault(str(one[1]), []).append(said + _until(str(one[1]), until))
    return [
        (str(words.BARRED.get(why, why)), Markup(", ").join(people))
        for why, people in grouped.items()
    ]


def _until(why: str, until: str) -> str:
    if not until:
        return ""
    if why == "absent":
        return " " + _("до %(day)s") % {"day": formats.day(date.fromisoformat(until))}
    when = formats.moment(datetime.fromisoformat(until))
    return " " + _("(с %(when)s)") % {"when": when}


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(one for one in texts if one)


def _sum(wants: Wants) -> str:
    least, most = (
        None if one is None else formats.rub(one).striptags()
        for one in (wants.least, wants.most)
    )
    if least and most:
        return _("сумма от %(least)s до %(most)s") % {"least": least, "most": most}
    if least:
        return _("сумма от %(least)s") % {"least": least}
    return _("сумма до %(most)s") % {"most": most} if most else ""


def _days(weekdays: frozenset[int]) -> str:
    days = sorted(weekdays)
    if not days:
        return ""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]}–{DAYS[days[-1]]}"
    return ", ".join(str(DAYS[one]) for one in days)


def _hours(wants: Wants) -> str:
    since, until = minute(wants.since), minute(wants.until)
    if since and until:
        return _("с %(since)s до %(until)s") % {"since": since, "until": until}
    if since:
        return _("с %(since)s") % {"since": since}
    return _("до %(until)s") % {"until": until} if until else ""
