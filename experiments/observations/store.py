"""Many rows at once, in the words of the database at hand: look up by keys, write or replace.

PostgreSQL takes a batch as arrays; SQLite keys as JSON, and one statement for each row. Values
stand nowhere in the text of a statement, names are constants of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from django.db import connection

AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str  # of PostgreSQL


@dataclass(frozen=True, slots=True)
class Stored:
    """A table with a key that rows are found and replaced by."""

    table: str
    key: tuple[Column, ...]
    rest: tuple[Column, ...]
    # How the unique index says the key, where that is not just the columns.
    conflict: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*self.key, *self.rest)

    @property
    def names(self) -> str:
        return ", ".join(column.name for column in self.columns)

    @property
    def target(self) -> str:
        return self.conflict or ", ".join(column.name for column in self.key)


def find(stored: Stored, by: Sequence[Column], keys: Sequence[tuple[Any, ...]]) -> list[Any]:
    """The rows whose columns `by` are one of the keys: key columns and the rest, in order."""
    found: list[Any] = []
    for first in range(0, len(keys), AT_ONCE):
        found += _find(stored, by, keys[first : first + AT_ONCE])
    return found


def put(stored: Stored, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write the rows (key columns, then the rest); a row with the same key is replaced."""
    replaced = ", ".join(f"{column.name} = excluded.{column.name}" for column in stored.rest)
    _write(stored, rows, f"ON CONFLICT ({stored.target}) DO UPDATE SET {replaced}")


def add(stored: Stored, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows that are new."""
    _write(stored, rows, "")


def drop(stored: Stored, keys: Sequence[tuple[Any, ...]]) -> None:
    """Delete the rows with these keys."""
    if not keys:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"DELETE FROM {stored.table} t USING {_unnested(stored.key)} "  # noqa: S608
                f"WHERE {_same(stored.key)}",
                _arrays(keys, len(stored.key)),
            )
            return
        where = " AND ".join(f"{column.name} IS %s" for column in stored.key)
        cursor.executemany(
            f"DELETE FROM {stored.table} WHERE {where}",  # noqa: S608
            [[_plain(value) for value in key] for key in keys],
        )


def _find(stored: Stored, by: Sequence[Column], keys: Sequence[tuple[Any, ...]]) -> list[Any]:
    names = ", ".join(f"t.{column.name}" for column in stored.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = f"SELECT {names} FROM {_unnested(by)} JOIN {stored.table} t ON {_same(by)}"  # noqa: S608
            asked = _arrays(keys, len(by))
            if (span := _span(by, keys)) is not None:
                # Said as constants, so that only the parts of these years are looked at.
                sql += " WHERE t.period BETWEEN %s AND %s"
                asked = [*asked, *span]
            cursor.execute(sql, asked)
            return cursor.fetchall()
        same = " AND ".join(
            f"t.{column.name} IS json_extract(k.value, '$[{place}]')"
            for place, column in enumerate(by)
        )
        cursor.execute(
            f"SELECT {names} FROM json_each(%s) k CROSS JOIN {stored.table} t ON {same}",  # noqa: S608
            [orjson.dumps([[_plain(value) for value in key] for key in keys]).decode()],
        )
        readers = [_reader(column) for column in stored.columns]
        return [
            tuple(read(value) if read else value for read, value in zip(readers, row, strict=True))
            for row in cursor.fetchall()
        ]


def _write(stored: Stored, rows: Sequence[tuple[Any, ...]], conflict: str) -> None:
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"INSERT INTO {stored.table} ({stored.names}) "  # noqa: S608
                    f"SELECT * FROM {_unnested(stored.columns)} {conflict}",
                    _arrays(some, len(stored.columns)),
                )
                continue
            slots = ", ".join(["%s"] * len(stored.columns))
            cursor.executemany(
                f"INSERT INTO {stored.table} ({stored.names}) VALUES ({slots}) {conflict}",  # noqa: S608
                [[_plain(value) for value in row] for row in some],
            )


def _unnested(columns: Sequence[Column]) -> str:
    arrays = ", ".join(f"%s::{column.kind}[]" for column in columns)
    return f"unnest({arrays}) AS k({', '.join(column.name for column in columns)})"


def _same(columns: Sequence[Column]) -> str:
    return " AND ".join(
        f"COALESCE(t.{column.name}, 0) = COALESCE(k.{column.name}, 0)"
        if column.name == "channel_id"
        else f"t.{column.name} = k.{column.name}"
        for column in columns
    )


def _arrays(rows: Sequence[tuple[Any, ...]], width: int) -> list[Any]:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return [list(column) for column in columns]


def _span(by: Sequence[Column], keys: Sequence[tuple[Any, ...]]) -> tuple[date, date] | None:
    place = next((at for at, column in enumerate(by) if column.name == "period"), None)
    if place is None or not keys:
        return None
    days = [key[place] for key in keys]
    return min(days), max(days)


def _plain(value: Any) -> Any:
    """As SQLite keeps it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _reader(column: Column) -> Callable[[Any], Any] | None:
    if column.kind == "date":
        return lambda value: date.fromisoformat(value) if isinstance(value, str) else value
    if column.kind == "timestamptz":
        return _moment
    return None


def _moment(value: Any) -> Any:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
