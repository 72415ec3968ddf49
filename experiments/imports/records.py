"""The records of a file, one by one: a real CSV reader (captions have line breaks), or sheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from experiments.imports import delimiter as delimiters
from experiments.imports import doubled, encoding, workbook
from experiments.imports.values import Unreadable

Record = tuple[str, int, list[str]]  # sheet ("" in text files), line, cells


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is to be read; `encoding` is empty for workbooks."""

    path: Path
    encoding: str
    delimiter: str = ","
    double_encoded: bool = False


def all_of(layout: Layout) -> Iterator[Record]:
    """Each record with the line it begins on.

    Raises Unreadable for what no reader could make records of, UnicodeDecodeError when the
    encoding was supposed wrongly.
    """
    if not layout.encoding:
        yield from workbook.records(layout.path)
        return
    with encoding.opened(layout.path, layout.encoding) as text:
        plain = _plain(encoding.lines(text), layout.delimiter)
        records = doubled.undone(plain) if layout.double_encoded else plain
        try:
            for line, cells in records:
                yield "", line, cells
        except csv.Error as error:
            raise Unreadable("quote_open") from error


def _plain(lines: Iterator[str], sign: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=sign)
    line = 1
    for cells in reader:
        if line == 1 and cells and delimiters.named(sign.join(cells)):
            line = reader.line_num + 1
            continue
        yield line, cells
        line = reader.line_num + 1
