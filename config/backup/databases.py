"""The database as one file and back, by the vendor's own means."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from psycopg import sql

from config.backup.archive import BadBackup

Counts = dict[str, int]


def file_name() -> str:
    """What the database is called inside a backup."""
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.pgdump"


def dump(to: Path) -> Counts:
    """Write the database as it is at one moment; how many rows each table had at that moment."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(to)])
        return counts_of_file(to)
    with psycopg.connect(**_address()) as held:
        held.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = held.execute("SELECT pg_export_snapshot()").fetchone()
        _run("pg_dump", "-Fc", "--no-owner", "--no-privileges", f"--snapshot={row[0]}", "-f", to)  # type: ignore[index]
        return _counts(held)


def load(source: Path) -> None:
    """Fill the empty database with what `dump` wrote."""
    if connection.vendor == "sqlite":
        connection.close()
        target = Path(connection.settings_dict["NAME"])
        for left in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
            left.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target.with_suffix(".new"))
        os.replace(target.with_suffix(".new"), target)
        return
    _run(
        "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
        "-d", _address()["dbname"], source,
    )  # fmt: skip


def is_empty() -> bool:
    return not connection.introspection.table_names()


def counts() -> Counts:
    """How many rows each table has now."""
    if connection.vendor == "sqlite":
        connection.close()
        return counts_of_file(Path(connection.settings_dict["NAME"]))
    with psycopg.connect(**_address()) as asked:
        return _counts(asked)


def counts_of_file(path: Path) -> Counts:
    """The same of a SQLite file. Raises BadBackup when the file itself is damaged."""
    with closing(sqlite3.connect(path)) as database:
        try:
            (said,) = database.execute("PRAGMA integrity_check").fetchone()
            broken = database.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise BadBackup(f"The database in the backup cannot be read: {error}.") from error
        if said != "ok" or broken:
            raise BadBackup(f"The database in the backup is damaged: {broken or said}.")
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for (name,) in sorted(names)
        }


@contextmanager
def elsewhere(folder: Path) -> Iterator[None]:
    """Meanwhile Django's database is another one, new and empty; afterwards it is gone."""
    former = connection.settings_dict["NAME"]
    name = f"putki_verify_{secrets.token_hex(4)}"
    postgres = connection.vendor == "postgresql"
    if postgres:
        _create(name)
    _switch(name if postgres else str(folder / f"{name}.sqlite3"))
    try:
        yield
    finally:
        _switch(former)
        if postgres:
            _drop(name)


def _switch(name: str) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = name


def _create(name: str) -> None:
    try:
        with psycopg.connect(**_address(), autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise BadBackup(
            "Verifying needs a database of its own, and this role may not make one: "
            "ALTER ROLE … CREATEDB, or verify on another server."
        ) from error


def _drop(name: str) -> None:
    with psycopg.connect(**_address(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _address() -> dict[str, Any]:
    """How to connect without Django's pool and time-outs."""
    known = connection.get_connection_params()
    kept = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert")
    return {key: known[key] for key in (*kept, "sslkey", "service") if known.get(key)}


def _counts(asked: psycopg.Connection[Any]) -> Counts:
    names = asked.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
    ).fetchall()
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        name: asked.execute(count.format(sql.Identifier(name))).fetchone()[0]  # type: ignore[index]
        for (name,) in names
    }


def _run(program: str, *arguments: object) -> None:
    """One of PostgreSQL's own programs, told where the database is without showing the password."""
    command, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    where = command[1:] if "-d" not in arguments else command[1:-1]
    done = subprocess.run(  # noqa: S603 - the programs above, with our own settings
        [_found(program), *map(str, arguments), *where],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BadBackup(f"{program} failed: {done.stderr.strip()[-500:]}")


def _found(program: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=_version)
    path = str(newest[-1]) if newest else shutil.which(program)
    if not path:
        raise BadBackup(
            f"{program} is missing: install PostgreSQL's client programs (postgresql-client), "
            "at least as new as the server."
        )
    return path


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parts[-3].split(".") if part.isdigit())
