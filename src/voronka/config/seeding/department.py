"""The department of «Север-Климат»: who works there, each with their own ways."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from voronka.config.seeding.ledger import Ledger
from voronka.foundation.bulk_rows import Ids
from voronka.journal.actions import About
from voronka.journal.kinds import PersonChanged
from voronka.people.models import Person, Team

DOMAIN = "sever-klimat.example"
COMPANY = "Север-Климат"
TEAMS = ("Группа Беляевой", "Группа Соколова", "Группа Орлова")


@dataclass(frozen=True, slots=True)
class Ways:
    """How a seller works. 1.0 is usual; shares from 0 to 1.

    `share` of new inquiries, `answer_minutes` till the first reply (median, working time),
    `win` and `repeat_win` multiply the odds with new and known clients, `pace` the time in a
    stage, `other` is the share of refusals without a reason, `late` that of late steps,
    `care` how full the cards are, `calls` how much they telephone.
    """

    share: float = 1.0
    answer_minutes: float = 13.0
    win: float = 1.0
    repeat_win: float = 1.0
    pace: float = 1.0
    other: float = 0.05
    late: float = 0.1
    care: float = 0.75
    calls: float = 1.0


@dataclass(frozen=True, slots=True)
class Seller:
    """A manager or a team lead with their team."""

    id: int
    name: str
    team_id: int
    ways: Ways


@dataclass(frozen=True, slots=True)
class Department:
    """The sellers, and who stands above them."""

    sellers: list[Seller]
    head_id: int
    lead_ids: dict[int, int]


# The first one is whom a visitor enters as: much to do today, and not the worst.
PEOPLE = (
    ("Наталья Ким", "n.kim", 0, "manager",
     Ways(1.2, 8, 1.2, 1.1, 0.9, 0.03, 0.07, 0.9, 1.3)),
    ("Анна Беляева", "a.belyaeva", 0, "lead",
     Ways(0.6, 9, 1.3, 1.2, 0.9, 0.02, 0.04, 0.95)),
    ("Павел Рябов", "p.ryabov", 0, "manager",
     Ways(1.1, 47, 0.75, 0.9, 1.2, 0.06, 0.22, 0.6)),
    ("Екатерина Власова", "e.vlasova", 0, "manager",
     Ways(1.0, 12, 1.0, 1.1, 1.25)),
    ("Артём Зайцев", "a.zaytsev", 0, "manager",
     Ways(1.1, 15, 0.9, 0.9, 1.0, 0.07, 0.15)),
    ("Игорь Соколов", "i.sokolov", 1, "lead",
     Ways(0.6, 10, 1.2, 1.3, 0.9, 0.03, 0.05, 0.9)),
    ("Никита Лапин", "n.lapin", 1, "manager",
     Ways(1.1, 14, 0.7, 0.8, 0.85, 0.55, 0.14, 0.5)),
    ("Тимур Галиев", "t.galiev", 1, "manager",
     Ways(1.0, 18, 0.95, 1.0, 1.1, 0.06, 0.12)),
    ("Ольга Фомина", "o.fomina", 1, "manager",
     Ways(0.9, 11, 1.05, 1.4, 1.0, 0.04, 0.08, 0.85)),
    ("Руслан Ахметов", "r.akhmetov", 1, "manager",
     Ways(1.0, 16, 0.85, 0.9, 1.05, 0.08, 0.16)),
    ("Дмитрий Орлов", "d.orlov", 2, "lead",
     Ways(0.7, 12, 1.1, 1.1, 1.2, 0.04, 0.12, 0.85)),
    ("Алексей Гордеев", "a.gordeev", 2, "manager",
     Ways(0.8, 20, 0.9, 1.0, 1.1, 0.06, 0.2, 0.6)),
    ("Светлана Дорохова", "s.dorokhova", 2, "manager",
     Ways(0.5, 13, 0.8, 3.2, 0.9, 0.04, 0.06)),
    ("Марина Кузнецова", "m.kuznetsova", 2, "manager",
     Ways(1.0, 9, 1.15, 1.1, 0.95, 0.03, 0.05)),
    ("Юлия Мещерякова", "yu.mescheryakova", 2, "manager",
     Ways(1.2, 6, 1.5, 1.3, 0.8, 0.02, 0.04, 0.95, 1.2)),
)  # fmt: skip
OFFICE = (
    ("Виктория Ланская", "v.lanskaya", "head"),
    ("Константин Юдин", "k.yudin", "administrator"),
    ("Вера Мельникова", "v.melnikova", "auditor"),
)


def hire(*, ids: Ids, ledger: Ledger, now: datetime, began: int) -> Department:
    """Insert the teams and the people; nobody has a password. Records: PersonChanged."""
    root_id, team_ids = _teams(ids, ledger.batch_id, COMPANY, TEAMS)
    head_id = 0
    for n, (name, local, role) in enumerate(OFFICE):
        team_id = root_id if role == "head" else None
        person = _person(ids, ledger, name, local, role, team_id, now, 2600 - n)
        head_id = head_id or person.pk
        _tell(ledger, began, person, head_id)
    sellers, leads = [], {}
    for n, (name, local, team, role, ways) in enumerate(PEOPLE):
        hired = 400 + 173 * n % 1900
        person = _person(ids, ledger, name, local, role, team_ids[team], now, hired)
        _tell(ledger, began, person, head_id)
        sellers.append(Seller(person.pk, name, team_ids[team], ways))
        if role == "lead":
            leads[team_ids[team]] = person.pk
    return Department(sellers, head_id, leads)


def hire_peers(*, ids: Ids, ledger: Ledger, now: datetime, n: int) -> Department:
    """Insert `n` sellers in four teams, all alike, and a head, for measuring pages."""
    root_id, team_ids = _teams(ids, ledger.batch_id, "Bench", ("1", "2", "3", "4"))
    head = _person(ids, ledger, "Head", "head", "head", root_id, now, 900)
    _person(ids, ledger, "Administrator", "administrator", "administrator", None, now, 900)
    sellers = []
    for number in range(1, n + 1):
        team_id = team_ids[number % 4]
        local = f"seller{number}"
        person = _person(ids, ledger, f"Seller {number}", local, "manager", team_id, now, 800)
        sellers.append(Seller(person.pk, person.name, team_id, Ways()))
    return Department(sellers, head.pk, {})


def _teams(ids: Ids, batch_id: int, root: str, names: tuple[str, ...]) -> tuple[int, list[int]]:
    root_id = ids.next(Team)
    rows = [Team(pk=root_id, name=root, path=f"/{root_id}/", batch_id=batch_id)]
    for name in names:
        pk = ids.next(Team)
        path = f"/{root_id}/{pk}/"
        rows.append(Team(pk=pk, name=name, parent_id=root_id, path=path, batch_id=batch_id))
    Team.objects.bulk_create(rows)
    return root_id, [team.pk for team in rows[1:]]


def _person(
    ids: Ids,
    ledger: Ledger,
    name: str,
    local: str,
    role: str,
    team_id: int | None,
    now: datetime,
    hired_days: int,
) -> Person:
    pk = ids.next(Person)
    return Person.objects.create(
        pk=pk,
        email=f"{local}@{DOMAIN}",
        password=make_password(None),
        name=name,
        role=role,
        team_id=team_id,
        extension=str(100 + pk),
        hired_on=(now - timedelta(days=hired_days)).date(),
        batch_id=ledger.batch_id,
    )


def _tell(ledger: Ledger, at: int, person: Person, by_id: int) -> None:
    about = About(case=f"person:{person.pk}", owner_id=person.pk, team_id=person.team_id)
    body = PersonChanged(name=person.name, what=f"invited as {person.role}")
    ledger.add(at, body, about, by_id)
