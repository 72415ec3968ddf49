"""Statements that are built once. For the few that every request asks.

Building a query takes Django several times longer than asking it, and gives the same text each
time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators


class Slot(Expression):
    """Where a value will stand: a number or a text, as the database takes it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Prepared:
    """A query with slots in it, asked by naming their values.

    It is built when it is first asked, because only then the database is known.
    """

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self._build = build
        self._built: _Built | None = None
        self._building = Lock()

    def rows(self, **values: Any) -> list[Any]:
        """The columns of each row, as Python has them."""
        query = self._query()
        filled = [values[each.name] if isinstance(each, Slot) else each for each in query.asked]
        with connection.cursor() as cursor:
            cursor.execute(query.sql, filled)
            found = cursor.fetchall()
        return query.converted(found)

    def models(self, **values: Any) -> list[Any]:
        """The rows as models, with those joined by `select_related` and with annotations."""
        query = self._query()
        return [query.model_of(row) for row in self.rows(**values)]

    def _query(self) -> _Built:
        if self._built is None:
            with self._building:
                self._built = self._built or _Built(self._build())
        return self._built


class _Built:
    """What Django makes of a query: its text, and how to read what it answers."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self._compiler: Any = queryset.query.get_compiler(connection=connection)
        self.sql, self.asked = self._compiler.as_sql()
        columns = self._compiler.select
        self._converters = self._compiler.get_converters([column for column, *_ in columns])
        if (chosen := self._compiler.klass_info) is None:
            return  # values, not models
        own = slice(chosen["select_fields"][0], chosen["select_fields"][-1] + 1)
        self._model, self._own = chosen["model"], own
        self._names = [column.target.attname for column, *_ in columns[own]]
        related = get_related_populators(chosen, columns, connection.alias)  # type: ignore[call-arg]
        self._related = related
        self._annotations = list(self._compiler.annotation_col_map.items())

    def converted(self, rows: list[Any]) -> list[Any]:
        if not self._converters:
            return rows
        return list(self._compiler.apply_converters(rows, self._converters))

    def model_of(self, row: Any) -> Any:
        found = self._model.from_db(connection.alias, self._names, row[self._own])
        for each in self._related:
            each.populate(row, found)
        for name, column in self._annotations:
            setattr(found, name, row[column])
        return found


def insert(row: Model) -> None:
    """A new row, as `save(force_insert=True)` makes it."""
    fields, statement = _insertion(type(row))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def update(row: Model, names: tuple[str, ...]) -> None:
    """These fields of the row, as `save(update_fields=names)` writes them."""
    fields, statement = _change(type(row), names)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk])


@cache
def _insertion(model: type[Model]) -> tuple[list[Any], str]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    slots = ", ".join("%s" for _ in fields)
    table = model._meta.db_table
    return fields, f"INSERT INTO {table} ({columns}) VALUES ({slots}) RETURNING id"  # noqa: S608


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[list[Any], str]:
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f"{field.column} = %s" for field in fields)  # type: ignore[union-attr]
    return fields, f"UPDATE {model._meta.db_table} SET {columns} WHERE id = %s"  # noqa: S608
