"""An index of three-letter pieces over `search`, kept up by the database itself."""

from django.db import migrations

SQLITE = [
    "CREATE VIRTUAL TABLE clients_search USING fts5(search, tokenize='trigram')",
    """CREATE TRIGGER clients_search_add AFTER INSERT ON clients_client
       BEGIN INSERT INTO clients_search(rowid, search) VALUES (new.id, new.search); END""",
    """CREATE TRIGGER clients_search_change AFTER UPDATE OF search ON clients_client
       WHEN old.search IS NOT new.search
       BEGIN UPDATE clients_search SET search = new.search WHERE rowid = new.id; END""",
    """CREATE TRIGGER clients_search_drop AFTER DELETE ON clients_client
       BEGIN DELETE FROM clients_search WHERE rowid = old.id; END""",
    "INSERT INTO clients_search(rowid, search) SELECT id, search FROM clients_client",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX clients_search ON clients_client USING gin (search gin_trgm_ops)",
]


def build(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX clients_search")
        return
    for name in ("add", "change", "drop"):
        schema_editor.execute(f"DROP TRIGGER clients_search_{name}")
    schema_editor.execute("DROP TABLE clients_search")


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]
    operations = [migrations.RunPython(build, drop)]
