"""Reading the forms of routing: a rule as written, an inquiry to try, a person's hours."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, QueryDict

from voronka.foundation.area_codes_ru import region_of
from voronka.foundation.errors import RefusalError
from voronka.foundation.money import parse_rubles
from voronka.foundation.phones import parse_phone
from voronka.foundation.worktime import Hours
from voronka.inquiries.rule_drafts import RuleDraft
from voronka.inquiries.rule_list import FACTORS, Target
from voronka.routing.rules import Wants
from voronka.web import formats
from voronka.web.reading import BadFormError

TOP_VALUES, TOP_LENGTH = 200, 120


@dataclass(frozen=True, slots=True)
class Trial:
    """An inquiry to try the rules on; nothing is written of it."""

    case: dict[str, str]
    phone: str
    e164: str
    amount: str
    amount_kopecks: int | None
    at: datetime


def rule_draft(form: QueryDict) -> RuleDraft:
    """Read a rule. Raises: BadFormError, BadMoneyError."""
    who = form.get("who", "all")
    people = tuple(number for one in form.getlist("people") if (number := whole(one)))
    target = Target(
        person_ids=people if who == "people" else (),
        team_id=whole(form.get("team", "")) if who == "team" else None,
        skill=" ".join(form.get("skill", "").split())[:TOP_LENGTH],
        level=whole(form.get("level", "")) or 1,
    )
    if who == "people" and not people:
        raise BadFormError(name="people")
    return RuleDraft(
        name=form.get("name", ""),
        wants=_wants(form),
        target=target,
        way=form.get("way", "competence"),
        cap=whole(form.get("cap", "")),
        fallback=form.get("fallback", "open"),
        falls_to_id=whole(form.get("falls_to", "")),
    )


def trial(request: HttpRequest, *, now: datetime) -> Trial:
    """Read an inquiry to try; what cannot be read counts as not said."""
    form = request.GET
    phone, amount = form.get("phone", "").strip()[:40], form.get("amount", "").strip()[:40]
    try:
        e164 = parse_phone(phone).e164 if phone else ""
    except RefusalError:
        e164 = ""
    try:
        kopecks = parse_rubles(amount) if amount else None
    except RefusalError:
        kopecks = None
    try:
        at = formats.read_local(form.get("at", ""))
    except (ValueError, OverflowError):
        at = now
    if not 1991 < at.year < 2098:
        at = now
    case = {name: form.get(name, "")[:TOP_LENGTH] for name in FACTORS}
    return Trial(case | {"region": region_of(e164)}, phone, e164, amount, kopecks, at)


def week(form: QueryDict) -> list[Hours]:
    """Read a week's hours: empty when the firm's are kept. Raises: BadFormError."""
    if form.get("hours") != "own":
        return []
    found: list[Hours] = []
    for n in range(7):
        opens, closes = (minute_of(form.get(f"{name}{n}", "")) for name in ("opens", "closes"))
        if (opens is None) != (closes is None):
            raise BadFormError(name=f"opens{n}")
        # An evening that ends at midnight is typed as 00:00.
        found.append(None if opens is None or closes is None else (opens, closes or 1440))
    return found


def minute_of(text: str) -> int | None:
    """Read «9:30» as a minute of the day, None for nothing. Raises: BadFormError."""
    if not text.strip():
        return None
    hours, _, minutes = text.strip().partition(":")
    parts = (hours, minutes or "0")
    if any(not (one.isascii() and one.isdecimal() and len(one) < 3) for one in parts):
        raise BadFormError(name="time")
    found = int(parts[0]) * 60 + int(parts[1])
    if int(parts[1]) > 59 or found > 1440:
        raise BadFormError(name="time")
    return found


def whole(text: str) -> int | None:
    """Read a number without a sign, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _wants(form: QueryDict) -> Wants:
    in_hours = {"in": True, "out": False}.get(form.get("in_hours", ""))
    values = {name: _values(form, name) for name in FACTORS}
    return Wants(
        values={name: named for name, named in values.items() if named},
        least=_rubles(form.get("least", "")),
        most=_rubles(form.get("most", "")),
        weekdays=frozenset(int(one) for one in form.getlist("weekday") if one in "0123456"),
        since=minute_of(form.get("since", "")),
        until=minute_of(form.get("until", "")),
        in_hours=in_hours,
    )


def _values(form: QueryDict, name: str) -> frozenset[str]:
    given = [one.strip()[:TOP_LENGTH] for one in form.getlist(name)[:TOP_VALUES]]
    return frozenset(one for one in given if one)


def _rubles(text: str) -> int | None:
    return parse_rubles(text) if text.strip() else None
