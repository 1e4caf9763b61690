"""Kept answers: true in every process, asked anew only when something changed."""

from time import monotonic

import pytest
from django.db import transaction

from voronka.foundation import recent
from voronka.foundation.models import CronLine, Stamp


class Asked:
    """A question that counts how often it was asked; the answer is read from the base."""

    def __init__(self) -> None:
        self.times = 0
        self.keep = recent.Recent(self._ask, seconds=60)

    def _ask(self) -> list[str]:
        self.times += 1
        return list(CronLine.objects.order_by("pk").values_list("task", flat=True))


@pytest.fixture
def asked() -> Asked:
    """A question of its own for each test."""
    return Asked()


def _add(task: str) -> None:
    CronLine.objects.create(task=task, every_seconds=1, next_at="2026-01-01T00:00Z")


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_until_the_stamp_moves_in_whatever_process(asked: Asked) -> None:
    recent.seen(1)
    assert asked.keep() == asked.keep() == []
    assert asked.times == 1
    _add("elsewhere")
    recent.seen(1)
    assert asked.keep() == []
    recent.seen(2)
    assert asked.keep() == ["elsewhere"]
    assert asked.times == 2


@pytest.mark.django_db(transaction=True)
def test_the_process_that_changes_sees_it_at_once_and_moves_the_stamp(asked: Asked) -> None:
    asked.keep()
    before = Stamp.objects.filter(pk=1).values_list("n", flat=True).first() or 0
    _add("here")
    recent.changed()
    assert asked.keep() == ["here"]
    assert Stamp.objects.get(pk=1).n == before + 1


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_saw_of_itself_does_not_outlive_its_rollback(asked: Asked) -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            _add("never")
            recent.changed()
            assert asked.keep() == ["never"]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert asked.keep() == []
    assert not Stamp.objects.exists()


@pytest.mark.django_db
def test_without_a_look_at_the_stamp_an_answer_grows_old(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [monotonic() + 1000]
    monkeypatch.setattr(recent, "monotonic", lambda: clock[0])
    asked.keep()
    clock[0] += 59
    asked.keep()
    assert asked.times == 1
    clock[0] += 2
    asked.keep()
    assert asked.times == 2
    recent.seen(int(recent._known["stamp"]))
    clock[0] += 59
    asked.keep()
    assert asked.times == 2
