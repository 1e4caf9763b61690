"""Funnels with their stages, deals with their lines, and the reasons of refusal."""

from typing import Any

from django.db import models
from django.db.models import Q

from voronka.clients.models import Client, Source
from voronka.journal.viewer import Viewer
from voronka.people.models import Person


class Funnel(models.Model):
    """One way of selling, with its own stages. `moves`: who may move deals how (`move_rules`).

    A draft is a funnel that is not active and stands for the next version of another: no deal
    is ever on its stages. `publish_at` and `plan` hold what was decided about its publishing.
    """

    name = models.CharField(max_length=120)
    place = models.IntegerField(default=0)
    is_active = models.BooleanField(default=True)
    batch_id = models.BigIntegerField(null=True)
    moves: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    draft_of = models.OneToOneField("self", models.CASCADE, null=True, related_name="draft")
    drafted_at = models.DateTimeField(null=True)
    drafted_by = models.ForeignKey(Person, models.SET_NULL, null=True)
    publish_at = models.DateTimeField(null=True)
    plan: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)


class Stage(models.Model):
    """A step of a funnel. `norm_seconds` is working time; `win_permille` comes from history.

    `hint`: what to say and do here, a line each. `entry`: who may put a deal here, by role.
    The indicator is what the manager records here: number, money, date, choice or flag; "" for
    nothing. `origin`: in a draft, the stage that this one will change.
    """

    funnel = models.ForeignKey(Funnel, models.CASCADE, related_name="stages")
    name = models.CharField(max_length=120)
    place = models.IntegerField()
    norm_seconds = models.BigIntegerField(null=True)
    win_permille = models.IntegerField(default=0)
    win_n = models.IntegerField(default=0)
    hint = models.TextField(default="", blank=True)
    entry: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    origin = models.ForeignKey("self", models.SET_NULL, null=True, related_name="shadows")
    indicator_name = models.CharField(max_length=120, default="", blank=True)
    indicator_kind = models.CharField(max_length=8, default="", blank=True)
    indicator_unit = models.CharField(max_length=20, default="", blank=True)
    indicator_choices: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list, blank=True
    )
    retired_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stage_chance_is_a_share", condition=Q(win_permille__range=(0, 1000))
            ),
            models.CheckConstraint(
                name="stage_indicator_has_a_kind",
                condition=Q(indicator_name="", indicator_kind="")
                | ~Q(indicator_name="") & ~Q(indicator_kind=""),
            ),
        ]


class Demand(models.Model):
    """What a deal must have before it leaves a stage forward.

    `kind`: a field is filled, a talk was held (`least` seconds), a step of a kind was done, a
    next step is set, or the stage's indicator is recorded (`what`: the stage's id). Off, warn
    (a reason lets it pass) or require; in force since a day.
    """

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="demands")
    kind = models.CharField(max_length=10)
    what = models.CharField(max_length=60, default="", blank=True)
    least = models.IntegerField(default=0)
    level = models.CharField(max_length=8, default="warn")
    since = models.DateField()
    place = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="demand_kind_is_known",
                condition=Q(kind__in=["field", "talk", "done", "next_step", "indicator"]),
            ),
            models.CheckConstraint(
                name="demand_level_is_known", condition=Q(level__in=["off", "warn", "require"])
            ),
        ]


class Version(models.Model):
    """A funnel's regulation as it was in force from a moment on, to be read and brought back.

    `text`: stages with their demands, and who may move how. `changes`: what differs from the
    version before. `moved`: open deals that went to another stage with it.
    """

    funnel = models.ForeignKey(Funnel, models.CASCADE, related_name="versions")
    number = models.IntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True)
    note = models.CharField(max_length=500, default="", blank=True)
    text: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    changes: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)
    moved = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["funnel", "number"], name="version_number_once")
        ]


class Product(models.Model):
    """What is sold. The price is a suggestion for a line."""

    name = models.CharField(max_length=200, unique=True)
    price_kopecks = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    batch_id = models.BigIntegerField(null=True)


class RefusalReason(models.Model):
    """Why clients refuse, in two levels: a group, and the reasons in it."""

    name = models.CharField(max_length=120)
    group = models.ForeignKey("self", models.PROTECT, null=True, related_name="reasons")
    is_other = models.BooleanField(default=False)
    place = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="refusal_reason_once")
        ]


class DealQuerySet(models.QuerySet["Deal"]):
    """Deals that stand in the base, narrowed by who asks."""

    def live(self) -> "DealQuerySet":
        """Leave out removed deals."""
        return self.filter(removed_at__isnull=True)

    def visible_to(self, viewer: Viewer) -> "DealQuerySet":
        """Keep the deals that the viewer may read."""
        reach = viewer.reach("deal", "read")
        return self.live() if reach is None else self.live().filter(manager_id__in=reach)

    def changeable_by(self, viewer: Viewer) -> "DealQuerySet":
        """Keep the deals that the viewer may change."""
        reach = viewer.reach("deal", "change")
        return self.live() if reach is None else self.live().filter(manager_id__in=reach)


class Deal(models.Model):
    """One possible sale. `outcome` is "" while open; `version` guards against lost updates.

    `next_step_at` mirrors the earliest open step, so that a board needs no join for it.
    `came_from` is no column: the stage that a deal just moved has left. `indicators`: what
    was recorded, by stage id, as `deals.indicators` keeps it.
    """

    came_from: int | None = None

    number = models.IntegerField(unique=True)
    title = models.CharField(max_length=300)
    client = models.ForeignKey(Client, models.PROTECT, related_name="deals")
    funnel = models.ForeignKey(Funnel, models.PROTECT, related_name="deals")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="deals")
    stage_since = models.DateTimeField()
    manager = models.ForeignKey(Person, models.PROTECT, null=True, related_name="deals")
    amount_kopecks = models.BigIntegerField(null=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True)
    created_at = models.DateTimeField()
    attempt = models.IntegerField(default=1)
    attempt_since = models.DateTimeField()
    expected_close_on = models.DateField(null=True)
    next_step_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=4, default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    refusal_reason = models.ForeignKey(RefusalReason, models.PROTECT, null=True)
    refusal_detail = models.CharField(max_length=500, default="", blank=True)
    note = models.TextField(default="", blank=True)
    external_id = models.CharField(max_length=120, default="", blank=True, db_index=True)
    custom: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    indicators: "models.JSONField[dict[str, Any] | None, dict[str, Any] | None]" = (
        models.JSONField(null=True)
    )
    version = models.IntegerField(default=1)
    removed_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    objects = DealQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["stage", "-amount_kopecks", "-id"],
                name="deal_open_on_stage",
                condition=Q(outcome="", removed_at__isnull=True),
            ),
            models.Index(
                fields=["manager", "stage"],
                name="deal_open_of_manager",
                condition=Q(outcome="", removed_at__isnull=True),
            ),
            models.Index(
                fields=["-amount_kopecks", "-id"],
                name="deal_open_by_sum",
                condition=Q(outcome="", removed_at__isnull=True),
            ),
            models.Index(
                fields=["-amount_kopecks", "-id"],
                name="deal_any_by_sum",
                condition=Q(removed_at__isnull=True),
            ),
            # Covers the sums of lists and boards: 8 ms of every page became 1.5.
            models.Index(
                fields=[
                    "funnel",
                    "stage",
                    "manager",
                    "amount_kopecks",
                    "next_step_at",
                    "outcome",
                    "removed_at",
                ],
                name="deal_open_totals",
                condition=Q(outcome="", removed_at__isnull=True),
            ),
            models.Index(fields=["closed_at"], name="deal_closed_at"),
            models.Index(fields=["-created_at", "-id"], name="deal_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="deal_outcome_is_known", condition=Q(outcome__in=["", "won", "lost"])
            ),
            models.CheckConstraint(
                name="deal_lost_has_a_reason",
                condition=~Q(outcome="lost") | Q(refusal_reason__isnull=False),
            ),
            models.CheckConstraint(
                name="deal_closed_has_a_moment",
                condition=Q(outcome="", closed_at__isnull=True)
                | (~Q(outcome="") & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="deal_amount_not_negative",
                condition=Q(amount_kopecks__isnull=True) | Q(amount_kopecks__gte=0),
            ),
        ]

    @property
    def case(self) -> str:
        """The deal's name in the journal."""
        return f"deal:{self.pk}"


class DealLine(models.Model):
    """A product in a deal. Quantity in thousandths, discount in hundredths of a percent."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, null=True)
    name = models.CharField(max_length=200)
    price_kopecks = models.BigIntegerField()
    quantity_milli = models.BigIntegerField(default=1000)
    discount_hundredths = models.IntegerField(default=0)
    vat_percent = models.IntegerField(default=20)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="line_discount_is_a_share",
                condition=Q(discount_hundredths__range=(0, 10000)),
            ),
            models.CheckConstraint(
                name="line_quantity_positive", condition=Q(quantity_milli__gt=0)
            ),
        ]


class SavedView(models.Model):
    """A named filter of the deal list. Rows are narrowed by the reader's rights."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="views")
    name = models.CharField(max_length=80)
    is_shared = models.BooleanField(default=False)
    conditions: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
