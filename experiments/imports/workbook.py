"""Workbooks (.xls of LinkedIn pages, .xlsx) as records of text, sheet after sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import xlrd
from openpyxl.utils.exceptions import InvalidFileException

from experiments.imports.values import Unreadable

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LARGEST_XLS = 40 * 1024 * 1024  # such a file is held in memory as a whole
LARGEST_UNPACKED = 600 * 1024 * 1024
_EXACT = 10**15  # a spreadsheet keeps fifteen digits; an id of more has lost its end


def is_workbook(head: bytes) -> bool:
    """Whether the first bytes are those of a workbook, whatever the file is called."""
    return head.startswith((_ZIP, _OLE))


def records(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    """Each row of each sheet. Raises Unreadable for a broken, locked or excessive workbook."""
    with path.open("rb") as file:
        old = file.read(4) == _OLE
    yield from _xls(path) if old else _xlsx(path)


def _xlsx(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("workbook_too_large")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise Unreadable("workbook_broken") from error
    try:
        for sheet in book.worksheets:
            for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                yield sheet.title, line, [written(value) for value in cells]
    finally:
        book.close()


def _xls(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    if path.stat().st_size > LARGEST_XLS:
        raise Unreadable("workbook_too_large")
    try:
        book = xlrd.open_workbook(path, on_demand=True, logfile=_Silence())
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, AssertionError, IndexError) as error:
        raise Unreadable("workbook_broken") from error
    with book:
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            for at in range(sheet.nrows):
                yield name, at + 1, [_cell(book, cell) for cell in sheet.row(at)]
            book.unload_sheet(name)


def _cell(book: xlrd.Book, cell: Any) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return written(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (ValueError, OverflowError):
            return ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return written(cell.value)


def written(value: Any) -> str:
    """The value as a text file would have it; a whole number too long to be exact shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= _EXACT:
            return f"{value:.5E}"
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


class _Silence:
    """xlrd likes to print; nobody reads it."""

    def write(self, said: str) -> int:
        return len(said)

    def flush(self) -> None:
        return
