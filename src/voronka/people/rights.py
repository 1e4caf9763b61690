"""Who may do what: roles and reach, default deny. Pure: no tables.

Each cell names how far a role reaches among the rows of a kind: nothing, one's own, those of
one's team, of the whole subtree of teams below, or all. A kind that is not named is refused.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the department."""

    HEAD = "head"
    LEAD = "lead"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Span(StrEnum):
    """How far a right reaches."""

    NOTHING = "nothing"
    OWN = "own"
    TEAM = "team"
    SUBTREE = "subtree"
    ALL = "all"


BUSINESS = ("client", "deal", "inquiry", "step", "call", "slip")
KINDS = (*BUSINESS, "fact", "export", "person", "settings", "import", "job", "personal")

_N, _O, _S, _A = Span.NOTHING, Span.OWN, Span.SUBTREE, Span.ALL


def _cells(business: Span, **others: Span) -> dict[str, Span]:
    return dict.fromkeys(BUSINESS, business) | {"fact": business} | others


READ: dict[Role, dict[str, Span]] = {
    Role.HEAD: _cells(_A, export=_A, person=_A, settings=_A, personal=_A, **{"import": _A}),
    Role.LEAD: _cells(_S, person=_S),
    Role.MANAGER: _cells(_O, person=_O),
    Role.ADMINISTRATOR: _cells(
        _A, export=_A, person=_A, settings=_A, job=_A, personal=_A, **{"import": _A}
    ),
    Role.AUDITOR: _cells(_A, person=_A, settings=_A),
}
CHANGE: dict[Role, dict[str, Span]] = {
    Role.HEAD: _cells(_A, person=_A, settings=_A, personal=_A, **{"import": _A}),
    Role.LEAD: _cells(_S),
    Role.MANAGER: _cells(_O),
    Role.ADMINISTRATOR: _cells(
        _A, person=_A, settings=_A, job=_A, personal=_A, **{"import": _A}
    ),
    Role.AUDITOR: {},
}
# The second factor guards those who see everybody's clients and can change the rules.
NEEDS_SECOND_FACTOR = frozenset({Role.HEAD, Role.ADMINISTRATOR})


def span(role: Role, kind: str, verb: str) -> Span:
    """Give how far `role` reaches for `verb` ("read" or "change") on rows of `kind`."""
    return (READ if verb == "read" else CHANGE).get(role, {}).get(kind, Span.NOTHING)
