"""The same values as a table: for every chart, for whoever cannot or would rather not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell, and the page they lead to."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`heads` name the columns, the first cell of a row names the row; `words` counts the columns
    from the left that are no numbers."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    words: int = 1

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Each head, and whether numbers stand under it."""
        return [(head, n >= self.words) for n, head in enumerate(self.heads)]

    @property
    def lines(self) -> list[list[tuple[Cell, bool]]]:
        """Each row as cells, and whether each is a number."""
        return [
            [
                (cell if isinstance(cell, Cell) else Cell(cell), n >= self.words)
                for n, cell in enumerate(row)
            ]
            for row in self.rows
        ]
