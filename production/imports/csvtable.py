"""Bytes of a CSV file as a table: encoding, delimiter, header and rows with their line numbers.

Real files break the quoting rules. A quote that is never closed must not swallow the rows
below it, so a cell may span lines only when its quoting is clean; else its line is read with the
quote as text.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from production.imports.plan import ImportProblem, Limits
from production.imports.reading import Remarks, check_size, clean_text

DELIMITERS = (",", ";", "\t", "|")
_STRAY_ROWS_TAKEN = 1000
_SNIFFED_ROWS = 30
_SEP_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it starts on (the first line of the file is 1) and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    delimiter: str


def read_table(data: bytes, remarks: Remarks, limits: Limits | None = None) -> Table:
    """The table in these bytes; what had to be repaired or left out is told to `remarks`."""
    limits = limits or Limits()
    check_size(data, limits)
    text, encoding = _decoded(data, remarks)
    line, text, delimiter = _without_sep_line(text)
    delimiter = delimiter or _sniffed(text, limits)
    records = _Records(text, delimiter, limits, line)
    rows = [record for record in records.read() if any(cell.strip() for cell in record.cells)]
    if not rows:
        raise ImportProblem("no_rows")
    header = _header(rows[0], remarks, limits)
    taken = tuple(_fitted(rows[1:], header, remarks, limits))
    for stray in records.stray:
        if stray != rows[0].line:
            remarks.note("stray_quote", f"line {stray}", line=stray)
    return Table(header, taken, encoding, delimiter)


def _decoded(data: bytes, remarks: Remarks) -> tuple[str, str]:
    if data.startswith(_ZIP):
        raise ImportProblem("spreadsheet_file")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as problem:
            raise ImportProblem("not_text", position=problem.start) from None
    if b"\x00" in data:
        raise ImportProblem("not_text", position=data.index(b"\x00"))
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        remarks.note("encoding_guessed", encoding="Windows-1252")
        return data.decode("cp1252", errors="replace"), "cp1252"


def _without_sep_line(text: str) -> tuple[int, str, str]:
    found = _SEP_LINE.match(text)
    if not found:
        return 1, text, ""
    return 2, text[found.end() :], found[1] if found[1] in DELIMITERS else ""


def _sniffed(text: str, limits: Limits) -> str:
    """The delimiter that gives the most rows as wide as the first one."""

    def fit(delimiter: str) -> tuple[int, int]:
        widths = []
        for record in _Records(text, delimiter, limits, 1).read():
            widths.append(len(record.cells))
            if len(widths) == _SNIFFED_ROWS:
                break
        if not widths or widths[0] == 1:
            return 0, 0
        return sum(width == widths[0] for width in widths), widths[0]

    return max(DELIMITERS, key=fit)


def _header(first: Row, remarks: Remarks, limits: Limits) -> tuple[str, ...]:
    cells = list(first.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits.columns:
        raise ImportProblem("too_many_columns", count=len(cells), limit=limits.columns)
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(clean_text(cell, remarks, "header").split())[:200] or f"Column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _fitted(
    rows: list[Row], header: tuple[str, ...], remarks: Remarks, limits: Limits
) -> Iterator[Row]:
    if len(rows) > limits.rows:
        raise ImportProblem("too_many_rows", count=len(rows), limit=limits.rows)
    width = len(header)
    for row in rows:
        where = f"line {row.line}"
        if any(cell.strip() for cell in row.cells[width:]):
            remarks.reject("too_many_cells", line=row.line, found=len(row.cells), expected=width)
        elif any(len(cell) > limits.cell for cell in row.cells):
            remarks.reject("cell_too_long", line=row.line, limit=limits.cell)
        else:
            if len(row.cells) < width:
                remarks.count("row_short", where)
            cells = [clean_text(cell, remarks, where).strip() for cell in row.cells[:width]]
            yield Row(row.line, (*cells, *[""] * (width - len(cells))))


class _Records:
    """Cuts text into records; `stray` gets the lines whose quote marks do not match up."""

    def __init__(self, text: str, delimiter: str, limits: Limits, first_line: int) -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.delimiter = delimiter
        self.limits = limits
        self.first_line = first_line
        self.stray: list[int] = []
        mark = re.escape(delimiter)
        self._plain = re.compile(rf"[^{mark}\n]*")
        self._quoted = re.compile(rf'"([^"]*(?:""[^"]*)*)"[ ]*(?={mark}|\n|\Z)')
        self._quoted_in_line = re.compile(rf'"([^\n]*?)"[ ]*(?={mark}|\n|\Z)')

    def read(self) -> Iterator[Row]:
        place, line, records = 0, self.first_line, 0
        while place < len(self.text):
            cells, after, stray = self._record(place)
            if stray:
                self.stray.append(line)
                if len(self.stray) > _STRAY_ROWS_TAKEN:
                    raise ImportProblem("quoting_broken", rows=_STRAY_ROWS_TAKEN)
            records += 1
            # Empty lines count too: a file of nothing else must not be read for ever.
            if records > 4 * self.limits.rows:
                raise ImportProblem("too_many_rows", count=records, limit=self.limits.rows)
            yield Row(line, tuple(cells))
            line += self.text.count("\n", place, after)
            place = after

    def _record(self, place: int) -> tuple[list[str], int, bool]:
        cells: list[str] = []
        stray = False
        while True:
            cell, place, odd = self._cell(place)
            cells.append(cell)
            stray = stray or odd
            if place >= len(self.text) or self.text[place] == "\n":
                return cells, place + 1, stray
            if len(cells) > 10 * self.limits.columns:
                raise ImportProblem("too_many_columns", count=len(cells), limit=self.limits.columns)
            place += 1

    def _cell(self, place: int) -> tuple[str, int, bool]:
        """The cell at `place`, where it ends, and whether its quote marks are odd."""
        if not self.text.startswith('"', place):
            plain, end = self._plain_cell(place)
            return plain, end, has_stray_quote(plain)
        # Bounded, so that one open quote does not read the whole file again and again.
        clean = self._quoted.match(self.text, place, place + self.limits.cell + 2)
        if clean:
            cell = clean[1].replace('""', '"')
            return cell, clean.end(), has_stray_quote(cell)
        in_line = self._quoted_in_line.match(self.text, place)
        if in_line:
            return in_line[1].replace('""', '"'), in_line.end(), True
        plain, end = self._plain_cell(place)
        return plain.replace('""', '"'), end, True

    def _plain_cell(self, place: int) -> tuple[str, int]:
        found = self._plain.match(self.text, place)
        return (found[0], found.end()) if found else ("", place)


def has_stray_quote(cell: str) -> bool:
    """Whether a quote mark closes what none opened, or the other way round.

    After a number it is an inch sign and none of ours.
    """
    depth = 0
    for found in re.finditer('"', cell):
        before = cell[found.start() - 1 : found.start()]
        if not before or before.isspace() or before in "([{«'’-–—/:":
            depth += 1
        elif depth:
            depth -= 1
        elif not before.isdigit():
            return True
    return depth % 2 == 1
