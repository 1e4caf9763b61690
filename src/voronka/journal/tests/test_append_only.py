"""The journal only grows."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from voronka.clients.models import Client
from voronka.journal.models import Fact, PurgePermit


def test_a_fact_cannot_be_changed_or_deleted(make_client: Callable[..., Client]) -> None:
    make_client()
    before = Fact.objects.values().get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Fact.objects.update(kind="other")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Fact.objects.all().delete()
    assert Fact.objects.values().get() == before


def test_a_purge_permit_lets_facts_go(make_client: Callable[..., Client]) -> None:
    make_client()
    PurgePermit.objects.create(reason="demonstration data")
    Fact.objects.all().delete()
    assert not Fact.objects.exists()
