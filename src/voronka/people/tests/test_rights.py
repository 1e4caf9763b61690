"""Who reaches whose rows: own, the subtree's, all, and by default nobody's."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.agenda.steps import set_step
from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.journal.viewer import NOTHING, Viewer
from voronka.people.models import Person, Team
from voronka.people.rights import BUSINESS, CHANGE, KINDS, READ, Role, Span, span
from voronka.people.viewers import viewer_of

SELLERS = ("vera", "lev", "olga", "oleg", "pair")
# Whose deals each may read; "=" at the end: changes just the same, "-": changes none.
REACH = {
    "vera": "vera lev olga oleg pair =", "anna": "vera lev olga oleg pair =",
    "audit": "vera lev olga oleg pair -", "lev": "lev olga pair =", "olga": "olga =",
    "oleg": "oleg =", "pair": "pair =",
}  # fmt: skip


@pytest.fixture
def people(cast: SimpleNamespace) -> SimpleNamespace:
    """Add a manager in a team below lev's, two floors under the head."""
    below = Team.objects.create(name="Пара", parent=cast.group, path="-")
    below.path = f"{cast.group.path}{below.pk}/"
    below.save()
    cast.pair = Person.objects.create(email="pair@firm.example", name="Pair", team=below)
    before = cast.see
    cast.see = lambda name: viewer_of(cast.pair) if name == "pair" else before(name)
    return cast


@pytest.mark.parametrize("who", REACH)
def test_whose_rows_each_reads_and_changes(
    people: SimpleNamespace, make_deal: Callable[..., Deal], who: str
) -> None:
    for name in SELLERS:
        deal, by = make_deal(name), people.see(name)
        due = MONDAY
        set_step(kind="task", title="а", due_at=due, deal_id=deal.pk, by=by, at=MONDAY)
    *read, changes = REACH[who].split()
    wanted = {getattr(people, name).pk for name in read}
    viewer = people.see(who)
    for table, owner in ((Deal, "manager"), (Client, "manager"), (Step, "person")):
        rows = table._default_manager.all()
        seen = rows.visible_to(viewer).values_list(owner, flat=True)
        changed = rows.changeable_by(viewer).values_list(owner, flat=True)
        assert sorted(seen) == sorted(wanted)
        assert set(changed) == (wanted if changes == "=" else set())


def test_what_is_not_granted_is_refused(cast: SimpleNamespace, make_deal: object) -> None:
    make_deal()  # type: ignore[operator]
    nobody = Viewer(cast.olga.pk, "manager", {}, {})
    assert not Deal.objects.visible_to(nobody).exists()
    assert not Deal.objects.changeable_by(nobody).exists()
    for viewer in (nobody, *(cast.see(who) for who in ("vera", "anna", "olga"))):
        for verb in ("read", "change"):
            assert viewer.reach("secret", verb) == NOTHING
            assert not viewer.may("secret", verb)
    assert span(Role.MANAGER, "secret", "read") is Span.NOTHING


def test_a_lead_without_a_team_reaches_only_own_rows(cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.lev.pk).update(team=None)
    cast.lev.refresh_from_db()
    assert viewer_of(cast.lev).reach("deal", "read") == frozenset({cast.lev.pk})


def test_the_table_of_rights_grants_what_was_decided_and_no_more() -> None:
    assert set(READ) == set(CHANGE) == set(Role)
    for table in (READ, CHANGE):
        assert {kind for cells in table.values() for kind in cells} <= set(KINDS)
    beyond = {
        (role.value, verb): sorted(set(cells) - set(BUSINESS) - {"fact"})
        for verb, table in (("read", READ), ("change", CHANGE))
        for role, cells in table.items()
    }
    assert beyond == {
        ("head", "read"): ["export", "import", "person", "personal", "settings"],
        ("head", "change"): ["import", "person", "personal", "settings"],
        ("lead", "read"): ["person"], ("lead", "change"): [],
        ("manager", "read"): ["person"], ("manager", "change"): [],
        ("administrator", "read"): [
            "export", "import", "job", "person", "personal", "settings",
        ],
        ("administrator", "change"): ["import", "job", "person", "personal", "settings"],
        ("auditor", "read"): ["person", "settings"], ("auditor", "change"): [],
    }  # fmt: skip
