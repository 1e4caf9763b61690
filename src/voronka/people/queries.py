"""Reads about people for screens."""

from dataclasses import dataclass
from datetime import date, datetime

from voronka.foundation.phones import BadPhoneError, parse_phone
from voronka.foundation.recent import recent
from voronka.journal.viewer import Viewer
from voronka.people.models import Person, Team


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as lists and menus show them."""

    id: int
    name: str
    email: str
    role: str
    team_id: int | None
    team: str
    is_active: bool
    extension: str = ""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with its depth in the tree (0 at the root)."""

    id: int
    name: str
    parent_id: int | None
    path: str
    depth: int


def people(*, viewer: Viewer, only_active: bool = False) -> list[PersonRow]:
    """List the people the viewer may see, by name, one query."""
    reach = viewer.reach("person", "read")
    rows = Person.objects.all() if reach is None else Person.objects.filter(pk__in=reach)
    if only_active:
        rows = rows.filter(is_active=True)
    found = rows.order_by("name", "pk").values_list(
        "pk", "name", "email", "role", "team_id", "team__name", "is_active", "extension"
    )
    return [PersonRow(pk, n, e, r, t, tn or "", a, x) for pk, n, e, r, t, tn, a, x in found]


def names() -> dict[int, str]:
    """Give everybody's name by id: whoever sees a row may see whose it is. One query."""
    return dict(Person.objects.values_list("pk", "name"))


def sellers(*, viewer: Viewer) -> list[PersonRow]:
    """List the active managers and leads within the viewer's reach: who can hold a deal."""
    return [p for p in people(viewer=viewer, only_active=True) if p.role in ("manager", "lead")]


def teams() -> list[TeamRow]:
    """List all teams in the order of the tree, one query."""
    rows = Team.objects.order_by("path").values_list("pk", "name", "parent_id", "path")
    return [TeamRow(pk, name, up, path, path.count("/") - 2) for pk, name, up, path in rows]


def demo_people() -> list[Person]:
    """List whom a visitor of the demonstration may enter as: head, manager, administrator."""
    found = []
    for role in ("head", "manager", "administrator"):
        rows = Person.objects.filter(role=role, is_active=True)
        # The manager with open deals tells most; the seed puts such a one first.
        if person := rows.order_by("pk").first():
            found.append(person)
    return found


@dataclass(frozen=True, slots=True)
class Seller:
    """A person as menus and names need them; when they came and went, None: not known."""

    id: int
    name: str
    role: str
    team_id: int | None
    team: str
    team_path: str
    is_active: bool
    hired_on: date | None = None
    dismissed_at: datetime | None = None

    @property
    def sells(self) -> bool:
        """Say whether the person can hold clients and deals."""
        return self.is_active and self.role in ("manager", "lead")


@recent()
def directory() -> list[Seller]:
    """List everybody by name."""
    rows = Person.objects.order_by("name", "pk").values_list(
        "pk", "name", "role", "team_id", "team__name", "team__path", "is_active",
        "hired_on", "dismissed_at",
    )  # fmt: skip
    return [
        Seller(pk, n, r, t, tn or "", tp or "", a, came, went)
        for pk, n, r, t, tn, tp, a, came, went in rows
    ]


@recent()
def own_numbers() -> list[str]:
    """List the outer numbers of our own people in E.164; a short extension is none."""
    texts = Person.objects.exclude(extension="").values_list("extension", flat=True)
    return [number for text in texts if (number := _outer(text))]


def _outer(text: str) -> str:
    try:
        return parse_phone(text).e164
    except BadPhoneError:
        return ""


def person_by_mail(mail: str) -> int | None:
    """Give the id of the active person with this address."""
    rows = Person.objects.filter(email__iexact=mail.strip(), is_active=True)
    return rows.values_list("pk", flat=True).first()
