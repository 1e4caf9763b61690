"""Whose data is meant: cards merged one into another, what others hold, who may ask."""

from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.clients.cards import NewClient, add_client
from voronka.clients.merging import merge_clients
from voronka.clients.models import Client, Contact
from voronka.privacy.subject import subject

pytestmark = pytest.mark.django_db


def card(cast: SimpleNamespace, who: str, name: str, *phones: str) -> Client:
    new = NewClient(name=name, phones=list(phones))
    return add_client(new, by=cast.see(who), at=MONDAY)


def test_cards_merged_one_into_another_are_all_gathered(cast: SimpleNamespace) -> None:
    first, second, third = (card(cast, "olga", name) for name in ("Первая", "Вторая", "Третья"))
    lone = card(cast, "olga", "Чужая")
    for kept, other in ((second, first), (third, second)):
        merge_clients(
            kept_id=kept.pk, other_id=other.pk, choice={}, by=cast.see("vera"), at=MONDAY
        )
    one = subject(client_id=third.pk, viewer=cast.see("vera"))
    assert one.client_ids == (first.pk, second.pk, third.pk)
    assert (one.name, one.manager_id) == ("Третья", cast.olga.pk)
    with pytest.raises(Client.DoesNotExist):
        subject(client_id=second.pk, viewer=cast.see("vera"))
    both = subject(client_id=third.pk, viewer=cast.see("vera"), also=[lone.pk])
    assert both.client_ids == (*one.client_ids, lone.pk)


def test_a_number_of_another_card_is_that_clients_and_the_card_is_named(
    cast: SimpleNamespace,
) -> None:
    own = card(cast, "olga", "Своя", "+79120001122", "+79120003344")
    twin = card(cast, "oleg", "Двойник", "+79120001122")
    one = subject(client_id=own.pk, viewer=cast.see("vera"))
    assert one.traces.phones == ("+79120003344",)
    assert one.same_elsewhere == ((twin.pk, "Двойник"),)
    # Whom one may not see is not named, nor taken along; the number stays the other's.
    unseen = subject(client_id=own.pk, viewer=cast.see("olga"), also=[twin.pk])
    assert (unseen.client_ids, unseen.same_elsewhere) == ((own.pk,), ())
    assert unseen.traces.phones == ("+79120003344",)
    with pytest.raises(Client.DoesNotExist):
        subject(client_id=twin.pk, viewer=cast.see("olga"))
    with pytest.raises(Contact.DoesNotExist):
        subject(client_id=own.pk, viewer=cast.see("vera"), contact_id=777)
