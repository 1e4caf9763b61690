"""How much people differ, learned from the people themselves: empirical Bayes.

Where outcomes show that people are alike by some factor its numbers are drawn to zero harder
and little is tried; where they differ much, less so. Source: MacKay's (1992) fixed point, the
sum of squares by what the data determined; a few people's worth of the first guess is kept.
"""

from collections.abc import Iterable

from voronka.routing.skill import Skill, Spreads

GUESS_WEIGHS = 8.0
"""Of how many well-known numbers the first guess counts for."""
NARROWEST = 0.05**2
FIRST_AT, GROWS = 200, 1.2
"""Spreads are told anew at so many outcomes, and each time when so many times more came."""


def told_anew(skills: Iterable[Skill], now: Spreads, guess: Spreads) -> dict[str, float]:
    """Give the spreads that people's numbers show, `now` being what they were drawn by."""
    squares = {factor: GUESS_WEIGHS * guess[factor] for factor in now}
    known = dict.fromkeys(now, GUESS_WEIGHS)
    for skill in skills:
        told = [
            (part[0], skill.means[place], skill.covariance[place][place])
            for part, place in skill.places.items()
        ]
        told += [(part[0], one.mean, one.variance) for part, one in skill.pairs.items()]
        for factor, mean, variance in told:
            squares[factor] += mean * mean
            known[factor] += max(0.0, 1 - variance / now[factor])
    return {factor: max(NARROWEST, squares[factor] / known[factor]) for factor in now}


def due(outcomes: int) -> bool:
    """Say whether spreads are told anew after so many outcomes."""
    at = float(FIRST_AT)
    while at < outcomes:
        at = float(round(at * GROWS))
    return at == outcomes
