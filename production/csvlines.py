"""Lines of CSV that a spreadsheet opens as they are meant (RFC 4180, UTF-8 with its mark)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for something else
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would take it for a formula."""
    if cell.lstrip(" ").startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return cell


def line(cells: Iterable[str]) -> bytes:
    """One line, every cell quoted and safe."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(safe, cells))
    return text.getvalue().encode("utf-8", "replace")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii()
