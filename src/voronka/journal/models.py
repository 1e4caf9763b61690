"""Facts: append-only rows that say what happened, and the batches they came in."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from voronka.journal.viewer import Viewer


class Batch(models.Model):
    """Rows that came in together: one import, or the demonstration data.

    Facts of an undone batch stay in the journal and are no longer counted.
    """

    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)


class FactQuerySet(models.QuerySet["Fact"]):
    """Reads of the journal, narrowed by who asks."""

    def visible_to(self, viewer: Viewer) -> "FactQuerySet":
        """Keep what the viewer may read: own, subtree's or all owners' facts."""
        reach = viewer.reach("fact", "read")
        return self if reach is None else self.filter(owner_id__in=reach)

    def counted(self, as_of: datetime | None = None) -> "FactQuerySet":
        """Leave out the facts of batches undone by `as_of` (default: ever)."""
        undone = Batch.objects.filter(undone_at__isnull=False)
        if as_of is not None:
            undone = undone.filter(undone_at__lte=as_of)
        return self.filter(Q(batch_id__isnull=True) | ~Q(batch_id__in=undone.values("pk")))


class Fact(models.Model):
    """What happened, when, to which case, by whom; with its measure and its dimensions.

    Dimensions (owner, team, funnel, stage, source) are as they were at the moment. Rows are
    never updated or deleted: a database trigger refuses both. Under an erasure permit the body
    alone may change (`journal.erasing`).
    """

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=40)
    case = models.CharField(max_length=40)
    by_id = models.BigIntegerField(null=True)
    owner_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    client_id = models.BigIntegerField(null=True)
    deal_id = models.BigIntegerField(null=True)
    funnel_id = models.BigIntegerField(null=True)
    stage_id = models.BigIntegerField(null=True)
    source_id = models.BigIntegerField(null=True)
    measure = models.BigIntegerField(null=True)
    body: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    batch_id = models.BigIntegerField(null=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "at"], name="fact_kind_at"),
            models.Index(fields=["client_id", "at"], name="fact_client_at"),
            models.Index(
                fields=["deal_id", "at"],
                name="fact_deal_at",
                condition=Q(deal_id__isnull=False),
            ),
            models.Index(
                fields=["batch_id"], name="fact_batch", condition=Q(batch_id__isnull=False)
            ),
        ]


class PurgePermit(models.Model):
    """While a row stands here, facts may be deleted: demonstration data being purged.

    Written and removed inside one transaction, so no other connection ever sees it.
    """

    reason = models.CharField(max_length=200)


class ErasurePermit(models.Model):
    """While a row stands here, bodies of facts may change: somebody's data is being erased.

    Written and removed inside one transaction, so no other connection ever sees it.
    """

    reason = models.CharField(max_length=200)
