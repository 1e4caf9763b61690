"""Call-backs of the past stand beside those that are tasks; an index for the figures."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("calls", "0081_recordings_in_a_store")]

    operations = [
        migrations.AddField(
            model_name="callback",
            name="is_past",
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(model_name="callback", name="call_back_once_while_open"),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.UniqueConstraint(
                condition=Q(closed_at__isnull=True, is_past=False),
                fields=("phone",),
                name="call_back_once_while_open",
            ),
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(
                fields=["first_missed_at", "how", "wait_seconds", "owner"],
                name="call_back_of_period",
            ),
        ),
    ]
