"""What the databases themselves refuse: a changed log, and a row that points into another tenant."""

from django.db import migrations

FROZEN = (
    "workspace_id, seq, type, subject, subject_seq, board_id, actor_name, source, request_id, "
    "occurred_at, recorded_at, data"
)
POSTGRES = f"""
CREATE FUNCTION production_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('putki.erase', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the event log is append-only';
END $$;
CREATE TRIGGER production_event_frozen BEFORE UPDATE OF {FROZEN} ON production_event
    FOR EACH ROW EXECUTE FUNCTION production_event_is_append_only();
CREATE TRIGGER production_event_kept BEFORE DELETE ON production_event
    FOR EACH ROW EXECUTE FUNCTION production_event_is_append_only();
"""
POSTGRES_UNDO = """
DROP TRIGGER production_event_frozen ON production_event;
DROP TRIGGER production_event_kept ON production_event;
DROP FUNCTION production_event_is_append_only();
"""
SQLITE = f"""
CREATE TRIGGER production_event_frozen BEFORE UPDATE OF {FROZEN} ON production_event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
"""
SQLITE_UNDO = "DROP TRIGGER production_event_frozen;"

# (table, columns, target table, target columns): a reference across workspaces cannot be stored.
SAME_TENANT = [
    ("stage", "workspace_id, board_id", "board", "workspace_id, id"),
    ("contentitem", "workspace_id, board_id", "board", "workspace_id, id"),
    ("contentitem", "board_id, stage_id", "stage", "board_id, id"),
    ("publication", "workspace_id, item_id", "contentitem", "workspace_id, id"),
    ("reviewrequest", "workspace_id, item_id", "contentitem", "workspace_id, id"),
    ("savedview", "workspace_id, board_id", "board", "workspace_id, id"),
    ("gate", "workspace_id, stage_id", "stage", "workspace_id, id"),
]


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES)
        for number, (table, columns, target, target_columns) in enumerate(SAME_TENANT):
            schema_editor.execute(
                f"ALTER TABLE production_{table} ADD CONSTRAINT same_tenant_{number} "
                f"FOREIGN KEY ({columns}) REFERENCES production_{target} ({target_columns}) "
                "DEFERRABLE INITIALLY DEFERRED"
            )
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for number, (table, *_) in enumerate(SAME_TENANT):
            schema_editor.execute(
                f"ALTER TABLE production_{table} DROP CONSTRAINT same_tenant_{number}"
            )
        schema_editor.execute(POSTGRES_UNDO)
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE_UNDO)


class Migration(migrations.Migration):
    dependencies = [("production", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
