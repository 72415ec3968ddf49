"""One walk over a file: where its tables begin, which lines belong to them, which to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from experiments.imports import notposts
from experiments.imports.kinds import DAY, ID, LABEL, LINK, PUBLISHED, TITLE
from experiments.imports.recognise import Table, table_of
from experiments.imports.records import Record

HEADER_WITHIN = 80  # lines before the first header


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; `ragged` ones were shorter than the header and are filled up."""

    table: Table
    line: int
    cells: list[str]
    ragged: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A line that is no row: `total`, `footer`, `title` (above a table) or `stray`."""

    what: str
    line: int
    cells: list[str]


def walk(records: Iterable[Record]) -> Iterator[Table | Line | Passed]:
    """Each table once, when its header comes, then its rows. Blank lines are nothing."""
    walker = _Walker()
    for sheet, line, cells in records:
        if (event := walker.step(sheet, line, cells)) is not None:
            yield event


class _Walker:
    def __init__(self) -> None:
        self.table: Table | None = None
        self.preamble: list[list[str]] = []
        self.sheet = ""
        self.tables = self.waited = 0

    def step(self, sheet: str, line: int, cells: list[str]) -> Table | Line | Passed | None:
        if sheet != self.sheet:
            self.sheet, self.table, self.preamble, self.waited = sheet, None, [], 0
        filled = any(cells) and any(cell.strip() for cell in cells)
        table = self.table
        if table and table.kind.ends_at_blank and (not filled or cells[0].startswith("#")):
            table, self.table, self.preamble = None, None, []
        if not filled:
            return None
        if table is None:
            return self._before(line, cells)
        if not table.beside and (what := _no_row(table, cells)):
            return Passed(what, line, cells)
        missing = table.width - len(cells)
        if missing > 0:
            return Line(table, line, cells + [""] * missing, True)
        return Line(table, line, cells, False)

    def _before(self, line: int, cells: list[str]) -> Table | Passed:
        self.waited += 1
        if self.tables or self.waited <= HEADER_WITHIN:
            self.table = table_of(cells, self.preamble, line=line, sheet=self.sheet)
        if self.table is None:
            self.preamble = [*self.preamble[-HEADER_WITHIN:], cells]
            stray = self.tables and cells[0][:1] != "#"
            return Passed("stray" if stray else "title", line, cells)
        self.table.number = self.tables
        self.tables += 1
        return self.table


def _no_row(table: Table, cells: list[str]) -> str:
    if notposts.is_footer(cells, table.width):
        return "footer"
    first = next((at for at in map(table.at, (ID, LINK, DAY, LABEL)) if at >= 0), 0)
    empty = [at for at in map(table.at, (TITLE, PUBLISHED)) if at >= 0]
    return "total" if notposts.is_total(cells, first, empty) else ""
