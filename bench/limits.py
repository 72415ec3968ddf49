"""What the database could do at best, asked without Putki: the other half of each figure."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from time import perf_counter
from typing import Any

import psycopg

from bench import load
from bench.load import Load
from tests.house import House

TABLES = (
    "CREATE TABLE IF NOT EXISTS bare_item (id integer PRIMARY KEY, stage integer, rank bigint)",
    "CREATE TABLE IF NOT EXISTS bare_event (seq integer, data text)",
)


def commits(house: House, clients: int, times: int) -> Load:
    """One UPDATE and one INSERT, committed, over and over: the least that a move could be."""
    connections = [_connect(house) for _ in range(clients)]
    first = connections[0]
    for table in TABLES:
        first.execute(table)
    first.execute("DELETE FROM bare_item")
    for number in range(clients):
        first.execute(f"INSERT INTO bare_item VALUES ({number}, 0, 0)")
    first.commit()
    found = load.run([_committer(each, n) for n, each in enumerate(connections)], times=times)
    for each in connections:
        each.close()
    return found


def _connect(house: House) -> Any:
    if url := house.environment.get("DATABASE_URL"):
        return psycopg.connect(url)
    file = sqlite3.connect(house.folder / "putki.sqlite3", timeout=20, check_same_thread=False)
    file.execute("PRAGMA synchronous=FULL")
    return file


def _committer(connection: Any, number: int) -> Callable[[], int]:
    def commit() -> int:
        connection.execute(f"UPDATE bare_item SET rank = rank + 1 WHERE id = {number}")
        connection.execute(f"INSERT INTO bare_event VALUES ({number}, 'moved')")
        connection.commit()
        return 200

    return commit


COLUMNS = (
    "public_id, number, version, title, content_type, stage_id, channel_id, pillar_id, "
    "primary_kpi_id, due_at, blocked_reason, idea_at, committed_at, published_at, stage_entered_at"
)


def json_of(house: House, board: str, times: int) -> float:
    """Milliseconds that the database itself needs to write the board's cards as one JSON text."""
    rows = (
        f"SELECT {COLUMNS} FROM production_contentitem WHERE archived_at IS NULL AND board_id = "
        f"(SELECT id FROM production_board WHERE public_id = '{board}') ORDER BY stage_id, rank"
    )
    if "DATABASE_URL" in house.environment:
        query = f"SELECT json_agg(card)::text FROM ({rows}) card"
    else:
        pairs = ", ".join(f"'{name}', {name}" for name in COLUMNS.split(", "))
        query = f"SELECT json_group_array(json_object({pairs})) FROM ({rows})"
    taken = []
    connection = _connect(house)
    for _ in range(times):
        began = perf_counter()
        connection.execute(query).fetchall()
        taken.append((perf_counter() - began) * 1000)
    connection.close()
    return sorted(taken)[len(taken) // 2]
