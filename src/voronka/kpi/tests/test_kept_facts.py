"""Facts kept in memory: nothing new is missed, nothing undone stays."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.foundation import recent
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.journal.models import Batch, Fact
from voronka.kpi import kept_facts

pytestmark = pytest.mark.django_db
NOW = MONDAY + timedelta(days=10)


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let facts be kept at once, and from the first one on."""
    monkeypatch.setattr(kept_facts, "SETTLES", timedelta(seconds=-5))
    monkeypatch.setattr(kept_facts, "TAIL", 0)


def cases(owners: frozenset[int] | None = None) -> list[str]:
    events = kept_facts.facts_since(MONDAY, now=NOW, owners=owners)
    return [event.case for event in events.get("inquiry.registered", [])]


def arrive(cast: SimpleNamespace, who: str = "olga", hours: int = 1) -> str:
    new = NewInquiry(channel="form", name="Имя", manager_id=cast.see(who).person_id)
    at = MONDAY + timedelta(hours=hours)
    return f"inquiry:{register_inquiry(new, by=cast.see(who), at=at).pk}"


def test_news_stand_in_their_order_though_recorded_later(cast: SimpleNamespace) -> None:
    late, early = arrive(cast, hours=5), arrive(cast, hours=1)
    assert cases() == [early, late]
    between = arrive(cast, hours=3)
    assert cases() == [early, between, late]
    assert cases() == [early, between, late]


def test_only_news_are_read_again(cast: SimpleNamespace) -> None:
    arrive(cast)
    kept_facts.facts_since(MONDAY, now=NOW)
    kept = kept_facts._known()[MONDAY]
    assert [event for event, _ in kept_facts._read(MONDAY, kept.last_id, None)] == []
    new = arrive(cast, hours=2)
    news = [event for event, _ in kept_facts._read(MONDAY, kept.last_id, None)]
    assert {event.case for event in news} == {new}


def test_what_comes_after_now_and_other_people_are_left_out(cast: SimpleNamespace) -> None:
    mine, other = arrive(cast, "olga"), arrive(cast, "oleg")
    arrive(cast, hours=24 * 11)
    assert set(cases()) == {mine, other}
    assert cases(frozenset({cast.oleg.pk})) == [other]


def test_an_undone_load_is_not_counted_any_more(cast: SimpleNamespace) -> None:
    batch = Batch.objects.create(kind="import", title="файл", at=MONDAY)
    stays = arrive(cast)
    about = {"at": MONDAY, "kind": "inquiry.registered", "body": {}}
    Fact.objects.create(case="inquiry:9000", batch_id=batch.pk, **about)
    assert set(cases()) == {stays, "inquiry:9000"}
    Batch.objects.filter(pk=batch.pk).update(undone_at=NOW)
    recent.changed()
    assert cases() == [stays]


def test_a_long_time_is_read_whole_and_not_kept(cast: SimpleNamespace) -> None:
    arrive(cast)
    long_ago = MONDAY - timedelta(days=300)
    assert len(kept_facts.facts_since(long_ago, now=NOW)["inquiry.registered"]) == 1
    assert long_ago not in kept_facts._known()
