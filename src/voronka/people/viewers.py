"""From a person to what they may see: rights turned into sets of people."""

from voronka.journal.viewer import NOTHING, Reach, Viewer
from voronka.people.models import Person
from voronka.people.queries import directory
from voronka.people.rights import CHANGE, KINDS, READ, Role, Span

SYSTEM = Viewer(0, "system", dict.fromkeys(KINDS), dict.fromkeys(KINDS))


def viewer_of(person: Person) -> Viewer:
    """Work out a person's reach. A team lead's from the kept directory; no query."""
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


def viewer_by_id(person_id: int) -> Viewer | None:
    """Work out the reach of an active person; None when there is none. One query."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    return viewer_of(person) if person else None


def _reaches_of_lead(person: Person) -> dict[Span, Reach]:
    own = frozenset({person.pk})
    everybody = directory()
    path = next((one.team_path for one in everybody if one.id == person.pk), "")
    if not path:
        return {Span.TEAM: own, Span.SUBTREE: own}
    below = [one for one in everybody if one.team_path.startswith(path)]
    return {
        Span.TEAM: own | {one.id for one in below if one.team_id == person.team_id},
        Span.SUBTREE: own | {one.id for one in below},
    }
