"""First funnels by trade: what a firm starts from before its own journal says better.

Names are in Russian: they become the firm's own data, not texts of the interface.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from voronka.deals.funnels import put_funnel, put_reason, put_stage
from voronka.deals.indicators import put_indicator
from voronka.deals.models import Funnel, RefusalReason
from voronka.deals.starter_indicators import INDICATORS
from voronka.journal.viewer import Viewer

DAY = 9 * 3600

Stages = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Starter:
    """A trade: stages with their norms in working days, and reasons of refusal by group."""

    code: str
    funnel: str
    stages: Stages
    reasons: dict[str, tuple[str, ...]]


COMMON: dict[str, tuple[str, ...]] = {
    "Цена": ("Дорого", "Нет бюджета"),
    "Сроки": ("Долго ждать", "Отложили покупку"),
    "Конкурент": ("Ушли к другому поставщику", "Остались с прежним"),
    "Не наш клиент": ("Нет потребности", "Не занимаемся этим"),
    "Мы сами": ("Поздно ответили", "Не перезвонили"),
    "Связь": ("Не выходит на связь",),
    "Другое": ("Другое",),
}

STARTERS: dict[str, Starter] = {
    one.code: one
    for one in (
        Starter(
            "equipment",
            "Продажи",
            (
                ("Новое обращение", 0.5),
                ("Квалификация", 2),
                ("Расчёт", 4),
                ("КП отправлено", 5),
                ("Согласование", 7),
                ("Договор и оплата", 10),
            ),
            COMMON | {"Объект": ("Не подошло по замеру", "Стройка остановлена")},
        ),
        Starter(
            "wholesale",
            "Поставки",
            (
                ("Заявка", 0.5),
                ("Подбор и цена", 1),
                ("Счёт", 3),
                ("Оплата", 5),
                ("Отгрузка", 5),
            ),
            COMMON | {"Товар": ("Нет в наличии", "Не тот ассортимент")},
        ),
        Starter(
            "services",
            "Услуги",
            (("Обращение", 0.5), ("Встреча", 5), ("Предложение", 5), ("Договор", 10)),
            COMMON | {"Решение": ("Сделают своими силами",)},
        ),
        Starter(
            "construction",
            "Объекты",
            (
                ("Обращение", 0.5),
                ("Выезд и замер", 3),
                ("Смета", 5),
                ("Согласование сметы", 7),
                ("Договор и аванс", 7),
                ("Работы", 40),
            ),
            COMMON | {"Объект": ("Не подошло по замеру", "Сезон закончился")},
        ),
        Starter(
            "retail",
            "Заказы",
            (("Заказ", 0.5), ("Подтверждение", 1), ("Предоплата", 2), ("Выдача", 5)),
            COMMON | {"Товар": ("Нет в наличии", "Не понравилось при осмотре")},
        ),
        Starter(
            "software",
            "Внедрения",
            (
                ("Обращение", 0.5),
                ("Демонстрация", 5),
                ("Пилот", 20),
                ("Предложение", 5),
                ("Договор", 10),
            ),
            COMMON | {"Решение": ("Пишут сами", "Нет нужной возможности")},
        ),
        Starter(
            "education",
            "Набор",
            (
                ("Заявка", 0.3),
                ("Разговор о целях", 1),
                ("Пробное занятие", 5),
                ("Договор", 3),
                ("Оплата", 3),
            ),
            COMMON | {"Обучение": ("Не подошло расписание", "Учится в другом месте")},
        ),
        Starter(
            "realty",
            "Объекты",
            (
                ("Обращение", 0.3),
                ("Подбор", 2),
                ("Показ", 5),
                ("Бронь", 5),
                ("Ипотека и документы", 20),
                ("Сделка", 10),
            ),
            COMMON | {"Объект": ("Не подошёл район", "Не одобрили ипотеку")},
        ),
        Starter(
            "repair",
            "Сервис",
            (
                ("Обращение", 0.3),
                ("Диагностика", 1),
                ("Согласование цены", 1),
                ("Ремонт", 5),
                ("Выдача и оплата", 2),
            ),
            COMMON | {"Ремонт": ("Ремонт невыгоден", "Нет деталей")},
        ),
        Starter("other", "Продажи", (("Новая", 1), ("В работе", 5), ("Решение", 5)), COMMON),
    )
}


@transaction.atomic
def start_with(code: str, *, by: Viewer, at: datetime) -> Funnel:
    """Make the first funnel and reasons of a trade; with a funnel there already, nothing.

    Raises: KeyError for an unknown trade, PermissionError.
    """
    starter = STARTERS[code]
    there = Funnel.objects.filter(is_active=True).order_by("place").first()
    if there is not None and there.stages.filter(retired_at=None).exists():
        return there
    funnel = put_funnel(funnel_id=None, name=starter.funnel, by=by, at=at)
    for name, days in starter.stages:
        stage = put_stage(
            funnel_id=funnel.pk,
            stage_id=None,
            name=name,
            norm_seconds=int(days * DAY),
            by=by,
            at=at,
        )
        named, kind, unit, choices = INDICATORS[name]
        put_indicator(
            stage_id=stage.pk, name=named, kind=kind, unit=unit, choices=choices, by=by, at=at
        )
    if not RefusalReason.objects.filter(retired_at=None).exists():
        for group, names in starter.reasons.items():
            for name in names:
                put_reason(name=name, group=group, is_other=name == "Другое", by=by, at=at)
    return funnel
