"""Whose export a header belongs to: by the names of its columns, never by the file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from experiments.imports import aliases, ga4, headers, linkedin, meta, tiktok, youtube
from experiments.imports.kinds import Column, Kind

KINDS: tuple[Kind, ...] = (
    *youtube.KINDS, *meta.KINDS, *tiktok.KINDS, *linkedin.KINDS, *ga4.KINDS,
)  # fmt: skip
_NUMBERED = re.compile(r"(.*\D)(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Place:
    """One column of the table and what it gives; `twins` are later columns of the same name."""

    column: Column
    role: str
    position: int
    name: str
    twins: tuple[int, ...] = ()


@dataclass(slots=True)
class Table:
    """A header that was recognised, with all that is needed to read the rows below it."""

    kind: Kind
    header: list[str]
    line: int
    sheet: str
    preamble: list[list[str]]
    places: tuple[Place, ...]
    number: int = 0  # which table of the file, from 0
    offset: int = 0  # where it begins in a line that holds several side by side
    beside: list[Table] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.header)

    def at(self, role: str) -> int:
        """Where the column of that role stands; -1 when the table has none."""
        return next((each.position for each in self.places if each.role == role), -1)

    def ignored(self) -> tuple[str, ...]:
        """Headers that nothing is read from, as written."""
        used = {each.position for each in self.places}
        used |= {twin for each in self.places for twin in each.twins}
        names = (self.header[at].strip() for at in range(self.width) if at not in used)
        return tuple(name for name in names if name)

    def not_found(self) -> tuple[str, ...]:
        """Names of columns that such an export can have and this one lacks."""
        present = {each.role.split(" ")[0] for each in self.places}
        expected = self.kind.expected
        return tuple(
            (column.names or (column.prefix.strip(),))[0]
            for column in self.kind.columns
            if column.role not in present and (expected is None or column.role in expected)
        )

    def renamed(self) -> list[aliases.Alias]:
        """The columns that go by an older name."""
        found = (aliases.of_header(self.kind.source, each.name) for each in self.places)
        return [each for each in found if each]


def table_of(
    cells: Sequence[str], preamble: list[list[str]], *, line: int, sheet: str, refused: bool = True
) -> Table | None:
    """The table that these cells are the header of, or None when they are no known header."""
    if not any(cell.strip() for cell in cells):
        return None
    if card := meta.card(cells, preamble):
        return _table(card, cells, preamble, line, sheet)
    names = headers.places(cells)
    best: Table | None = None
    for kind in KINDS:
        if kind.refused and not refused:
            continue
        found = _table(kind, cells, preamble, line, sheet, names)
        roles = {each.role for each in found.places}
        if kind.needs <= roles and (best is None or len(found.places) > len(best.places)):
            best = found
    if best and best.kind.side_by_side:
        best.beside = _beside(best, cells, preamble)
    return best


def _table(
    kind: Kind,
    cells: Sequence[str],
    preamble: list[list[str]],
    line: int,
    sheet: str,
    names: dict[str, list[int]] | None = None,
) -> Table:
    known = headers.places(cells) if names is None else names
    places: list[Place] = []
    taken: set[int] = set()
    for column in kind.columns:
        if column.prefix:
            places += _numbered(column, known)
            continue
        for name in column.names:
            at = [place for place in known.get(headers.normal(name), ()) if place not in taken]
            if at:
                places.append(Place(column, column.role, at[0], cells[at[0]], tuple(at[1:])))
                taken.update(at)
                break
    return Table(kind, list(cells), line, sheet, list(preamble), tuple(places))


def _numbered(column: Column, known: dict[str, list[int]]) -> list[Place]:
    found = []
    for name, at in known.items():
        if (match := _NUMBERED.fullmatch(name)) and match[1] == column.prefix:
            found.append(Place(column, f"{column.role} {match[2]}", at[0], name))
    return sorted(found, key=lambda each: int(each.role.rpartition(" ")[2]))


def _beside(first: Table, cells: Sequence[str], preamble: list[list[str]]) -> list[Table]:
    """Two tables in one line have an empty column between; each is read by itself."""
    parts: list[Table] = []
    start = 0
    for end in [*(at for at, cell in enumerate(cells) if not cell.strip()), len(cells)]:
        part = list(cells[start:end])
        if part and (table := _table(first.kind, part, preamble, first.line, first.sheet)).places:
            table.offset = start
            parts.append(table)
        start = end + 1
    return parts if len(parts) > 1 else []
