"""The call-backs of calls that were loaded before are made by a job, once."""

from datetime import UTC, datetime

from django.db import migrations

TASK = "voronka.calls.jobs.lay_past_call_backs"


def ask(apps, schema_editor):
    """Ask for it where there are calls; twice does no harm."""
    if not apps.get_model("calls", "Call").objects.exists():
        return
    now = datetime.now(UTC)
    apps.get_model("foundation", "Job").objects.create(
        task=TASK, arguments={}, priority=-5, created_at=now, run_at=now
    )


class Migration(migrations.Migration):
    dependencies = [("calls", "0120_call_backs_of_the_past"), ("foundation", "0002_stamp")]
    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
