"""Erasing leaves call-backs that nobody can ring any more: counted, on nobody's desk."""

from datetime import timedelta
from types import SimpleNamespace

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.calls.call_back_models import CallBack
from voronka.calls.call_backs import recount
from voronka.calls.recording import NewCall, record_call
from voronka.clients.cards import NewClient, add_client
from voronka.people.viewers import SYSTEM
from voronka.privacy.erasing import erase


def test_two_clients_who_rang_in_vain_are_erased_one_after_the_other(
    cast: SimpleNamespace,
) -> None:
    clients = []
    for n in range(2):
        phone = f"+7912345678{n}"
        new = NewClient(name=f"Звонивший {n}", phones=[phone], manager_id=cast.olga.pk)
        clients.append(add_client(new, by=cast.see("vera"), at=MONDAY))
        missed = NewCall(
            started_at=MONDAY, direction="in", phone=phone, is_answered=False, wait_seconds=20,
            manager_id=None,
        )  # fmt: skip
        record_call(missed, by=SYSTEM)
        recount(phone, around=MONDAY, now=MONDAY + timedelta(minutes=1))
    assert CallBack.objects.open().count() == 2
    # Ticked off, and never rung: the call-back stands open without its step.
    Step.objects.update(done_at=MONDAY + timedelta(minutes=2))
    for one in clients:
        erase(client_id=one.pk, reason="Запрос", typed=one.name, by=cast.see("anna"), at=MONDAY)
    assert list(CallBack.objects.values_list("phone", "how")) == [("", ""), ("", "")]
    assert CallBack.objects.open().count() == 0
    assert CallBack.objects.that_stand().count() == 2
