"""Facts are never changed, and deleted only under a purge permit: the database refuses."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER fact_never_changes BEFORE UPDATE ON journal_fact
       BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END""",
    """CREATE TRIGGER fact_never_goes BEFORE DELETE ON journal_fact
       WHEN NOT EXISTS (SELECT 1 FROM journal_purgepermit)
       BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION fact_stays() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM journal_purgepermit) THEN
           RETURN OLD;
         END IF;
         RAISE EXCEPTION 'facts are append-only';
       END $$""",
    """CREATE TRIGGER fact_stays BEFORE UPDATE OR DELETE ON journal_fact
       FOR EACH ROW EXECUTE FUNCTION fact_stays()""",
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER fact_stays ON journal_fact")
        schema_editor.execute("DROP FUNCTION fact_stays()")
    else:
        schema_editor.execute("DROP TRIGGER fact_never_changes")
        schema_editor.execute("DROP TRIGGER fact_never_goes")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
