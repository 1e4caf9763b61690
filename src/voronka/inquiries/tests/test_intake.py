"""Every inquiry gets a number at once, once, and finds the client it comes from."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.clients.models import Client, Source
from voronka.clients.people_at_client import put_contact
from voronka.deals.models import Deal, Funnel
from voronka.deals.stage_moves import win_deal
from voronka.inquiries.intake import (
    BadInquiryError,
    NewInquiry,
    deal_from_inquiry,
    register_inquiry,
)
from voronka.inquiries.models import Inquiry
from voronka.inquiries.reading import from_fields
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer
from voronka.people.viewers import SYSTEM


def arrive(channel: str = "form", **more: Any) -> Inquiry:
    return register_inquiry(NewInquiry(channel=channel, **more), by=SYSTEM, at=MONDAY)


def kinds() -> list[str]:
    return list(Fact.objects.order_by("pk").values_list("kind", flat=True))


def give_numbers(deal: Deal, by: Viewer) -> None:
    put_contact(
        client_id=deal.client_id,
        contact_id=None,
        name="",
        post="",
        decides="",
        phones=["+79123456789"],
        mails=["info@romashka.example"],
        by=by,
        at=MONDAY,
    )


def test_a_stranger_gets_a_number_and_waits_for_anybody(db: None) -> None:
    first = arrive(name=" Иван ", phone="8 912 000 11 22", text="Нужны стулья", source="Сайт")
    assert (first.number, first.state, first.client, first.manager_id) == (1, "new", None, None)
    assert (first.name, first.phone, str(first.source and first.source.name)) == (
        "Иван", "+79120001122", "Сайт",
    )  # fmt: skip
    assert kinds() == ["inquiry.registered"]
    fact = Fact.objects.get()
    assert fact.body == {
        "number": 1, "channel": "form", "source": "Сайт", "text": "Нужны стулья",
        "is_reply_known": True,
    }  # fmt: skip
    assert arrive(text="Ещё").number == 2


def test_what_cannot_be_read_is_kept_as_it_came(db: None) -> None:
    one = arrive(phone="позвоните в дверь", mail="собака точка ру", marks={"utm_source": "я"})
    assert (one.phone, one.mail, one.marks) == (
        "позвоните в дверь", "собака точка ру", {"utm_source": "я"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "said", [{"channel": "pigeon", "text": "а"}, {}, {"name": " ", "text": "\n"}]
)
def test_nothing_at_all_is_refused(db: None, said: dict[str, str]) -> None:
    with pytest.raises(BadInquiryError):
        arrive(**said)
    assert (Inquiry.objects.count(), Fact.objects.count()) == (0, 0)


def test_the_same_inquiry_again_is_the_one_that_is_there(db: None) -> None:
    first = arrive(text="а", external_id="7")
    assert arrive(text="б", external_id="7").pk == first.pk
    assert arrive("messenger", text="а", external_id="7").pk != first.pk
    assert arrive(text="а").pk != arrive(text="а").pk
    assert Inquiry.objects.get(pk=first.pk).text == "а"
    assert len(kinds()) == 4


@pytest.mark.parametrize(
    "said",
    [{"phone": "8 (912) 345-67-89"}, {"mail": "INFO@romashka.example"}],
    ids=["phone", "mail"],
)
def test_a_known_client_is_found_with_its_manager_and_open_deal(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], said: dict[str, str]
) -> None:
    old, deal, by = make_deal(), make_deal(), cast.see("olga")
    win_deal(deal_id=old.pk, by=by, at=MONDAY)
    give_numbers(deal, by)
    found = arrive(**said)
    assert (found.client_id, found.deal_id) == (deal.client_id, deal.pk)
    assert (found.manager_id, found.assigned_at) == (cast.olga.pk, MONDAY)
    assert kinds()[-2:] == ["inquiry.registered", "inquiry.assigned"]
    owners = Fact.objects.filter(kind__startswith="inquiry.").values_list("owner_id", "team_id")
    assert set(owners) == {(cast.olga.pk, cast.group.pk)}


def test_a_closed_deal_is_not_joined(
    cast: SimpleNamespace, make_deal: Callable[..., Deal]
) -> None:
    deal, by = make_deal(), cast.see("olga")
    give_numbers(deal, by)
    win_deal(deal_id=deal.pk, by=by, at=MONDAY)
    found = arrive(phone="89123456789")
    assert (found.client_id, found.deal_id) == (deal.client_id, None)


def test_by_hand_for_somebody_else_than_the_clients_manager(
    cast: SimpleNamespace, make_client: Callable[..., Client]
) -> None:
    make_client(phones=["+79123456789"])
    new = NewInquiry(channel="hand", phone="89123456789", manager_id=cast.oleg.pk)
    made = register_inquiry(new, by=cast.see("oleg"), at=MONDAY)
    assert (made.manager_id, Fact.objects.latest("pk").by_id) == (cast.oleg.pk, cast.oleg.pk)


def test_a_source_that_a_link_names_joins_the_list_when_a_person_opens_a_deal(
    cast: SimpleNamespace, funnel: Funnel
) -> None:
    given = {"name": "Иван", "phone": "8 912 000 11 22", "utm_source": "ya", "source": "ya-1"}
    one, two = (
        register_inquiry(from_fields(given | {"name": name}, "form", ""), by=SYSTEM, at=MONDAY)
        for name in ("Иван", "Пётр")
    )
    assert (one.source, one.marks["utm_source"]) == (None, "ya-1")
    assert not Source.objects.exists()
    by = cast.see("olga")
    deal = deal_from_inquiry(inquiry_id=one.pk, title="Окна", by=by, at=MONDAY)
    assert [source.name for source in Source.objects.all()] == ["ya-1"]
    one.refresh_from_db()
    assert one.source_id == deal.source_id == deal.client.source_id == Source.objects.get().pk
    later = register_inquiry(from_fields(given, "form", ""), by=SYSTEM, at=MONDAY)
    assert (two.source_id, later.source_id) == (None, deal.source_id)
