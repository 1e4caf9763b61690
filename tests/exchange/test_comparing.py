"""What the real exchange has in its record, and we have lost, comes in by comparing."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.exchange.conftest import pbx, run_folder
from voronka.calls.asterisk.checking import check
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.models import Call
from voronka.calls.reconciling import reconcile
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
SCENARIOS = ("inbound_answered", "transfer_blind")


@pytest.fixture
def joined(exchange: None) -> Exchange:
    options = {
        "host": "127.0.0.1", "port": 15038, "login": "crm",
        "record": f"sqlite://{run_folder() / 'log' / 'master.db'}",
    }  # fmt: skip
    new = NewExchange(
        kind="asterisk", name="Office", secret="ami-test-secret", zone="UTC", options=options
    )
    return add_exchange(new, by=SYSTEM, at=datetime.now(UTC))


def test_lost_calls_of_a_real_exchange_come_in_and_twice_adds_nothing(joined: Exchange) -> None:
    began = datetime.now(UTC)
    assert pbx("call", *SCENARIOS).returncode == 0
    today = (datetime.now(UTC) + timedelta(hours=3)).date()

    def compared() -> tuple[int, int, int, int]:
        one = reconcile(
            exchange_id=joined.pk, since=today, until=today, by=SYSTEM,
            at=datetime.now(UTC) + timedelta(minutes=6),
        )  # fmt: skip
        return one.theirs, one.ours, one.added, one.missing

    theirs, ours, added, missing = compared()
    assert (ours, missing) == (0, 0)
    assert theirs == added == Call.objects.count()
    fresh = Call.objects.filter(started_at__gte=began - timedelta(seconds=1))
    assert fresh.count() == len(SCENARIOS)
    assert compared() == (theirs, theirs, 0, 0)
    lost = list(fresh.values_list("call_ref", "talk_seconds", "outcome", "direction"))
    CallEvent.objects.filter(call_ref__in=[one[0] for one in lost]).delete()
    for call in fresh:
        call.legs.all().delete()
        call.delete()
    assert compared() == (theirs, theirs - len(lost), len(lost), 0)
    again = fresh.values_list("call_ref", "talk_seconds", "outcome", "direction")
    assert sorted(again) == sorted(lost)


def test_the_check_tells_version_lines_and_a_wrong_password(joined: Exchange) -> None:
    assert pbx("call", "inbound_busy").returncode == 0
    found = check(joined)
    assert (found.line, found.record) == ("", "")
    assert found.version[:2] in ("16", "22")
    roles = {one.name: one.role for one in found.endpoints}
    assert roles["trunk"] == "trunk"
    assert roles["101"] == "person"
    joined.secret = ""
    assert check(joined).line == "bad_login"
