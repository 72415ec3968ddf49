"""Tables that a spreadsheet has encoded twice: each record became one quoted cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator


def is_doubled(rows: list[list[str]]) -> bool:
    """Whether one of the first rows is a single cell that itself holds commas and quotes."""
    return any(len(row) == 1 and row[0].count(",") >= 2 and '"' in row[0] for row in rows)


def undone(records: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The records inside; a record that an inner line break had torn in two is one again."""
    line = 0

    def inner() -> Iterator[str]:
        nonlocal line
        for at, cells in records:
            line = at
            yield from (_record(cells) + "\n").splitlines(keepends=True)

    for cells in csv.reader(inner()):
        yield line, cells


def _record(cells: list[str]) -> str:
    """A record without quotes inside was not quoted as a whole, and came as many cells."""
    if len(cells) == 1:
        return cells[0]
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
