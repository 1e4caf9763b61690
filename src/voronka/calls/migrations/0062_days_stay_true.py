"""Any write to a call takes the laid-down figures of its day away, whoever writes.

SQLite drops triggers with a table that a later migration makes anew: then this must run again.
"""

from django.db import migrations

COLUMNS = (
    "started_at, direction, manager_id, is_answered, wait_seconds, talk_seconds, outcome, "
    "state, stage_id, source_id, line, phone, removed_at"
)
# The day is found by its start alone: a look-up instead of a walk over all earlier days.
AWAY = """DELETE FROM calls_callday WHERE starts_at = (
    SELECT max(starts_at) FROM calls_callday WHERE starts_at <= {row}.started_at
  ) AND ends_at > {row}.started_at;"""
OLD, NEW = AWAY.format(row="OLD"), AWAY.format(row="NEW")
SQLITE = [
    f"CREATE TRIGGER call_day_added AFTER INSERT ON calls_call BEGIN {NEW} END",
    f"CREATE TRIGGER call_day_changed AFTER UPDATE OF {COLUMNS} ON calls_call "
    f"BEGIN {OLD} {NEW} END",
    f"CREATE TRIGGER call_day_dropped AFTER DELETE ON calls_call BEGIN {OLD} END",
]
# The shared lock is the other half of `foundation.turns.take_turn("call days")`: who lays a day
# down waits for writers that have not committed yet.
POSTGRESQL = [
    f"""CREATE FUNCTION call_day_away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({{lock}});
  IF TG_OP <> 'INSERT' THEN {OLD} END IF;
  IF TG_OP <> 'DELETE' THEN {NEW} END IF;
  RETURN NULL;
END $$""",
    "CREATE TRIGGER call_day_added AFTER INSERT OR DELETE ON calls_call "
    "FOR EACH ROW EXECUTE FUNCTION call_day_away()",
    f"CREATE TRIGGER call_day_changed AFTER UPDATE OF {COLUMNS} ON calls_call "
    "FOR EACH ROW EXECUTE FUNCTION call_day_away()",
]
LOCK = 2816994340


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement.replace("{lock}", str(LOCK)))
        return
    for statement in SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION call_day_away() CASCADE")
        return
    for name in ("added", "changed", "dropped"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS call_day_{name}")


class Migration(migrations.Migration):
    dependencies = [("calls", "0061_sources_of_calls")]
    operations = [migrations.RunPython(build, drop)]
