"""The generic protocol: the same call, in whatever order and however often it is told."""

import random
from datetime import timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.hooks.request import Hook, stored
from voronka.calls.hooks.silence import close_silent
from voronka.calls.models import Call, InternalCall
from voronka.calls.rebuilding import keep_events, read_waiting
from voronka.calls.tests.hooked import event, fixtures, reduced, shown
from voronka.journal.models import Fact
from voronka.people.models import Person
from voronka.people.viewers import SYSTEM

CALLS = fixtures("generic")
TIMES = 1000


@pytest.mark.parametrize("name", CALLS)
def test_each_written_call_is_read_as_written(name: str) -> None:
    events = [event(after, fields) for after, fields in CALLS[name]["says"]]
    assert shown(reduced("generic", events)) == CALLS[name]["call"]


@pytest.mark.parametrize("name", CALLS)
def test_a_thousand_orders_with_repetition_make_the_same_record(name: str) -> None:
    rng = random.Random(name)
    events = [event(after, fields) for after, fields in CALLS[name]["says"]]
    whole = reduced("generic", events)
    for _ in range(TIMES):
        told = events + rng.choices(events, k=4)
        rng.shuffle(told)
        assert reduced("generic", told) == whole


@pytest.mark.parametrize("name", CALLS)
def test_mixed_up_on_the_way_within_two_seconds_it_is_the_same_call(name: str) -> None:
    """No event has a time of its own: that of its arrival counts, and the order is wrong."""
    rng = random.Random(name)
    for _ in range(TIMES):
        events = [event(rng.uniform(0, 2), fields) for _, fields in CALLS[name]["says"]]
        assert shown(reduced("generic", events)) == CALLS[name]["call"]


def test_times_of_its_own_count_more_than_those_of_arrival() -> None:
    says = [
        (50.0, {"type": "COMPLETED", "timestamp": "2026-03-02T12:00:34", "status": "Success"}),
        (51.0, {"type": "INCOMING", "timestamp": "1772442000"}),
        (52.0, {"type": "ACCEPTED", "timestamp": "2026-03-02T09:00:04+00:00"}),
        (53.0, {"type": "ACCEPTED", "timestamp": "1999-01-01T00:00:00"}),
    ]  # fmt: skip
    common = {"cmd": "event", "callid": "t1", "phone": "79161112233", "ext": "101"}
    call = reduced("generic", [event(after, common | fields) for after, fields in says[:3]])
    assert call is not None
    assert (call.wait_seconds, call.talk_seconds, call.outcome) == (4, 30, "answered")
    strange = reduced("generic", [event(after, common | fields) for after, fields in says])
    assert strange is not None
    assert (strange.wait_seconds, strange.talk_seconds) == (4, 30)


@pytest.fixture
def exchange(cast: SimpleNamespace) -> Exchange:
    for person, extension in ((cast.olga, "101"), (cast.oleg, "102")):
        Person.objects.filter(pk=person.pk).update(extension=extension)
    new = NewExchange(kind="generic", name="АТС", secret="a-token")
    return add_exchange(new, by=SYSTEM, at=MONDAY)


def hear(exchange: Exchange, name: str, upto: int | None = None) -> None:
    says = CALLS[name]["says"][:upto]
    keep_events(
        event(after, fields, exchange=exchange, source_key=f"{name} {n}")
        for n, (after, fields) in enumerate(says)
    )
    read_waiting(now=MONDAY + timedelta(minutes=5))


@pytest.mark.django_db
def test_a_call_of_a_group_is_one_row_and_is_told_once(
    cast: SimpleNamespace, exchange: Exchange
) -> None:
    name = "a group rings and one answers"
    for upto in range(1, 8):
        hear(exchange, name, upto)
    hear(exchange, name)
    call = Call.objects.get()
    assert (call.phone, call.state, call.outcome) == ("+79161112233", "ended", "answered")
    assert (call.talk_seconds, call.manager_id, call.is_final) == (60, cast.oleg.pk, True)
    assert call.legs.count() == 3
    assert Fact.objects.filter(kind="call.ended").count() == 1
    assert Fact.objects.filter(kind="call.talked").count() == 1
    assert not CallEvent.objects.exclude(state="done").exists()


@pytest.mark.django_db
def test_a_call_that_all_missed_is_closed_when_it_is_quiet(
    cast: SimpleNamespace, exchange: Exchange
) -> None:
    hear(exchange, "nobody of a group answers")
    end = MONDAY + timedelta(seconds=20.1)
    assert close_silent(now=end + timedelta(seconds=0.9), is_whole=False) == 0
    assert Call.objects.get().is_final is False
    assert close_silent(now=end + timedelta(seconds=1.1), is_whole=False) == 1
    read_waiting(now=end)
    call = Call.objects.get()
    assert (call.outcome, call.is_final, call.wait_seconds) == ("missed", True, 20)
    assert [leg.outcome for leg in call.legs.order_by("seq")] == ["missed", "missed"]
    assert close_silent(now=end + timedelta(hours=9), is_whole=True) == 0
    assert Fact.objects.filter(kind="call.ended").count() == 1


@pytest.mark.django_db
def test_a_call_whose_end_never_came_is_lost_after_hours_and_not_before(
    cast: SimpleNamespace, exchange: Exchange
) -> None:
    hear(exchange, "a group rings and one answers", 4)
    for after in (timedelta(minutes=5), timedelta(hours=3, minutes=59)):
        assert close_silent(now=MONDAY + after, is_whole=True) == 0
    assert close_silent(now=MONDAY + timedelta(hours=4, seconds=5), is_whole=True) == 1
    read_waiting(now=MONDAY)
    assert Call.objects.get().state == "ended"


@pytest.mark.django_db
def test_between_our_own_people_it_is_counted_apart(
    cast: SimpleNamespace, exchange: Exchange
) -> None:
    fields = {"cmd": "event", "callid": "i1", "phone": "102", "ext": "101"}
    says = [fields | {"type": "OUTGOING", "direction": "out"}, fields | {"type": "ACCEPTED"}]
    keep_events(
        event(n, one, exchange=exchange, source_key=str(n)) for n, one in enumerate(says)
    )
    read_waiting(now=MONDAY)
    assert (InternalCall.objects.count(), Call.objects.count()) == (1, 0)


TORN = {
    "torn json": (b'{"cmd": "event", "type": "INCO', "application/json", "torn"),
    "json of another kind": (b'["event"]', "application/json", "torn"),
    "nested": (b'{"a":' + b"[" * 60_000, "application/json", "torn"),
    "a page": (b"<html><body>502 Bad Gateway</body></html>", "text/html", "torn"),
    "wrong charset": ('{"callid":"ж"}'.encode("cp1251"), "application/json", "torn"),
    "unknown charset": (b'{"cmd":"event"}', "application/json; charset=koi-9", "no_call"),
    "no parts": (b"--x\r\nnothing", "multipart/form-data; boundary=y", "torn"),
    "nothing": (b"", "", "no_call"),
    "zeros": (b"\0\0\0", "", "no_call"),
    "unknown type": (b"cmd=event&type=EXPLODED&callid=c9", "", "unknown_event"),
    "unknown command": (b"cmd=explode&callid=c9", "", "unknown_event"),
    "unknown status": (
        b"cmd=event&type=COMPLETED&callid=c9&phone=79161112233&status=Exploded", "",
        "unknown_status",
    ),
    "forty digits": (
        b"cmd=event&type=INCOMING&callid=c9&phone=" + b"7" * 40, "", "long_number",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", TORN)
def test_what_nobody_can_read_stands_there_for_a_person(
    name: str, cast: SimpleNamespace, exchange: Exchange
) -> None:
    body, kind, problem = TORN[name]
    headers = {"content-type": kind}
    for n, said in enumerate((body, b"cmd=event&type=INCOMING&callid=ok&phone=79161112233")):
        hook = Hook(
            method="POST", suffix="", at=MONDAY, headers=headers if not n else {}, body=said
        )
        text = stored(hook, secrets=())
        keep_events(
            [
                CallEvent(
                    exchange=exchange, source="hook", source_key=str(n), at=MONDAY, body=text
                )
            ]
        )
    read_waiting(now=MONDAY)
    states = CallEvent.objects.order_by("pk").values_list("state", "problem")
    assert list(states) == [("unread", problem), ("done", "")]
    assert Call.objects.filter(call_ref="ok").count() == 1
