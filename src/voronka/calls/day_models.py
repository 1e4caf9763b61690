"""The figures of a day, laid down: a page over a million calls adds up days."""

from django.db import models


class CallDay(models.Model):
    """The figures of one day's calls; see `day_sums`.

    The database itself removes the rows of a day when any call of it is written, changed or
    removed: a row that is there is true. `person_id` 0: everybody's calls, -1: nobody's.
    `rules`: by which hours and norms it was counted; `sums`: `sums.Sums` as text.
    """

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    person_id = models.IntegerField()
    rules = models.CharField(max_length=120)
    sums = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["starts_at", "person_id"], name="call_day_once_per_person"
            )
        ]
