"""Opening a deal, changing its fields and lines, handing it over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from voronka.clients.cards import ChangedMeanwhileError, source_named
from voronka.clients.custom_fields import clean_custom
from voronka.clients.models import Client
from voronka.deals.models import Deal, DealLine, Funnel, Product, Stage
from voronka.deals.move_rules import demand_move
from voronka.foundation.errors import RefusalError
from voronka.foundation.money import line_total
from voronka.foundation.turns import take_turn
from voronka.journal import actions as journal
from voronka.journal.kinds import DealChanged, DealHandedOver, DealOpened, StageEntered
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

TOP_KOPECKS = 10**15


class BadAmountError(RefusalError):
    """A sum below zero or beyond ten trillion roubles."""

    code = "bad_amount"


class NoFunnelError(RefusalError):
    """There is no active funnel with a stage to put the deal on."""

    code = "no_funnel"


class TitleMissingError(RefusalError):
    """A deal needs a title."""

    code = "title_missing"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A product line as typed: kopecks, thousandths of a piece, hundredths of a percent."""

    name: str
    price_kopecks: int
    quantity_milli: int = 1000
    discount_hundredths: int = 0
    vat_percent: int = 20
    product_id: int | None = None


@transaction.atomic
def open_deal(
    *,
    client_id: int,
    title: str,
    by: Viewer,
    at: datetime,
    amount_kopecks: int | None = None,
    funnel_id: int | None = None,
    manager_id: int | None = None,
    source: str = "",
    expected_close_on: date | None = None,
) -> Deal:
    """Open a deal with a client on the first stage of a funnel (the first active by default).

    Raises: Client.DoesNotExist, NoFunnelError, TitleMissingError, BadAmountError,
        PermissionError; none leaves a trace.
    Records: DealOpened, StageEntered.
    """
    if not by.may("deal", "change"):
        raise PermissionError("deal")
    if not title.strip():
        raise TitleMissingError
    client = Client.objects.visible_to(by).get(pk=client_id)
    stage = _first_stage(funnel_id)
    deal = _numbered(
        title=title.strip()[:300],
        client=client,
        funnel_id=stage.funnel_id,
        stage=stage,
        stage_since=at,
        manager_id=manager_id or client.manager_id or by.by_id,
        amount_kopecks=sound_amount(amount_kopecks),
        source=source_named(source) or client.source,
        created_at=at,
        attempt_since=at,
        expected_close_on=expected_close_on,
    )
    opened = DealOpened(attempt=1, amount_kopecks=deal.amount_kopecks, title=deal.title)
    journal.record(opened, about=about_deal(deal), by_id=by.by_id, at=at)
    entered = StageEntered(
        attempt=1,
        from_stage_id=None,
        to_stage_id=stage.pk,
        stage_name=stage.name,
        seconds_in_previous=0,
    )
    journal.record(entered, about=about_deal(deal), by_id=by.by_id, at=at)
    return deal


@transaction.atomic
def change_deal(
    *,
    deal_id: int,
    by: Viewer,
    at: datetime,
    fields: Mapping[str, Any],
    version: int | None = None,
) -> Deal:
    """Change title, amount_kopecks, source, expected_close_on, note, external_id or custom.

    Raises: Deal.DoesNotExist, ChangedMeanwhileError, TitleMissingError, BadAmountError,
        BadFieldValueError; none leaves a trace.
    Records: DealChanged, only when something changed.
    """
    deal = changeable(deal_id, by, version)
    before = _snapshot(deal)
    if "amount_kopecks" in fields and not deal.lines.exists():
        deal.amount_kopecks = sound_amount(fields["amount_kopecks"])
    if "title" in fields:
        deal.title = str(fields["title"]).strip()[:300]
    if not deal.title:
        raise TitleMissingError
    if "source" in fields:
        deal.source = source_named(fields["source"])
    for name in ("expected_close_on", "note", "external_id"):
        if name in fields:
            setattr(deal, name, fields[name])
    if "custom" in fields:
        deal.custom = clean_custom("deal", fields["custom"], before=deal.custom)
    _save_changes(deal, before, by, at)
    return deal


@transaction.atomic
def put_lines(
    *, deal_id: int, lines: Sequence[Line], by: Viewer, at: datetime, version: int | None = None
) -> Deal:
    """Replace the product lines; the deal's amount becomes their sum, to the kopeck.

    Raises: Deal.DoesNotExist, ChangedMeanwhileError, BadAmountError; none leaves a trace.
    Records: DealChanged.
    """
    deal = changeable(deal_id, by, version)
    before = _snapshot(deal)
    rows = [_line_row(deal, line) for line in lines if line.name.strip()]
    deal.lines.all().delete()
    DealLine.objects.bulk_create(rows)
    if rows:
        deal.amount_kopecks = sound_amount(sum(total_of(row) for row in rows))
    _save_changes(deal, before, by, at)
    return deal


@transaction.atomic
def hand_over_deal(*, deal_id: int, to_id: int, by: Viewer, at: datetime) -> Deal:
    """Give a deal to another active person; to the same one does nothing.

    Raises: Deal.DoesNotExist, Person.DoesNotExist, MoveForbiddenError.
    Records: DealHandedOver.
    """
    deal = changeable(deal_id, by)
    to = Person.objects.get(pk=to_id, is_active=True)
    if deal.manager_id == to.pk:
        return deal
    demand_move(deal, "hand_over", by=by)
    body = DealHandedOver(from_id=deal.manager_id, to_id=to.pk)
    deal.manager = to
    deal.version += 1
    deal.save(update_fields=["manager", "version"])
    journal.record(body, about=about_deal(deal), by_id=by.by_id, at=at)
    return deal


def changeable(deal_id: int, by: Viewer, version: int | None = None) -> Deal:
    """Fetch and lock a deal that `by` may change, as it was when it was read.

    Raises: Deal.DoesNotExist, ChangedMeanwhileError when `version` is another one.
    """
    rows = Deal.objects.changeable_by(by).select_related("stage", "manager")
    deal = rows.select_for_update(of=("self",)).get(pk=deal_id)
    demand_version(deal, version)
    return deal


def demand_version(deal: Deal, version: int | None) -> None:
    """Raise ChangedMeanwhileError when a deal is not as it was when it was read."""
    if version is not None and version != deal.version:
        raise ChangedMeanwhileError(version=deal.version, stage=deal.stage.name)


def about_deal(deal: Deal) -> journal.About:
    """Name the deal and its dimensions, as they are now, for the journal."""
    return journal.About(
        case=deal.case,
        client_id=deal.client_id,
        deal_id=deal.pk,
        funnel_id=deal.funnel_id,
        stage_id=deal.stage_id,
        source_id=deal.source_id,
        owner_id=deal.manager_id,
        team_id=deal.manager.team_id if deal.manager else None,
    )


def note_next_step(*, deal_id: int, due_at: datetime | None) -> None:
    """Mirror the earliest open step on the deal; the agenda calls this in its own action."""
    Deal.objects.filter(pk=deal_id).update(next_step_at=due_at)


def _numbered(**columns: Any) -> Deal:
    """Write a deal with the next number."""
    take_turn("deal number")
    top = Deal.objects.aggregate(top=Max("number"))["top"] or 1000
    return Deal.objects.create(number=top + 1, **columns)


def sound_amount(kopecks: int | None) -> int | None:
    """Let a sum through. Raises: BadAmountError below zero or beyond reason."""
    if kopecks is not None and not 0 <= kopecks <= TOP_KOPECKS:
        raise BadAmountError(kopecks=kopecks)
    return kopecks


def total_of(row: DealLine) -> int:
    """Give a line's sum in kopecks, discount taken off."""
    return line_total(row.price_kopecks, row.quantity_milli, row.discount_hundredths)


def product_named(name: str, price_kopecks: int = 0) -> Product:
    """Find a product by name, making it when it is new."""
    return Product.objects.get_or_create(
        name=name.strip()[:200], defaults={"price_kopecks": price_kopecks}
    )[0]


def _first_stage(funnel_id: int | None) -> Stage:
    funnels = Funnel.objects.filter(is_active=True)
    if funnel_id is not None:
        funnels = funnels.filter(pk=funnel_id)
    funnel = funnels.order_by("place", "pk").first()
    stages = Stage.objects.filter(funnel=funnel, retired_at=None).order_by("place")
    stage = stages.first() if funnel else None
    if stage is None:
        raise NoFunnelError
    return stage


def _line_row(deal: Deal, line: Line) -> DealLine:
    if line.price_kopecks < 0 or line.quantity_milli <= 0:
        raise BadAmountError(kopecks=line.price_kopecks)
    if not 0 <= line.discount_hundredths <= 10_000:
        raise BadAmountError(discount=line.discount_hundredths)
    return DealLine(
        deal=deal,
        product_id=line.product_id or product_named(line.name, line.price_kopecks).pk,
        name=line.name.strip()[:200],
        price_kopecks=line.price_kopecks,
        quantity_milli=line.quantity_milli,
        discount_hundredths=line.discount_hundredths,
        vat_percent=line.vat_percent,
    )


def _save_changes(deal: Deal, before: dict[str, Any], by: Viewer, at: datetime) -> None:
    after = _snapshot(deal)
    names = dict.fromkeys([*before, *after])
    changes = {k: [before.get(k), after.get(k)] for k in names if before.get(k) != after.get(k)}
    if not changes:
        return
    deal.version = F("version") + 1
    deal.save()
    deal.refresh_from_db()
    body = DealChanged(changes=changes)
    journal.record(body, about=about_deal(deal), by_id=by.by_id, at=at)


def _snapshot(deal: Deal) -> dict[str, Any]:
    lines = [f"{x.name} × {x.quantity_milli / 1000:g}" for x in deal.lines.order_by("pk")]
    return {
        "title": deal.title,
        "amount_kopecks": deal.amount_kopecks,
        "source": deal.source.name if deal.source else "",
        "expected_close_on": str(deal.expected_close_on or ""),
        "note": deal.note,
        "external_id": deal.external_id,
        "lines": "; ".join(lines),
        **deal.custom,
    }
