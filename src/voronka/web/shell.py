"""What stands around every page: navigation with counts, the mode line, quick acts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as django_render
from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.calls.dialling import can_dial
from voronka.control.queries import shell_counts
from voronka.web import formats
from voronka.web.pages import ADMINISTRATORS, HEADS, RULERS, SELLING, settings_of, viewer


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    name: str
    address: str
    icon: str
    title: str
    count: int = 0
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    links: list[Link]
    title: str = ""
    foot: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """All that the frame of a page shows."""

    groups: list[Group]
    bottom: list[Link]
    acts: list[Link]
    mode: str
    sells: bool = field(default=True)
    dials: bool = field(default=False)
    unread: int = 0


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """Draw a whole page inside the shell; `here` names the current entry."""
    frame = {
        "shell": shell_of(request),
        "here": here,
        "LANG": formats.language(),
        "now": context.get("now") or now(),
    }
    return django_render(request, template, context | frame, status=status)


def part(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Draw a part of a page, to be swapped in."""
    return django_render(request, template, context, status=status)


def now() -> datetime:
    """Read the clock: pages do it here and pass it down."""
    return datetime.now(UTC)


def shell_of(request: HttpRequest) -> Shell:
    """Work out the frame for the person who asks, one query."""
    role = viewer(request).role
    waiting, deals, slips, unread = shell_counts(viewer=viewer(request))
    main = [
        Link("today", reverse("today"), "today", _("Сегодня")),
        Link("inquiries", reverse("inquiries"), "inbox", _("Обращения"), waiting),
        Link("board", reverse("board"), "board", _("Сделки"), deals),
        Link("clients", reverse("clients"), "clients", _("Клиенты")),
    ]
    heads = role in HEADS
    slip_title = _("Огрехи") if heads else _("Мои огрехи")
    figures_title = _("Показатели") if heads else _("Мои показатели")
    watch = [
        Link("slips", reverse("slips"), "slip", slip_title, slips, True),
        Link("figures", reverse("figures"), "kpi", figures_title),
    ]
    watch.append(Link("regulation", reverse("regulation"), "doc", _("Регламент")))
    if heads:
        watch.append(Link("people", reverse("people"), "shield", _("Доступ и люди")))
    foot = []
    if role in RULERS:
        foot.append(Link("import", reverse("import"), "import", _("Импорт")))
        title = _("Воронка из работы")
        foot.append(Link("discovery", reverse("discovery"), "funnel", title))
        foot.append(Link("settings", reverse("settings"), "gear", _("Настройки")))
    if role in ADMINISTRATORS:
        foot.append(Link("jobs", reverse("jobs"), "clock", _("Фоновая работа")))
    groups = [Group(main), Group(watch, _("Контроль") if heads else _("Моё"))]
    if foot:
        groups.append(Group(foot, foot=True))
    more = Link("account", reverse("account"), "more", _("Ещё"))
    bottom = [main[0], main[1], main[2], watch[0], more]
    dials = _dials(request, role)
    return Shell(groups, bottom, _acts(role), _mode(request), role in SELLING, dials, unread)


def _dials(request: HttpRequest, role: str) -> bool:
    """Say whether a click on a number makes the person's own telephone ring."""
    return role in SELLING and bool(getattr(request.user, "extension", "")) and can_dial()


def _acts(role: str) -> list[Link]:
    if role not in SELLING:
        return []
    return [
        Link("new", reverse("inquiry-new"), "plus", _("Записать обращение")),
        Link("new", reverse("client-new"), "clients", _("Завести клиента")),
    ]


def _mode(request: HttpRequest) -> str:
    if settings.IS_DEMO:
        return _("Демонстрация: фирма и люди выдуманы, наружу ничего не уходит.")
    if settings_of(request)["trial_mode"]:
        return _("Пробный режим: правила только предупреждают, наружу ничего не уходит.")
    return ""
