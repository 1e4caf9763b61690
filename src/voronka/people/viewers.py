"""From a person to what they may see: rights turned into sets of people."""

from voronka.journal.viewer import NOTHING, Reach, Viewer
from voronka.people.models import Person
from voronka.people.rights import CHANGE, KINDS, READ, Role, Span

SYSTEM = Viewer(0, "system", dict.fromkeys(KINDS), dict.fromkeys(KINDS))


def viewer_of(person: Person) -> Viewer:
    """Work out a person's reach. One query for a team lead, none for the others."""
    role = Role(person.role)
    reaches: dict[Span, Reach] = {
        Span.NOTHING: NOTHING,
        Span.ALL: None,
        Span.OWN: frozenset({person.pk}),
    }
    wanted = {*READ[role].values(), *CHANGE[role].values()}
    if wanted & {Span.TEAM, Span.SUBTREE}:
        reaches |= _reaches_of_lead(person)
    return Viewer(
        person_id=person.pk,
        role=role.value,
        read={kind: reaches[span] for kind, span in READ[role].items()},
        change={kind: reaches[span] for kind, span in CHANGE[role].items()},
    )


def _reaches_of_lead(person: Person) -> dict[Span, Reach]:
    own = frozenset({person.pk})
    if person.team is None:
        return {Span.TEAM: own, Span.SUBTREE: own}
    below = Person.objects.filter(team__path__startswith=person.team.path)
    rows = list(below.values_list("pk", "team_id"))
    return {
        Span.TEAM: own | {pk for pk, team_id in rows if team_id == person.team_id},
        Span.SUBTREE: own | {pk for pk, _ in rows},
    }
