"""Days are compared with what a provider tells of them, and what is missing comes in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.exchange_queries import exchange as shown_exchange
from voronka.calls.exchanges import NewExchange, add_exchange, change_exchange, remove_exchange
from voronka.calls.histories import HistoryProblemError
from voronka.calls.models import Call
from voronka.calls.providers import KINDS
from voronka.calls.providers.asking import AskingError, answer_at_last
from voronka.calls.providers.past import lived_first, past_by
from voronka.calls.reconciling import HISTORIES, reconcile, reconcile_yesterday
from voronka.calls.signals import Signal
from voronka.calls.tests.listening import Asked, provider
from voronka.calls.tests.test_mango import KEY, SALT
from voronka.calls.tests.test_mango_history import Mango
from voronka.calls.tests.test_megafon import answering
from voronka.foundation.sealing import seal, unseal
from voronka.people.viewers import SYSTEM

NEXT_DAY = MONDAY + timedelta(days=1)


@pytest.mark.django_db
def test_what_mango_had_and_we_had_not_comes_in_once(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voronka.calls.providers.mango.history.PAUSE_SECONDS", 0.0)
    with provider(Mango()) as here:
        options = {"host": here.address, "login": KEY}
        new = NewExchange(kind="mango", name="Манго", secret=SALT, options=options)
        exchange = add_exchange(new, by=SYSTEM, at=MONDAY)
        totals = []
        for _ in range(2):
            made = reconcile(
                exchange_id=exchange.pk, since=MONDAY.date(), until=MONDAY.date(), by=SYSTEM,
                at=NEXT_DAY,
            )  # fmt: skip
            totals.append((made.source, made.theirs, made.ours, made.added, made.missing))
    assert totals == [("history", 2, 0, 2, 0), ("history", 2, 2, 0, 0)]
    assert Call.objects.filter(is_final=True).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("secret", "options"),
    [
        ("the-token-of-the-crm the-key-of-the-exchange", {}),
        ("the-token-of-the-crm", {"api_secret": "the-key-of-the-exchange"}),
    ],
)
def test_megafon_is_asked_by_the_key_in_either_place(
    db: None, secret: str, options: dict[str, str]
) -> None:
    with provider(answering) as here:
        new = NewExchange(
            kind="megafon", name="МегаФон", secret=secret, zone="UTC",
            options={"host": here.address} | options,
        )  # fmt: skip
        exchange = add_exchange(new, by=SYSTEM, at=MONDAY)
        day = MONDAY.date()
        made = reconcile(exchange_id=exchange.pk, since=day, until=day, by=SYSTEM, at=NEXT_DAY)
    assert (made.theirs, made.added) == (2, 2)


@pytest.mark.django_db
def test_why_the_clock_could_not_compare_stays_until_it_can(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voronka.calls.providers.mango.history.PAUSE_SECONDS", 0.0)
    with provider(Mango()) as here:
        options = {"host": here.address, "login": KEY}
        new = NewExchange(kind="mango", name="Манго", secret="a-wrong-salt", options=options)
        exchange = add_exchange(new, by=SYSTEM, at=MONDAY)
        for _ in range(2):
            assert reconcile_yesterday(now=NEXT_DAY) == 0
            assert shown_exchange(exchange.pk).not_compared == "asked_refused"
        right = replace(new, secret=SALT)
        change_exchange(exchange_id=exchange.pk, new=right, by=SYSTEM, at=MONDAY)
        assert reconcile_yesterday(now=NEXT_DAY) == 1
    assert shown_exchange(exchange.pk).not_compared == ""
    assert Call.objects.count() == 2


@pytest.mark.django_db
def test_why_a_provider_told_nothing_is_said(db: None) -> None:
    def told(exchange: Exchange) -> str:
        with pytest.raises(HistoryProblemError) as failed:
            HISTORIES["mango"](exchange, MONDAY, NEXT_DAY)
        return str(failed.value.details["why"])

    exchange = Exchange(
        kind="mango", options={"login": KEY, "host": "http://127.0.0.1:9"}, secret=seal(SALT)
    )
    assert told(exchange) == "asked_unreachable"
    exchange.secret = "sealed with another key"
    assert told(exchange) == "lost_key"
    exchange.secret = ""
    assert told(exchange) == "asked_no_key"


def test_a_long_time_is_asked_for_in_pieces_and_each_call_is_told_once() -> None:
    asked: list[tuple[datetime, datetime]] = []

    def ask(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
        asked.append((since, until))
        return [CallEvent(call_ref=ref, source_key=ref) for ref in ("a", "", "a")]

    days = [MONDAY + timedelta(days=n) for n in (0, 7, 14, 16)]
    past = past_by(ask, longest=timedelta(days=7))(Exchange(), days[0], days[3])
    assert asked == [(days[0], days[1]), (days[1], days[2]), (days[2], days[3])]
    assert {ref: len(events) for ref, events in past.events.items()} == {"a": 1}
    assert past_by(ask, longest=timedelta(days=7))(Exchange(), days[1], days[0]).events == {}


def signals(*kinds: str, name: str = "") -> list[Signal]:
    talk = 5.0 if "talk" in kinds else 0.0
    return [
        Signal(kind="summary", at=1, talk_seconds=talk)
        if kind in ("talk", "no_talk")
        else Signal(kind=kind, at=1, name=name if kind == "recording" else "")
        for kind in kinds
    ]


@pytest.mark.parametrize(
    ("lived", "past", "kept"),
    [
        # Heard whole: a history changes nothing but an unknown recording.
        (("answered", "closed"), ("talk", "closed", "recording"), ["recording"]),
        (("answered", "closed", "recording"), ("talk", "closed", "recording"), []),
        (("no_talk", "closed"), ("no_talk", "closed"), []),
        # The end or the answer was lost: both count.
        (("answered",), ("talk", "closed"), ["summary", "closed"]),
        (("closed",), ("talk", "closed"), ["summary", "closed"]),
        ((), ("talk", "closed"), ["summary", "closed"]),
    ],
)
def test_what_was_heard_whole_counts_more_than_a_history(
    lived: Sequence[str], past: Sequence[str], kept: list[str]
) -> None:
    told = [("hook", one) for one in signals(*lived)]
    told += [("history", one) for one in signals(*past, name="r")]
    for way in (told, told[::-1]):
        found = lived_first(way)
        assert sorted(one.kind for source, one in found if source == "history") == sorted(kept)
        assert sum(source == "hook" for source, _ in found) == len(lived)


@pytest.mark.django_db
def test_a_key_that_is_none_is_refused_before_anybody_is_asked(db: None) -> None:
    for key, why in (("ключ", "refused"), ("a\nb", "refused"), (" ", "no_key")):
        exchange = Exchange(kind="uis", options={"api_secret": seal(key)})
        with pytest.raises(HistoryProblemError) as failed:
            HISTORIES["uis"](exchange, MONDAY, NEXT_DAY)
        assert failed.value.details == {"why": f"asked_{why}"}


def test_what_may_pass_is_asked_again_and_a_wrong_key_is_not() -> None:
    for status, times, code in ((503, 3, "unreachable"), (429, 3, "too_many"), (401, 1, "")):

        def answers(asked: Asked, status: int = status) -> tuple[int, object]:
            return status, {}

        with provider(answers) as here:
            with pytest.raises(AskingError) as failed:
                answer_at_last(here.address, headers={}, pauses=(0, 0))
            assert (len(here.asked), failed.value.code) == (times, code or "refused")


@pytest.mark.django_db
def test_the_key_for_histories_is_sealed_kept_and_let_go_nowhere(db: None) -> None:
    new = NewExchange(kind="megafon", name="М", secret="token", options={
        "host": "one.example", "api_secret": "secret-key-1",
    })  # fmt: skip
    exchange = add_exchange(new, by=SYSTEM, at=MONDAY)
    assert "secret-key-1" not in str(exchange.options)
    row = shown_exchange(exchange.pk)
    assert (row.options, row.has_history) == ({"host": "one.example", "record": ""}, True)
    same = NewExchange(kind="megafon", name="М2", options={"host": "one.example"})
    change_exchange(exchange_id=exchange.pk, new=same, by=SYSTEM, at=MONDAY)
    exchange.refresh_from_db()
    assert unseal(exchange.options["api_secret"]) == "secret-key-1"
    remove_exchange(exchange_id=exchange.pk, by=SYSTEM, at=MONDAY)
    exchange.refresh_from_db()
    assert exchange.options == {"host": "one.example"}


def test_whoever_can_be_asked_says_what_it_takes() -> None:
    asked_with = {one.kind: set(one.asked_with) for one in KINDS if one.asked_with}
    assert asked_with.keys() == HISTORIES.keys()
    needs = {one.kind: set(one.needs) for one in KINDS}
    assert all(names <= needs[kind] for kind, names in asked_with.items())
