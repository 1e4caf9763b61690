"""What is known of everybody, as plain values and back."""

from typing import Any

from voronka.routing.competence import Competence
from voronka.routing.measured import Measured
from voronka.routing.skill import Number, Skill

DIGITS = 6


def to_json(known: Competence) -> dict[str, Any]:
    """Give what is known as plain values; numbers keep six digits, prices are left out."""
    return {
        "factors": list(known.factors),
        "outcomes": known.outcomes,
        "spreads": known.spreads,
        "edges": list(known.edges),
        "speed": [known.speed.mean, known.speed.variance],
        "waits": _measured(known.waits),
        "checks": _measured(known.checks),
        "usual": [known.usual.mean, known.usual.variance],
        "kinds": [[list(kind), one.mean, one.variance] for kind, one in known.kinds.items()],
        "skills": [
            {
                "person": pk,
                "n": skill.n,
                "parts": [list(part) for part in skill.places],
                "means": [round(mean, DIGITS) for mean in skill.means],
                "covariance": [[round(x, DIGITS) for x in row] for row in skill.covariance],
                "pairs": [[*pair, *_rounded(one)] for pair, one in skill.pairs.items()],
            }
            for pk, skill in known.skills.items()
        ],
    }


def from_json(told: dict[str, Any]) -> Competence:
    """Give what is known back; what was kept before spreads were learned has the guessed."""
    known = Competence(tuple(told["factors"]), Number(*told["usual"]))
    known.outcomes = told.get("outcomes", 0)
    known.spreads = told.get("spreads") or known.spreads
    known.edges = tuple(told.get("edges", ()))
    for measure, kept in ((known.waits, told.get("waits")), (known.checks, told.get("checks"))):
        if kept:
            _fill(measure, kept)
    if told.get("speed"):
        known.speed = Number(*told["speed"])
    known.kinds = {tuple(kind): Number(mean, var) for kind, mean, var in told["kinds"]}
    for one in told["skills"]:
        places = {(part[0], part[1]): n for n, part in enumerate(one["parts"])}
        pairs = {
            (name, values): Number(mean, variance)
            for name, values, mean, variance in one.get("pairs", ())
        }
        known.skills[one["person"]] = Skill(
            one["n"], places, one["means"], one["covariance"], pairs
        )
    return known


def _measured(one: Measured) -> dict[str, Any]:
    return {
        "usual": [one.usual.mean, one.usual.variance],
        "common": [[*part, *_rounded(number)] for part, number in one.common.items()],
        "own": [[pk, *part, *_rounded(number)] for (pk, part), number in one.own.items()],
    }


def _fill(one: Measured, kept: dict[str, Any]) -> None:
    one.usual = Number(*kept["usual"])
    one.common = {(name, value): Number(*rest) for name, value, *rest in kept["common"]}
    one.own = {(pk, (name, value)): Number(*rest) for pk, name, value, *rest in kept["own"]}


def _rounded(number: Number) -> list[float]:
    return [round(number.mean, DIGITS), round(number.variance, DIGITS)]
