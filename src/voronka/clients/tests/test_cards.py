"""Cards: what they hold, what they refuse, how they are found, who sees them."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.clients import cards, merging
from voronka.clients.custom_fields import define_field
from voronka.clients.finding import find_clients
from voronka.clients.models import Client, Mail, Phone
from voronka.clients.queries import card
from voronka.clients.twins import twins
from voronka.deals.models import Deal
from voronka.foundation.errors import RefusalError
from voronka.journal.models import Fact

MakeClient = Callable[..., Client]


@pytest.mark.parametrize(
    "query",
    ["ромаш", "РОМАШКА", "hjvfirf", "8 (900) 000-14-52", "000-14-52", "14-52", "1452",
     "9841277310", "412773", "ivan@firm", "@firm.example", "Тарасов"],
)  # fmt: skip
def test_a_card_is_found_by_any_fragment(
    cast: SimpleNamespace, make_client: MakeClient, query: str
) -> None:
    made = make_client(
        "ООО «Ромашка»",
        fields={"inn": "9841277310"},
        phones=["8 900 000-14-52 доб. 12"],
        mails=["Ivan@Firm.example"],
        contact_name="Олег Тарасов",
    )
    make_client("АО «Василёк»", phones=["+7 900 111-22-33"])
    assert [found.id for found in find_clients(viewer=cast.see("vera"), query=query)] == [
        made.pk
    ]
    assert find_clients(viewer=cast.see("oleg"), query=query) == []


def test_a_wrong_tax_number_or_phone_leaves_no_trace(
    cast: SimpleNamespace, make_client: MakeClient
) -> None:
    for more in (
        {"fields": {"inn": "9841277311"}},
        {"phones": ["12345"]},
        {"phones": ["1111111111"]},
        {"mails": ["nobody"]},
        {"name": "  "},
    ):
        with pytest.raises(RefusalError):
            make_client(**more)
    assert (Client.objects.count(), Fact.objects.count(), Phone.objects.count()) == (0, 0, 0)


def test_junk_counts_as_empty_in_completeness(make_client: MakeClient) -> None:
    bare = make_client(
        "ООО «Пусто»", fields={"city": "-", "industry": "нет", "address": "1111"}
    )
    assert bare.completeness == 0
    full = make_client(
        "ООО «Полно»",
        fields={
            "inn": "9841277310",
            "city": "Самара",
            "industry": "стройка",
            "address": "Мира, 1",
        },
        phones=["+7 900 000-14-52"],
        mails=["a@b.example"],
        contact_name="Олег",
        source="сайт",
    )
    assert full.completeness == 85


def test_changing_writes_before_and_after_once(
    cast: SimpleNamespace, make_client: MakeClient
) -> None:
    made, by = make_client(), cast.see("olga")
    for _ in range(2):
        cards.change_client(client_id=made.pk, fields={"city": "Уфа"}, by=by, at=MONDAY)
    fact = Fact.objects.get(kind="client.changed")
    assert fact.body["changes"] == {"city": ["", "Уфа"]}
    with pytest.raises(cards.ChangedMeanwhileError):
        cards.change_client(
            client_id=made.pk, fields={"city": "Омск"}, by=by, at=MONDAY, version=1
        )
    with pytest.raises(Client.DoesNotExist):
        cards.change_client(client_id=made.pk, fields={}, by=cast.see("oleg"), at=MONDAY)


def test_custom_fields_are_typed_and_live_at_once(
    cast: SimpleNamespace, make_client: MakeClient
) -> None:
    made, by = make_client(), cast.see("anna")
    sites = define_field(
        scope="client", name="Объектов в год", kind="number", is_filter=True, by=by, at=MONDAY
    )
    cards.change_client(
        client_id=made.pk, fields={}, custom={sites.key: "12,5"}, by=by, at=MONDAY
    )
    assert card(viewer=by, client_id=made.pk).custom == {sites.key: 12.5}
    with pytest.raises(RefusalError, match="bad_field_value"):
        cards.change_client(
            client_id=made.pk, fields={}, custom={sites.key: "много"}, by=by, at=MONDAY
        )
    with pytest.raises(PermissionError):
        define_field(scope="client", name="X", kind="text", by=cast.see("olga"), at=MONDAY)


def test_a_twin_of_another_manager_is_told_without_its_name(
    cast: SimpleNamespace, make_client: MakeClient
) -> None:
    made = make_client("Ромашка, ООО", phones=["89000001452"])
    seen = twins(viewer=cast.see("vera"), name="ООО «Ромашка»", phones=["+79000001452"])
    assert [(twin.id, twin.why) for twin in seen] == [(made.pk, ("name", "phone"))]
    hidden = twins(viewer=cast.see("oleg"), name="ООО «Ромашка»")
    assert [(twin.id, twin.name, twin.why) for twin in hidden] == [(None, "", ("name",))]
    assert twins(viewer=cast.see("vera"), name="ООО «Лютик»", phones=["900"]) == []


def test_a_merge_moves_every_link_and_undo_brings_all_back(
    cast: SimpleNamespace, make_client: MakeClient, make_deal: Callable[..., Deal]
) -> None:
    deal, by = make_deal(), cast.see("vera")
    other = Client.objects.get(pk=deal.client_id)
    cards.add_phone_row(other, "+79000001452", None)
    kept = make_client("ООО «Главный»", phones=["+79000001452", "+79000001453"])
    before = {
        table: list(table._default_manager.order_by("pk").values())
        for table in (Phone, Mail, Deal)
    }
    merge = merging.merge_clients(
        kept_id=kept.pk, other_id=other.pk, choice={"name": "other"}, by=by, at=MONDAY
    )
    seen = card(viewer=by, client_id=other.pk)
    assert (seen.id, seen.name, seen.merged_ids) == (kept.pk, other.name, [other.pk])
    assert Deal.objects.get().client_id == kept.pk
    merging.undo_merge(merge_id=merge.pk, by=by, at=MONDAY)
    for table, rows in before.items():
        assert list(table._default_manager.order_by("pk").values()) == rows
    assert card(viewer=by, client_id=kept.pk).name == "ООО «Главный»"
    assert card(viewer=by, client_id=other.pk).id == other.pk
    with pytest.raises(merging.UndoTooLateError):
        merging.undo_merge(merge_id=merge.pk, by=by, at=MONDAY)
