"""What is recorded on each stage of the demonstration, and what it softly demands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndicatorPlan:
    """A stage's figure: its name, kind, unit and choices."""

    name: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()


ANSWERS = ("Согласны", "Хотят дешевле", "Сравнивают", "Отложили")
INDICATORS = {
    "Новое обращение": IndicatorPlan("Целевой клиент", "flag"),
    "Квалификация": IndicatorPlan("Бюджет клиента", "money"),
    "Расчёт": IndicatorPlan("Установок в расчёте", "number", "шт"),
    "КП отправлено": IndicatorPlan("Сумма КП", "money"),
    "Согласование": IndicatorPlan("Ответ на КП", "choice", "", ANSWERS),
    "Договор и оплата": IndicatorPlan("Дата оплаты", "date"),
    "Заявка на обслуживание": IndicatorPlan("Объектов в заявке", "number", "шт"),
    "Осмотр объекта": IndicatorPlan("Единиц оборудования", "number", "шт"),
    "Предложение": IndicatorPlan("Платёж в месяц", "money"),
    "Договор": IndicatorPlan("Начало обслуживания", "date"),
}
DEMANDS = (
    ("Квалификация", "talk", 60),
    ("Расчёт", "next_step", 0),
    ("КП отправлено", "indicator", 0),
)
"""Stage, kind and least seconds; all of them soft."""
DEMANDED_DAYS = 45
WHY_PASSED = (
    "клиент торопит, запишу позже", "сумму уточняют", "КП ушло с письмом, внесу вечером",
    "договорились устно", "считает партнёр",
)  # fmt: skip
