"""Loads: decided dry as they are written, cut off and gone on with, taken back whole."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from voronka.calls.models import Call
from voronka.clients.cards import change_client
from voronka.clients.models import Client, Phone
from voronka.deals.demands import put_demand
from voronka.deals.models import Deal, Funnel
from voronka.importing import loads, running
from voronka.importing.mapping import BadMappingError, Plan, plan_from_json
from voronka.importing.models import Change, Load
from voronka.importing.report import Report
from voronka.importing.running import Order, run
from voronka.importing.undoing import undo_load
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people.models import Person

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
# One row of a file stays on one line.
# ruff: noqa: E501
CLIENTS = """Компания;Телефон;ИНН;Ответственный;Почта;Город;Создана
ООО Ромашка;8 (912) 345-67-89 доб. 12;7707083893;Olga;info@romashka.example;Самара;03.02.2024 9:14
Ромашка, ООО;+7 912 345 67 89;;Olga;;Самара;
ИП Тестов;см. почту;123;Иванов;x@y.ru;;31.02.2024
Лютик;1111111111;;Иванов;bad;;
"""
PLAN = {
    "Компания": "name", "Телефон": "phone", "ИНН": "inn", "Ответственный": "owner",
    "Почта": "email", "Город": "city", "Создана": "created_at",
}  # fmt: skip
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(text: str, name: str = "a.csv", encoding: str = "cp1251") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return made


def dry(path: Path, as_: str, plan: Plan) -> Report:
    return run(Order(path=path, as_=as_, plan=plan, at=NOW))


def load_of(path: Path, as_: str, plan: Plan) -> Load:
    return loads.new_load(path=path, as_=as_, plan=plan, by_id=None, at=NOW, file_hash="")


def real(path: Path, as_: str, plan: Plan) -> tuple[Load, Report]:
    load = load_of(path, as_, plan)
    return load, loads.write_load(load, at=NOW)


@pytest.mark.django_db
def test_a_dry_run_writes_nothing_and_tells_what_the_load_will_do(
    cast: SimpleNamespace, write: Write
) -> None:
    path, plan = write(CLIENTS), Plan(columns=PLAN)
    people = Person.objects.count()
    told = dry(path, "clients", plan).to_json()
    assert (Client.objects.count(), Fact.objects.count()) == (0, 0)
    assert Person.objects.count() == people
    _, report = real(path, "clients", plan)
    assert report.to_json() == told
    counts = report.counts
    assert (counts["rows"], counts["created"], counts["duplicates"], counts["skipped"]) == (
        4, 2, 1, 1,
    )  # fmt: skip
    assert counts["duplicate_rows"] == [{"row": 3, "first": 2, "key": "phone"}]
    wrong = [(one["row"], one["column"], one["code"]) for one in counts["errors"]]
    assert wrong == [
        (4, "Телефон", "bad_phone"), (4, "ИНН", "bad_tax_number"), (4, "Создана", "bad_date"),
        (5, "Телефон", "junk_phone"), (5, "Почта", "bad_mail"),
    ]  # fmt: skip
    assert counts["unknown"]["people"] == {"Иванов": {"n": 1, "decision": "create"}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choice", "made", "decision", "manager"),
    [
        ("Olga", 0, "map", "Olga"),
        ("", 0, "leave", None),
        ("+", 1, "create", "Иванов"),
    ],
)
def test_a_single_name_is_created_left_out_or_stands_for_somebody_of_ours(
    cast: SimpleNamespace,
    write: Write,
    choice: str,
    made: int,
    decision: str,
    manager: str | None,
) -> None:
    file = "Название,Ведёт\nООО Ромашка,Иванов\nООО Лютик,Olga\n"
    columns = {"Название": "name", "Ведёт": "owner"}
    unknown = "leave" if choice == "+" else "create"
    plan = Plan(columns=columns, names={"people": {"Иванов": choice}}, unknown=unknown)
    people, path = Person.objects.count(), write(file)
    told = dry(path, "clients", plan).to_json()
    _, report = real(path, "clients", plan)
    assert report.to_json() == told
    assert report.counts["unknown"]["people"] == {"Иванов": {"n": 1, "decision": decision}}
    assert Person.objects.count() == people + made
    card = Client.objects.get(name="ООО Ромашка")
    assert (card.manager.name if card.manager else None) == manager


@pytest.mark.django_db
def test_a_card_keeps_its_date_manager_phone_and_extension(
    cast: SimpleNamespace, write: Write
) -> None:
    real(write(CLIENTS), "clients", Plan(columns=PLAN))
    card = Client.objects.get(inn="7707083893")
    assert (card.name, card.city, card.manager) == ("ООО Ромашка", "Самара", cast.olga)
    assert card.created_at == datetime(2024, 2, 3, 6, 14, tzinfo=UTC)
    assert list(card.phones.values_list("e164", "extension")) == [
        ("+79123456789", ""), ("+79123456789", "12"),
    ]  # fmt: skip
    fact = Fact.objects.get(kind="client.added", client_id=card.pk)
    assert fact.at == card.created_at


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing(cast: SimpleNamespace, write: Write) -> None:
    path, plan = write(CLIENTS), Plan(columns=PLAN)
    real(path, "clients", plan)
    rows = list(Client.objects.order_by("pk").values())
    _, report = real(path, "clients", plan)
    assert report.counts["created"] == report.counts["updated"] == 0
    assert report.counts["unchanged"] == 2
    assert list(Client.objects.order_by("pk").values()) == rows


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on_found", "city", "updated"),
    [("fill", "Самара", 1), ("overwrite", "Тверь", 1), ("skip", "Самара", 0)],
)
def test_a_known_card_is_filled_overwritten_or_left(
    cast: SimpleNamespace, write: Write, on_found: str, city: str, updated: int
) -> None:
    real(write(CLIENTS), "clients", Plan(columns=PLAN))
    more = "Компания;ИНН;Город;Отрасль\nРомашка;7707083893;Тверь;Мебель\n"
    plan = Plan(
        columns={"Компания": "name", "ИНН": "inn", "Город": "city", "Отрасль": "industry"},
        on_found=on_found,
    )
    _, report = real(write(more, "b.csv"), "clients", plan)
    card = Client.objects.get(inn="7707083893")
    assert (card.city, report.counts["updated"]) == (city, updated)
    assert card.industry == ("Мебель" if updated else "")


@pytest.mark.django_db
def test_two_inn_behind_one_phone_stay_two_cards(cast: SimpleNamespace, write: Write) -> None:
    text = "Компания;Телефон;ИНН\nА;89123456789;7707083893\nБ;89123456789;7736050003\n"
    plan = Plan(columns={"Компания": "name", "Телефон": "phone", "ИНН": "inn"})
    _, report = real(write(text), "clients", plan)
    assert report.counts["created"] == 2


@pytest.mark.django_db
def test_a_load_that_was_cut_off_goes_on_to_the_same_end(
    cast: SimpleNamespace, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"Фирма {n % 23};8912345{n % 23:04};Лицо {n % 5}" for n in range(60)]
    path = write("Компания;Телефон;Ответственный\n" + "\n".join(rows) + "\n")
    plan = Plan(columns={"Компания": "name", "Телефон": "phone", "Ответственный": "owner"})
    monkeypatch.setattr(running, "CHUNK", 10)
    told = dry(path, "clients", plan).to_json()
    load = load_of(path, "clients", plan)
    chunks = []

    def cut(done: int, whole: int) -> None:
        chunks.append(done)
        if len(chunks) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loads.write_load(load, at=NOW, progress=cut)
    load = Load.objects.get(pk=load.pk)
    assert (load.state, load.next_row, Client.objects.count()) == ("running", 32, 23)
    report = loads.write_load(load, at=NOW)
    assert report.to_json() == told
    assert Client.objects.count() == 23
    assert Phone.objects.count() == 23
    assert Fact.objects.filter(kind="client.added").count() == 23


@pytest.mark.django_db
def test_undo_takes_all_back_and_keeps_what_people_changed_since(
    cast: SimpleNamespace, write: Write, make_client: Callable[..., Client]
) -> None:
    kept = make_client("Ромашка", fields={"inn": "7707083893"})
    other = make_client("Василёк", fields={"inn": "7736050003"})
    before = {c.pk: (c.city, c.search, c.completeness) for c in (kept, other)}
    text = (
        "Компания;ИНН;Город;Телефон\nРомашка;7707083893;Самара;89123456789\n"
        "Василёк;7736050003;Тверь;\nНовая;;Омск;89123456780\nТронутая;;Уфа;89123456781\n"
    )
    columns = {"Компания": "name", "ИНН": "inn", "Город": "city", "Телефон": "phone"}
    load, report = real(write(text), "clients", Plan(columns=columns))
    assert (report.counts["created"], report.counts["updated"]) == (2, 2)
    assert Change.objects.count() == 2
    touched = Client.objects.get(name="Тронутая")
    change_client(client_id=touched.pk, fields={"city": "Пермь"}, by=cast.see("vera"), at=NOW)
    change_client(client_id=other.pk, fields={"city": "Псков"}, by=cast.see("vera"), at=NOW)
    undone = undo_load(load_id=load.pk, by=cast.see("anna"), at=NOW)
    assert undone.removed == 1
    assert ("clients.client", other.pk, "city") in undone.conflicts
    assert ("clients.client", touched.pk, "changed") in undone.conflicts
    kept.refresh_from_db()
    assert (kept.city, kept.search, kept.completeness) == before[kept.pk]
    assert list(kept.phones.all()) == []
    other.refresh_from_db()
    assert other.city == "Псков"
    assert set(Client.objects.live().values_list("name", flat=True)) == {
        "Ромашка", "Василёк", "Тронутая",
    }  # fmt: skip
    assert undo_load(load_id=load.pk, by=cast.see("anna"), at=NOW).removed == 0


@pytest.mark.django_db
def test_an_undone_load_can_be_loaded_again(cast: SimpleNamespace, write: Write) -> None:
    text = "id;когда;имя\n1;2026-01-05 10:00;Иван\n2;2026-01-06 10:00;Пётр\n"
    plan = Plan(columns={"id": "external_id", "когда": "arrived_at", "имя": "name"})
    load, first = real(write(text), "inquiries", plan)
    undo_load(load_id=load.pk, by=cast.see("anna"), at=NOW)
    assert Inquiry.objects.live().count() == 0
    _, second = real(write(text), "inquiries", plan)
    assert second.to_json() == first.to_json()
    assert Inquiry.objects.live().count() == 2


DEALS = """Сделка;Клиент;Сумма;Этап;Создана;Закрыта;Исход;Причина;Ответственный
Кресла;Ромашка;120 000,50;Расчёт;01.02.2024;10.02.2024;выиграна;;Olga
Столы;Лютик;;Новая;01.02.2024;;;;Olga
Шкафы;Клевер;50000;Новая;01.02.2024;05.02.2024;отказ;Цена -> Дорого;Olga
Полки;Астра;50000;Новая;01.02.2024;05.02.2024;отказ;;Olga
Двери;Мята;;Новая;01.02.2024;05.02.2024;выиграна;;Olga
"""
DEAL_PLAN = Plan(
    columns={
        "Сделка": "title", "Клиент": "client_name", "Сумма": "amount", "Этап": "stage",
        "Создана": "created_at", "Закрыта": "closed_at", "Исход": "outcome",
        "Причина": "refusal_reason", "Ответственный": "owner",
    }
)  # fmt: skip


@pytest.mark.django_db
def test_no_deal_comes_in_lost_without_a_reason_or_won_without_a_sum(
    cast: SimpleNamespace, funnel: Funnel, reasons: SimpleNamespace, write: Write
) -> None:
    told = dry(write(DEALS), "deals", DEAL_PLAN).to_json()
    load, report = real(write(DEALS), "deals", DEAL_PLAN)
    assert report.to_json() == told
    assert [(one["row"], one["code"]) for one in report.counts["errors"]] == [
        (5, "reason_missing"), (6, "amount_missing"),
    ]  # fmt: skip
    won = Deal.objects.get(outcome="won")
    assert (won.amount_kopecks, won.stage.name, won.manager) == (
        120_000_50,
        "Расчёт",
        cast.olga,
    )
    lost = Deal.objects.get(outcome="lost")
    assert lost.refusal_reason == reasons.dear
    fact = Fact.objects.get(kind="deal.won")
    assert (fact.at, fact.measure) == (datetime(2024, 2, 9, 21, tzinfo=UTC), 120_000_50)
    undo_load(load_id=load.pk, by=cast.see("anna"), at=NOW)
    assert Deal.objects.live().count() == Client.objects.live().count() == 0
    assert Fact.objects.counted().filter(kind="deal.won").count() == 0


@pytest.mark.django_db
def test_deals_join_the_inquiries_they_came_from(
    cast: SimpleNamespace, funnel: Funnel, write: Write
) -> None:
    leads = "id,when,origin\nm1,2026-01-05,social\nm2,2026-01-06,email\n"
    plan = Plan(columns={"id": "external_id", "when": "arrived_at", "origin": "source"})
    real(write(leads), "inquiries", plan)
    won = "id,won,sr,sum\nm2,2026-02-01 12:00:00,Olga,1000\n"
    plan = Plan(
        columns={"id": "external_id", "won": "closed_at", "sr": "owner", "sum": "amount"},
        constants={"outcome": "won"},
    )
    _, report = real(write(won, "b.csv"), "deals", plan)
    assert report.counts["made"]["joined_inquiries"] == 1
    deal = Deal.objects.get()
    inquiry = Inquiry.objects.get(external_id="m2")
    assert (inquiry.deal, inquiry.state, inquiry.manager) == (deal, "targeted", cast.olga)
    assert deal.created_at == inquiry.arrived_at
    assert deal.source == inquiry.source


@pytest.mark.django_db
def test_a_past_without_replies_opens_no_slips(
    cast: SimpleNamespace, funnel: Funnel, write: Write
) -> None:
    leads = "id,when\nm1,2026-01-05\n"
    real(write(leads), "inquiries", Plan(columns={"id": "external_id", "when": "arrived_at"}))
    assert Inquiry.objects.waiting().count() == 0
    assert Fact.objects.filter(kind="slip.opened").count() == 0


LOG = """case,act,when,who
7,Заявка,2026-01-05T09:00:00+03:00,Olga
7,Звонок,2026-01-05T10:00:00+03:00,Olga
7,Расчёт,2026-01-06T09:00:00+03:00,Oleg
8,Заявка,2026-01-05T11:00:00+03:00,Olga
8,Отказ,2026-01-07T11:00:00+03:00,Olga
7,Продажа,2026-01-09T09:00:00+03:00,Oleg
"""


@pytest.mark.django_db
def test_a_log_becomes_deals_with_their_stage_history(
    cast: SimpleNamespace, write: Write
) -> None:
    plan = Plan(
        columns={"case": "case", "act": "activity", "when": "at", "who": "person"},
        funnel="Из журнала",
        stages={"Заявка": "Заявка", "Расчёт": "Расчёт"},
        won=["Продажа"],
        lost=["Отказ"],
    )
    told = dry(write(LOG, encoding="utf-8"), "history", plan).to_json()
    load, report = real(write(LOG, encoding="utf-8"), "history", plan)
    assert report.to_json() == told
    assert report.counts["made"] == {
        "clients": 2, "deals": 2, "lost": 1, "stage_entries": 3, "won": 1, "works": 1,
    }  # fmt: skip
    deal = Deal.objects.get(external_id="7")
    assert (deal.outcome, deal.stage.name, deal.manager) == ("won", "Расчёт", cast.oleg)
    entered = Fact.objects.filter(kind="deal.stage_entered", deal_id=deal.pk).order_by("at")
    assert [(fact.body["stage_name"], fact.measure) for fact in entered] == [
        ("Заявка", 0), ("Расчёт", 86_400),
    ]  # fmt: skip
    work = Fact.objects.get(kind="deal.activity")
    assert (work.body["name"], work.by_id, work.stage_id) == (
        "Звонок", cast.olga.pk, entered[0].stage_id,
    )  # fmt: skip
    undo_load(load_id=load.pk, by=cast.see("anna"), at=NOW)
    assert Deal.objects.live().count() == 0


@pytest.mark.django_db
def test_calls_find_their_client_and_open_deal(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], write: Write
) -> None:
    deal = make_deal()
    Phone.objects.create(client=deal.client, e164="+79123456789")
    text = "id;дата;тип;номер;сек\n1;03.03.2026 12:00;входящий;89123456789;61\n2;03.03.2026 13:00;входящий;89990001122;0\n"
    plan = Plan(
        columns={"id": "external_id", "дата": "started_at", "тип": "direction",
                 "номер": "client_phone", "сек": "talk_seconds"}
    )  # fmt: skip
    _, report = real(write(text), "calls", plan)
    assert report.counts["made"] == {"answered": 1, "calls": 2}
    known = Call.objects.get(external_id="1")
    assert (known.client, known.deal, known.manager) == (deal.client, deal, cast.olga)
    assert Call.objects.get(external_id="2").client is None


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ([], "shape"), ({"colums": {}}, "names"), ({"columns": []}, "shape"),
        ({"on_found": "maybe"}, "values"), ({"keys": ["shoe size"]}, "values"),
    ],
)  # fmt: skip
def test_a_bad_map_is_refused_in_words(given: object, what: str) -> None:
    with pytest.raises(BadMappingError) as caught:
        plan_from_json(given)
    assert caught.value.details["what"] == what


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"Нет такого": "name"}, "columns"), ({"Компания": "nonsense"}, "fields"),
        ({"Компания": "name", "Город": "name"}, "twice"), ({"Город": "city"}, "required"),
    ],
)  # fmt: skip
def test_a_map_that_does_not_fit_writes_nothing(
    write: Write, columns: dict[str, str], what: str
) -> None:
    with pytest.raises(BadMappingError) as caught:
        real(write(CLIENTS), "clients", Plan(columns=columns))
    assert caught.value.details["what"] == what
    assert Client.objects.count() == 0


@pytest.mark.django_db
def test_a_file_is_held_to_the_regulation_as_a_person_is(
    cast: SimpleNamespace, funnel: Funnel, make_deal: Callable[..., Deal], write: Write
) -> None:
    bare, whole = make_deal(), make_deal()
    for deal, code in ((bare, "A1"), (whole, "A2")):
        Deal.objects.filter(pk=deal.pk).update(external_id=code)
    put_demand(
        stage_id=bare.stage_id, kind="field", what="note", least=0, level="require",
        since=date(2026, 1, 1), by=cast.see("vera"), at=NOW,
    )  # fmt: skip
    path = write("Код,Этап,Заметка\nA1,Расчёт,\nA2,Расчёт,Всё обсудили\n")
    columns = {"Код": "external_id", "Этап": "stage", "Заметка": "note"}
    plan = Plan(columns=columns)
    told = dry(path, "deals", plan).to_json()
    _, report = real(path, "deals", plan)
    assert report.to_json() == told
    assert [Deal.objects.get(pk=one.pk).stage.name for one in (bare, whole)] == [
        "Новая", "Расчёт",
    ]  # fmt: skip
    (problem,) = report.counts["errors"]
    assert (problem["row"], problem["code"], problem["level"]) == (2, "demand_unmet", "warning")
