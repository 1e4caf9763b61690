"""What a file may be loaded as, and the fields it may fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from types import MappingProxyType
from typing import Literal

from voronka.importing import synonyms

Kind = Literal[
    "text", "phone", "mail", "inn", "kpp", "ogrn", "moment", "day", "money", "seconds",
    "flag", "choice",
]  # fmt: skip
Choices = Mapping[str, tuple[str, ...]]
CUSTOM = "custom:"


@dataclass(frozen=True)
class Target:
    """A field that a column may fill. `choices`: for kind "choice", words by stored value.

    `is_multiple`: several columns may fill it, one value each.
    """

    field: str
    kind: Kind = "text"
    required: bool = False
    is_multiple: bool = False
    choices: Choices = made_by(default_factory=lambda: MappingProxyType({}))
    synonyms_ru_en: tuple[str, ...] = ()


def custom_field(name: str) -> str:
    """Give the field for a column that no target fits: it becomes a field of the card."""
    return f"{CUSTOM}{name.strip()[:120]}"


def custom_name(field: str) -> str | None:
    """Give the column's name out of `custom:<name>`, or None for a field of ours."""
    return field.removeprefix(CUSTOM) if field.startswith(CUSTOM) else None


def targets_of(as_: str) -> tuple[Target, ...]:
    """Give the fields of "clients", "deals", "inquiries", "calls" or "history".

    Raises: KeyError.
    """
    return TARGETS[as_]


def _targets(as_: str, fields: str, choices: Mapping[str, Choices]) -> tuple[Target, ...]:
    """Read "name* phone+:phone ...": * is required, + takes several columns, :kind."""
    words = synonyms.SYNONYMS[as_]
    made = []
    for each in fields.split():
        name, _, kind = each.partition(":")
        bare = name.rstrip("*+")
        made.append(
            Target(
                field=bare,
                kind=kind or "text",  # type: ignore[arg-type]
                required="*" in name,
                is_multiple="+" in name,
                choices=choices.get(bare, MappingProxyType({})),
                synonyms_ru_en=words[bare],
            )
        )
    return tuple(made)


_OUTCOME: Choices = {
    "won": (
        "выиграна", "успешно реализовано", "успешно", "успех", "продажа", "оплачено", "выигран",
        "сделка успешна", "closed won", "success", "сделка заключена", "выиграно", "yes", "да",
        "1", "true",
    ),
    "lost": (
        "проиграна", "закрыто и не реализовано", "отказ", "провал", "проигран", "проиграно",
        "сделка провалена", "closed lost", "fail", "не реализовано", "анализ причины провала",
    ),
    "open": (
        "в работе", "открыта", "активна", "in progress", "process", "no", "нет", "0", "false",
    ),
}  # fmt: skip
_KIND: Choices = {
    "company": (
        "компания", "юрлицо", "юр. лицо", "юридическое лицо", "организация", "b2b",
        "индивидуальный предприниматель", "ип",
    ),
    "person": (
        "человек", "физлицо", "физ. лицо", "физическое лицо", "частное лицо", "контакт",
        "contact", "individual", "b2c",
    ),
}  # fmt: skip
_STATE: Choices = {
    "targeted": ("целевое", "целевой", "целевая", "qualified", "квалифицирован", "да", "1"),
    "not_targeted": (
        "нецелевое", "нецелевой", "нецелевая", "не целевое", "не целевой", "unqualified",
        "некачественный", "некачественный лид", "junk", "нет", "0",
    ),
    "spam": ("спам",),
    "duplicate": ("дубль", "дубликат", "повтор", "double"),
}  # fmt: skip
_DIRECTION: Choices = {
    "in": ("входящий", "входящее", "вх", "вх.", "inbound", "incoming"),
    "out": ("исходящий", "исходящее", "исх", "исх.", "outbound", "outgoing"),
}
_CALL_END: Choices = {
    "answered": ("отвечен", "принят", "разговор", "успешный", "agent", "success"),
    "missed": ("пропущен", "пропущенный", "не отвечен", "без ответа", "hang", "abandoned"),
    "busy": ("занято", "busy line"),
    "no_answer": ("нет ответа", "не дозвонились", "no answer", "noanswer"),
    "failed": ("ошибка", "не состоялся", "phantom", "error"),
}
_CHANNEL: Choices = {
    "form": ("форма", "форма на сайте", "сайт", "web", "website", "веб-форма", "web form",
             "api", "landing page submission", "lead add form", "crm-форма", "webform"),
    "call": ("звонок", "телефон", "phone", "колл-трекинг"),
    "mail": ("почта", "e-mail", "email", "письмо"),
    "messenger": ("мессенджер", "чат", "chat", "olark chat", "telegram", "whatsapp", "телеграм",
                  "вконтакте", "viber", "открытая линия"),
    "hand": ("вручную", "менеджер", "manual", "выставка", "рекомендация"),
    "file": ("файл", "импорт", "загрузка", "import", "lead import"),
}  # fmt: skip

TARGETS: Mapping[str, tuple[Target, ...]] = MappingProxyType(
    {
        "clients": _targets(
            "clients",
            "external_id kind:choice name* legal_name phone+:phone email+:mail inn:inn kpp:kpp "
            "ogrn:ogrn address city website industry source owner contact_name contact_post "
            "created_at:moment note",
            {"kind": _KIND},
        ),
        "deals": _targets(
            "deals",
            "external_id number title client_name client_inn:inn client_phone+:phone "
            "client_email+:mail client_external_id amount:money owner funnel stage "
            "created_at:moment closed_at:moment outcome:choice refusal_reason refusal_detail "
            "source product expected_close_on:day note",
            {"outcome": _OUTCOME},
        ),
        "inquiries": _targets(
            "inquiries",
            "external_id arrived_at*:moment channel:choice source campaign utm_source "
            "utm_medium name phone+:phone email+:mail text owner state:choice state_reason "
            "answered_at:moment outcome:choice won_at:moment amount:money refusal_reason "
            "product",
            {"channel": _CHANNEL, "state": _STATE, "outcome": _OUTCOME},
        ),
        "calls": _targets(
            "calls",
            "external_id started_at*:moment started_clock:seconds direction:choice "
            "client_phone:phone owner line wait_seconds:seconds talk_seconds:seconds "
            "menu_seconds:seconds answered:flag outcome:choice",
            {"direction": _DIRECTION, "outcome": _CALL_END},
        ),
        "history": _targets(
            "history",
            "case* activity* at*:moment person lifecycle amount:money outcome:choice",
            {"outcome": _OUTCOME},
        ),
    }
)
"""Fields by what the file is loaded as."""
