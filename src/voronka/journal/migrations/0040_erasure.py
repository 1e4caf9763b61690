"""Under an erasure permit a fact's body may change, and nothing else of it."""

from django.db import migrations, models

FIXED = (
    "id", "at", "recorded_at", "kind", "case", "by_id", "owner_id", "team_id", "client_id",
    "deal_id", "funnel_id", "stage_id", "source_id", "measure", "batch_id",
)  # fmt: skip
MOVED = " OR ".join(f'new."{name}" IS NOT old."{name}"' for name in FIXED)
MOVED_PG = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in FIXED)
SQLITE = [
    "DROP TRIGGER fact_never_changes",
    f"""CREATE TRIGGER fact_never_changes BEFORE UPDATE ON journal_fact
        WHEN {MOVED} OR NOT EXISTS (SELECT 1 FROM journal_erasurepermit)
        BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER fact_never_changes",
    """CREATE TRIGGER fact_never_changes BEFORE UPDATE ON journal_fact
       BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END""",
]
POSTGRESQL = """CREATE OR REPLACE FUNCTION fact_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM journal_purgepermit) THEN
        RETURN OLD;
      END IF;
      %s
      RAISE EXCEPTION 'facts are append-only';
    END $$"""
UNDER_PERMIT = f"""IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM journal_erasurepermit) THEN
        IF NOT ({MOVED_PG}) THEN
          RETURN NEW;
        END IF;
      END IF;"""


def permit(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL % UNDER_PERMIT)
        return
    for statement in SQLITE:
        schema_editor.execute(statement)


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL % "")
        return
    for statement in SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="ErasurePermit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200)),
            ],
        ),
        migrations.RunPython(permit, forbid),
    ]
