"""Rows that are no posts: totals, and the one-cell lines below a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from experiments.imports.headers import normal

_TOTALS = {"total", "totals", "grand total", "gesamt", "gesamtsumme", "totale", "totales",
           "total geral", "yhteensä", "totaal", "summe"}  # fmt: skip
_NUMBER = re.compile(r"\d[\d.,  ]*")


def is_total(cells: Sequence[str], id_at: int, empty_in_totals: Sequence[int]) -> bool:
    """Whether the row sums up the others: title *and* date empty, and an id that is no id.

    In tables without a title and a date the word alone has to do.
    """
    first = normal(cells[id_at]) if id_at < len(cells) else ""
    if not empty_in_totals:
        return first in _TOTALS
    if any(at < len(cells) and cells[at].strip() for at in empty_in_totals):
        return False
    return first in _TOTALS or not first or len(first) < 6


def is_footer(cells: Sequence[str], width: int) -> bool:
    """Whether it is a line of text below (or in) a table: one filled cell where many belong."""
    return width > 2 and bool(cells[0].strip()) and not any(cell.strip() for cell in cells[1:])


def cut_at(cells: Sequence[str]) -> int:
    """The number in `Showing top 500 results`: the export was cut there. 0: no number, not cut."""
    found = _NUMBER.search(cells[0])
    return int(re.sub(r"\D", "", found[0])) if found else 0
