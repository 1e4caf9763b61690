"""One call out of all that was said of it: a set of signals, whatever the order."""

import random

import pytest

from voronka.calls.reducing import reduce
from voronka.calls.signals import Signal


def says(kind: str, at: float, leg: str = "", **more: object) -> Signal:
    return Signal(kind=kind, at=at, leg=leg, **more)  # type: ignore[arg-type]


def client(at: float, dialled: str = "74950000001") -> Signal:
    return says("began", at, "c", order=-1, role="client", party="79161112233", dialled=dialled)


def person(at: float, extension: str) -> Signal:
    return says("began", at, extension, role="person", party=extension)


RING_GROUP = [
    client(100), person(101, "101"), person(101, "102"),
    says("answered", 104, "102"), says("joined", 104, "102", room="b"),
    says("joined", 104, "c", room="b"), says("ended", 104, "101", cause="cancelled"),
    says("left", 114, "c", room="b"), says("left", 114, "102", room="b"),
    says("ended", 114, "c"), says("ended", 114, "102"), says("closed", 114, "c"),
]  # fmt: skip


def test_one_telephone_of_a_group_answers_and_nobody_missed_it() -> None:
    call = reduce(RING_GROUP)
    assert call is not None
    assert (call.direction, call.client, call.line) == ("in", "79161112233", "74950000001")
    assert (call.outcome, call.state, call.is_closed) == ("answered", "ended", True)
    assert (call.answered_by, call.talked, call.rang) == ("102", ("102",), ("101", "102"))
    assert (call.menu_seconds, call.wait_seconds, call.talk_seconds) == (1, 3, 10)
    assert [(leg.extension, leg.outcome) for leg in call.legs] == [
        ("101", "not_first"), ("102", "talked"),
    ]  # fmt: skip


def test_disorder_and_repetition_change_nothing() -> None:
    rng, whole = random.Random(5), reduce(RING_GROUP)
    for _ in range(300):
        told = RING_GROUP + rng.choices(RING_GROUP, k=5)
        rng.shuffle(told)
        assert reduce(told) == whole


def test_while_it_goes_on_it_rings_and_then_is_spoken() -> None:
    ringing = reduce(RING_GROUP[:3])
    assert ringing is not None
    assert (ringing.state, ringing.outcome, ringing.is_closed) == ("ringing", "", False)
    talking = reduce(RING_GROUP[:7])
    assert talking is not None
    assert (talking.state, talking.outcome) == ("talking", "answered")


def test_nobody_answered() -> None:
    told = [
        client(100), person(102, "101"), says("ended", 110, "101"), says("ended", 110, "c"),
        says("closed", 110, "c"),
    ]  # fmt: skip
    call = reduce(told)
    assert call is not None
    assert (call.outcome, call.talk_seconds, call.menu_seconds) == ("missed", 0, 2)
    assert (call.wait_seconds, call.legs[0].outcome) == (8, "missed")


def test_all_declined_is_busy_and_one_of_two_is_missed() -> None:
    told = [client(100), person(100, "101"), says("ended", 103, "101", cause="busy")]
    end = [says("ended", 104, "c"), says("closed", 104, "c")]
    call = reduce([*told, *end])
    assert call is not None
    assert (call.outcome, call.legs[0].outcome) == ("busy", "rejected")
    call = reduce([*told, person(100, "102"), says("ended", 104, "102"), *end])
    assert call is not None
    assert (call.outcome, [leg.outcome for leg in call.legs]) == (
        "missed", ["rejected", "missed"],
    )  # fmt: skip


def test_the_answer_of_a_menu_is_none() -> None:
    told = [client(100), says("answered", 100, "c"), says("ended", 109, "c")]
    call = reduce([*told, says("closed", 109, "c")])
    assert call is not None
    assert (call.outcome, call.rang, call.talk_seconds) == ("missed", (), 0)


def test_each_talker_of_a_transfer_has_the_own_part_and_hold_is_apart() -> None:
    told = [
        client(0), person(0, "101"),
        says("joined", 1, "c", room="a"), says("joined", 1, "101", room="a"),
        says("held", 4, "101"), says("resumed", 6, "101"),
        says("left", 10, "101", room="a"), says("ended", 10, "101"),
        person(10, "102"), says("joined", 12, "102", room="a"),
        says("ended", 15, "c"), says("ended", 15, "102"), says("closed", 15, "c"),
    ]  # fmt: skip
    call = reduce(told)
    assert call is not None
    assert (call.talked, call.answered_by, call.rang) == (("101", "102"), "101", ("101",))
    assert [(leg.talk_seconds, leg.held_seconds) for leg in call.legs] == [(7, 2), (3, 0)]
    assert (call.talk_seconds, call.hold_seconds) == (10, 2)


def test_a_local_line_joins_two_rooms() -> None:
    told = [
        client(0), says("began", 0, "l1", role="between", name="Local/102@x-1;1"),
        says("began", 0, "l2", role="between", name="Local/102@x-1;2"), person(1, "102"),
        says("joined", 2, "c", room="a"), says("joined", 2, "l1", room="a"),
        says("joined", 2, "l2", room="b"), says("joined", 3, "102", room="b"),
        says("ended", 9, "102"), says("ended", 9, "c"), says("closed", 9, "c"),
    ]  # fmt: skip
    call = reduce(told)
    assert call is not None
    assert (call.talk_seconds, call.talked) == (6, ("102",))


def test_a_mobile_rung_outside_is_one_of_ours() -> None:
    told = [
        client(0), says("began", 1, "t", role="client"),
        says("number", 3, "t", party="79990001122"),
        says("joined", 3, "c", room="a"), says("joined", 3, "t", room="a"),
        says("ended", 8, "c"), says("ended", 8, "t"), says("closed", 8, "c"),
    ]  # fmt: skip
    call = reduce(told)
    assert call is not None
    assert (call.client, call.talked, call.talk_seconds) == ("79161112233", ("79990001122",), 5)


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        ("busy", "busy"),
        ("unreachable", "failed"),
        ("", "no_answer"),
        ("cancelled", "no_answer"),
    ],
)
def test_an_outgoing_call_that_nobody_took(cause: str, outcome: str) -> None:
    told = [
        says("began", 0, "p", role="person", party="101", dialled="89161112233"),
        says("began", 1, "c", role="client"),
        says("number", 1, "c", party="+79161112233", rank=1),
        says("ended", 7, "c", cause=cause), says("ended", 7, "p"), says("closed", 7, "p"),
    ]  # fmt: skip
    call = reduce(told)
    assert call is not None
    assert (call.direction, call.outcome, call.client) == ("out", outcome, "+79161112233")
    assert (call.answered_by, call.rang, call.wait_seconds) == ("101", (), 6)
    assert call.legs[0].outcome == "made"


def test_the_exchange_broke_down_in_mid_call() -> None:
    told = [client(0), person(0, "101"), says("lost", 9)]
    call = reduce(told)
    assert call is not None
    assert (call.outcome, call.state, call.is_closed) == ("lost", "ended", True)
    in_talk = [*told, says("joined", 2, "c", room="a"), says("joined", 2, "101", room="a")]
    call = reduce(in_talk)
    assert call is not None
    assert (call.outcome, call.talk_seconds) == ("answered", 7)


def test_what_the_exchange_sums_up_at_the_end_is_truer() -> None:
    told = [
        client(0), person(1, "101"), says("answered", 3, "101"), says("ended", 14, "101"),
        says("ended", 14, "c"),
        says("summary", 15, party="101", talk_seconds=10.0, wait_seconds=2.5),
    ]  # fmt: skip
    call = reduce([*told, says("closed", 15)], answers_are_talk=True)
    assert call is not None
    assert (call.talk_seconds, call.wait_seconds, call.outcome) == (10, 2.5, "answered")
    none = [*told[:-1], says("summary", 15, talk_seconds=0.0), says("closed", 15)]
    call = reduce(none, answers_are_talk=True)
    assert call is not None
    assert (call.talk_seconds, call.outcome) == (0, "missed")


def test_between_our_own_people_is_no_call_of_a_client() -> None:
    call = reduce([person(0, "101"), person(1, "102"), says("closed", 5)])
    assert call is not None
    assert call.direction == "internal"
    assert reduce([says("closed", 5)]) is None
