"""Looking for a funnel's stages in its past, and making a funnel of those accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from voronka.deals.drafts import draft_stages
from voronka.deals.funnels import put_funnel, put_stage
from voronka.deals.models import Funnel
from voronka.discovery.journal_insight import told_by_journal
from voronka.discovery.live_journal import funnel_log
from voronka.discovery.models import Finding
from voronka.discovery.report import report_on
from voronka.foundation.errors import RefusalError
from voronka.journal.viewer import Viewer
from voronka.people import settings
from voronka.people.viewers import SYSTEM


class NoStageAcceptedError(RefusalError):
    """A funnel needs a stage at least."""

    code = "no_stage_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A proposed stage as a person took it: its name, its norm in working seconds, and the
    stage of the funnel that it is already, None for a new one.
    """

    name: str
    norm_seconds: int | None
    stage_id: int | None = None


@transaction.atomic
def ask(*, funnel_id: int, by: Viewer, at: datetime) -> Finding:
    """Note that a report is wanted. Raises: PermissionError, Funnel.DoesNotExist."""
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    funnel = Funnel.objects.get(pk=funnel_id)
    found, _ = Finding.objects.update_or_create(funnel=funnel, defaults={"asked_at": at})
    return found


def find(*, funnel_id: int, at: datetime) -> None:
    """Make the report of a funnel from all that the journal tells by now, and keep it."""
    calendar = settings.calendar(settings.all_settings())

    def clock(begin: int, end: int) -> int:
        one, two = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (begin, end))
        return int(calendar.between(one, two).total_seconds() * 1000)

    report = report_on(funnel_log(funnel_id), clock=clock)
    told = report.to_json() | told_by_journal(
        viewer=SYSTEM, funnel_id=funnel_id, calendar=calendar, at=at
    )
    Finding.objects.filter(funnel_id=funnel_id).update(made_at=at, report=told)


def asked_funnels() -> list[int]:
    """List the funnels whose past was ever looked into."""
    return list(Finding.objects.order_by("funnel_id").values_list("funnel_id", flat=True))


def finding(*, funnel_id: int) -> tuple[datetime | None, datetime | None, dict[str, Any]]:
    """Give when a report was asked for and made, and the report; one query."""
    row = Finding.objects.filter(funnel_id=funnel_id).first()
    return (row.asked_at, row.made_at, row.report) if row else (None, None, {})


@transaction.atomic
def draft(*, funnel_id: int, stages: Sequence[Accepted], by: Viewer, at: datetime) -> None:
    """Make the next version's draft of the accepted stages; those that were not are to go.

    Raises: PermissionError, NoStageAcceptedError, BadSetupError; none leaves a trace.
    """
    if not stages:
        raise NoStageAcceptedError
    taken = [(stage.stage_id, stage.name, stage.norm_seconds) for stage in stages]
    draft_stages(funnel_id=funnel_id, stages=taken, by=by, at=at)


@transaction.atomic
def publish(*, name: str, stages: Sequence[Accepted], by: Viewer, at: datetime) -> Funnel:
    """Make a funnel of the accepted stages, in their order; deals in flight keep theirs.

    Raises: PermissionError, NoStageAcceptedError, BadSetupError; none leaves a trace.
    """
    if not stages:
        raise NoStageAcceptedError
    funnel = put_funnel(funnel_id=None, name=name, by=by, at=at)
    for stage in stages:
        put_stage(
            funnel_id=funnel.pk, stage_id=None, name=stage.name,
            norm_seconds=stage.norm_seconds, by=by, at=at,
        )  # fmt: skip
    return funnel
