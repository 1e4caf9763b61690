"""What a department sells, how, where from, and why clients refuse."""

from dataclasses import dataclass, field

from voronka.clients.models import CustomField, Source
from voronka.config.seeding.axis import DAY
from voronka.config.seeding.indicator_plans import INDICATORS
from voronka.deals.models import Funnel, Product, RefusalReason, Stage
from voronka.foundation.bulk_rows import Ids

# Name, norm in working days, chance in thousandths, weight of refusals there, how many stand.
STAGES = (
    ("Новое обращение", 1, 90, 20, 64),
    ("Квалификация", 3, 170, 25, 91),
    ("Расчёт", 4, 240, 16, 78),
    ("КП отправлено", 5, 310, 24, 103),
    ("Согласование", 10, 450, 10, 51),
    ("Договор и оплата", 6, 810, 4, 25),
)
SERVICE_STAGES = (
    ("Заявка на обслуживание", 1, 300, 20, 10),
    ("Осмотр объекта", 5, 420, 20, 16),
    ("Предложение", 5, 520, 30, 16),
    ("Договор", 5, 850, 5, 8),
)
FUNNELS = (("Вентиляция и климат", STAGES), ("Сервисные договоры", SERVICE_STAGES))
REASONS = (
    ("Цена", ("Дорого", "Нашли дешевле", "Не хватило бюджета")),
    ("Сроки", ("Долгий срок поставки", "Не успели с расчётом")),
    ("Конкурент", ("Ушли к конкуренту", "Остались у прежнего подрядчика")),
    ("Проект", ("Проект заморожен", "Проект отменён", "Сделали своими силами")),
    ("Связь", ("Не отвечает", "Неверный контакт")),
    ("Прочее", ("Другое",)),
)
OTHER = "Другое"
EARLY_REASONS = (
    "Не отвечает", "Неверный контакт", "Не хватило бюджета", "Сделали своими силами",
)  # fmt: skip
LATE_REASONS = (
    "Дорого", "Дорого", "Нашли дешевле", "Долгий срок поставки", "Не успели с расчётом",
    "Ушли к конкуренту", "Остались у прежнего подрядчика", "Проект заморожен",
    "Проект отменён",
)  # fmt: skip
PRODUCTS = (
    ("Приточная установка ПВ-1000", 186_000), ("Приточная установка ПВ-3000", 412_000),
    ("Приточно-вытяжная установка с рекуперацией", 695_000),
    ("Вытяжной вентилятор крышный", 74_500),
    ("Вентилятор канальный 315", 21_900), ("Чиллер 60 кВт", 1_480_000),
    ("Фанкойл кассетный", 58_300), ("Мультизональная система, наружный блок", 870_000),
    ("Сплит-система 7 кВт", 89_900), ("Тепловая завеса 2 м", 47_600),
    ("Воздуховоды, комплект 100 м²", 134_000), ("Автоматика и щит управления", 118_000),
    ("Монтаж вентиляции, зона", 96_000), ("Пусконаладка", 64_000),
    ("Годовое обслуживание", 78_000),
)  # fmt: skip
# Name, share of the inquiries, odds of a win.
SOURCES = (
    ("Форма на сайте", 36, 1.0),
    ("Звонок по рекламе", 18, 0.8),
    ("Почта", 14, 0.95),
    ("Рекомендация", 12, 1.9),
    ("Отраслевая выставка", 8, 0.75),
    ("Повторное обращение", 12, 1.3),
)
FACILITIES = (
    "Склад", "Производство", "Офис", "Магазин", "Медцентр", "Ресторан", "Школа", "Жильё",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage with its norm in working seconds and the weights of what happens on it."""

    id: int
    name: str
    norm: int
    losses: int
    standing: int


@dataclass(frozen=True, slots=True)
class FunnelPlan:
    """A funnel with its stages in order."""

    id: int
    stages: list[StagePlan]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of refusal with its group's name."""

    id: int
    name: str
    group: str


@dataclass(slots=True)
class Catalogue:
    """Everything by name, with ids."""

    funnels: list[FunnelPlan] = field(default_factory=list)
    reasons: dict[str, Reason] = field(default_factory=dict)
    products: list[tuple[int, str, int]] = field(default_factory=list)
    sources: list[tuple[int, str, int, float]] = field(default_factory=list)
    area_key: str = ""
    facility_key: str = ""
    delivery_key: str = ""


def stock(*, ids: Ids, batch_id: int) -> Catalogue:
    """Insert funnels, reasons, products, sources and custom fields."""
    catalogue = Catalogue()
    _funnels(catalogue, ids, batch_id)
    _reasons(catalogue, ids, batch_id)
    for name, rubles in PRODUCTS:
        catalogue.products.append((ids.next(Product), name, rubles * 100))
    Product.objects.bulk_create(
        Product(pk=pk, name=name, price_kopecks=price, batch_id=batch_id)
        for pk, name, price in catalogue.products
    )
    catalogue.sources = [(ids.next(Source), *source) for source in SOURCES]
    Source.objects.bulk_create(
        Source(pk=pk, name=name, batch_id=batch_id) for pk, name, _, _ in catalogue.sources
    )
    _custom_fields(catalogue, ids, batch_id)
    return catalogue


def _funnels(catalogue: Catalogue, ids: Ids, batch_id: int) -> None:
    rows = []
    for place, (name, stages) in enumerate(FUNNELS):
        funnel = Funnel.objects.create(
            pk=ids.next(Funnel), name=name, place=place, batch_id=batch_id
        )
        plan = FunnelPlan(funnel.pk, [])
        for number, (title, days, chance, losses, standing) in enumerate(stages, start=1):
            pk, norm = ids.next(Stage), days * DAY
            plan.stages.append(StagePlan(pk, title, norm, losses, standing))
            rows.append(
                Stage(
                    pk=pk,
                    funnel=funnel,
                    name=title,
                    place=number,
                    norm_seconds=norm,
                    win_permille=chance,
                    indicator_name=INDICATORS[title].name,
                    indicator_kind=INDICATORS[title].kind,
                    indicator_unit=INDICATORS[title].unit,
                    indicator_choices=list(INDICATORS[title].choices),
                    batch_id=batch_id,
                )
            )
        catalogue.funnels.append(plan)
    Stage.objects.bulk_create(rows)


def _reasons(catalogue: Catalogue, ids: Ids, batch_id: int) -> None:
    rows = []
    for place, (group, names) in enumerate(REASONS):
        group_id = ids.next(RefusalReason)
        rows.append(RefusalReason(pk=group_id, name=group, place=place, batch_id=batch_id))
        for number, name in enumerate(names):
            reason = Reason(ids.next(RefusalReason), name, group)
            catalogue.reasons[name] = reason
            rows.append(
                RefusalReason(
                    pk=reason.id,
                    name=name,
                    group_id=group_id,
                    is_other=name == OTHER,
                    place=number,
                    batch_id=batch_id,
                )
            )
    RefusalReason.objects.bulk_create(rows)


def _custom_fields(catalogue: Catalogue, ids: Ids, batch_id: int) -> None:
    area, facility, delivery = (
        CustomField(pk=ids.next(CustomField), batch_id=batch_id, **more)
        for more in (
            {"scope": "client", "name": "Площадь объекта, м²", "kind": "number"},
            {
                "scope": "client",
                "name": "Тип объекта",
                "kind": "choice",
                "options": list(FACILITIES),
                "place": 1,
            },
            {"scope": "deal", "name": "Срок поставки", "kind": "date"},
        )
    )
    CustomField.objects.bulk_create([area, facility, delivery])
    catalogue.area_key, catalogue.facility_key = area.key, facility.key
    catalogue.delivery_key = delivery.key
