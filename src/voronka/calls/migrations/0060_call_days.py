"""The figures of a day, laid down; where a call's client had come from; two indexes."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("calls", "0100_hooks"), ("clients", "0040_erased")]

    operations = [
        migrations.CreateModel(
            name="CallDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("person_id", models.IntegerField()),
                ("rules", models.CharField(max_length=120)),
                ("sums", models.TextField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="callday",
            constraint=models.UniqueConstraint(
                fields=["starts_at", "person_id"], name="call_day_once_per_person"
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="source",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="clients.source",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=Q(direction="in", is_answered=False, removed_at__isnull=True),
                fields=[
                    "started_at", "phone", "manager", "wait_seconds", "outcome", "direction",
                    "is_answered", "state", "removed_at",
                ],
                name="call_missed",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=Q(direction="out", removed_at__isnull=True),
                fields=[
                    "started_at", "phone", "manager", "talk_seconds", "direction", "state",
                    "removed_at",
                ],
                name="call_out_numbers",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=Q(talk_seconds__gt=0),
                fields=[
                    "started_at", "talk_seconds", "manager", "deal", "state", "removed_at",
                ],
                name="call_talks",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                fields=["phone", "started_at", "talk_seconds", "direction", "removed_at"],
                name="call_of_number",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["manager", "-started_at", "-id"], name="call_of_person"),
        ),
    ]
