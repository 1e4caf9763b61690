"""The cast of the tests: a head, two managers who must not see each other, one leaver."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from voronka.clients.cards import NewClient, add_client
from voronka.clients.models import Client
from voronka.deals.dealing import open_deal
from voronka.deals.models import Deal, Funnel, RefusalReason, Stage
from voronka.foundation import recent
from voronka.journal.viewer import Viewer
from voronka.people.models import Person, Team
from voronka.people.viewers import viewer_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHARED = Path(__file__).resolve().parent.parent / "shared"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Let no test see what another one's process remembers."""
    recent.seen(-1)
    recent.forget_all()


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    """Keep what a test stores beside the database in its own folder."""
    settings.HOME = tmp_path


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """People by their first names, and `see(name)`: their reach."""
    root = Team.objects.create(name="Отдел", path="/1/")
    Team.objects.filter(pk=root.pk).update(path=f"/{root.pk}/")
    root.refresh_from_db()
    group = Team.objects.create(name="Группа", parent=root, path="-")
    group.path = f"{root.path}{group.pk}/"
    group.save()
    made = {}
    for name, role, team in (
        ("vera", "head", root),
        ("lev", "lead", group),
        ("olga", "manager", group),
        ("oleg", "manager", root),
        ("anna", "administrator", None),
        ("audit", "auditor", None),
    ):
        made[name] = Person.objects.create(
            email=f"{name}@firm.example", name=name.title(), role=role, team=team
        )
    return SimpleNamespace(**made, group=group, root=root, see=lambda n: viewer_of(made[n]))


@pytest.fixture
def funnel(db: None) -> Funnel:
    """A funnel of three stages with norms of one, two and three working days."""
    made = Funnel.objects.create(name="Продажи")
    for place, name in enumerate(("Новая", "Расчёт", "Договор"), start=1):
        Stage.objects.create(
            funnel=made, name=name, place=place, norm_seconds=place * 9 * 3600, win_permille=300
        )
    return made


@pytest.fixture
def reasons(db: None) -> SimpleNamespace:
    """Two levels of refusal: «Цена → Дорого», and one that says nothing."""
    group = RefusalReason.objects.create(name="Цена")
    dear = RefusalReason.objects.create(name="Дорого", group=group)
    other = RefusalReason.objects.create(name="Другое", group=group, is_other=True)
    return SimpleNamespace(group=group, dear=dear, other=other)


@pytest.fixture
def make_client(cast: SimpleNamespace) -> Callable[..., Client]:
    """Add a client's card on behalf of somebody of the cast (olga unless said)."""

    def make(name: str = "ООО «Ромашка»", who: str = "olga", **more: object) -> Client:
        new = NewClient(name=name, **more)  # type: ignore[arg-type]
        return add_client(new, by=cast.see(who), at=MONDAY)

    return make


@pytest.fixture
def make_deal(
    cast: SimpleNamespace, funnel: Funnel, make_client: Callable[..., Client]
) -> Callable[..., Deal]:
    """Open a deal on behalf of somebody of the cast (olga unless said)."""

    def make(who: str = "olga", amount: int | None = 100_000_00, title: str = "Кресла") -> Deal:
        by: Viewer = cast.see(who)
        client = make_client(f"ООО «Клиент {Client.objects.count()}»", who)
        return open_deal(
            client_id=client.pk, title=title, by=by, at=MONDAY, amount_kopecks=amount
        )

    return make
