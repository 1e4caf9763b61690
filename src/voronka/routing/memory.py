"""What is known of everybody, as plain values and back."""

from typing import Any

from voronka.routing.competence import Competence
from voronka.routing.skill import Number, Skill

DIGITS = 6


def to_json(known: Competence) -> dict[str, Any]:
    """Give what is known as plain values; numbers keep six digits, prices are left out."""
    return {
        "factors": list(known.factors),
        "usual": [known.usual.mean, known.usual.variance],
        "kinds": [[list(kind), one.mean, one.variance] for kind, one in known.kinds.items()],
        "skills": [
            {
                "person": pk,
                "prior": skill.prior,
                "n": skill.n,
                "parts": [list(part) for part in skill.places],
                "means": [round(mean, DIGITS) for mean in skill.means],
                "covariance": [[round(x, DIGITS) for x in row] for row in skill.covariance],
            }
            for pk, skill in known.skills.items()
        ],
    }


def from_json(told: dict[str, Any]) -> Competence:
    """Give what is known back."""
    known = Competence(tuple(told["factors"]), Number(*told["usual"]))
    known.kinds = {tuple(kind): Number(mean, var) for kind, mean, var in told["kinds"]}
    for one in told["skills"]:
        places = {(part[0], part[1]): n for n, part in enumerate(one["parts"])}
        known.skills[one["person"]] = Skill(
            one["prior"], one["n"], places, one["means"], one["covariance"]
        )
    return known
