"""What was found in a funnel's own past, kept until it is looked for again."""

from typing import Any

from django.db import models

from voronka.deals.models import Funnel


class Finding(models.Model):
    """The latest report on a funnel; `asked_at` is later than `made_at` while it is made."""

    funnel = models.OneToOneField(Funnel, models.CASCADE)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    report: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
