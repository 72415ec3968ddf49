"""A table that PostgreSQL keeps in one part for each year of its `period`.

Other databases keep it in one piece; the rows and the queries are the same.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

FIRST_YEAR, LAST_YEAR = 2015, 2040


class PartitionedByYear(migrations.CreateModel):
    """Creates the model's table with its parts; what no year takes goes to a last part."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        whole = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{whole} PARTITION BY RANGE (period)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = whole
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            schema_editor.execute(
                f"CREATE TABLE {table}_{year} PARTITION OF {table} "
                f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
            )
        schema_editor.execute(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT")
