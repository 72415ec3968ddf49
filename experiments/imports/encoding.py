"""In what the file is written: by its first bytes, else UTF-8, else Windows-1252 with a warning."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from experiments.imports.values import Unreadable

FALLBACK = "cp1252"
LONGEST_LINE = 2_000_000  # characters; more is no table but something else
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (b"%PDF", b"\x89PNG", b"\x1f\x8b", b"\xff\xd8\xff", b"GIF8", b"Rar!")


def of(head: bytes) -> str:
    """The encoding that the first bytes tell; `utf-8` is only supposed, reading on may refute it.

    Raises Unreadable for an empty file and for what is no text at all.
    """
    if not head.strip():
        raise Unreadable("file_empty")
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head.startswith(_BINARY):
        raise Unreadable("not_a_table")
    even, odd = head[0:400:2].count(0), head[1:400:2].count(0)
    if max(even, odd) > len(head[:400]) // 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def opened(path: Path, encoding: str) -> TextIO:
    """The text of the file. Windows-1252 has five bytes that mean nothing: they are replaced."""
    errors = "replace" if encoding == FALLBACK else "strict"
    return path.open(encoding=encoding, errors=errors, newline="")


def lines(text: TextIO) -> Iterator[str]:
    """Line by line, never more of it in memory than one line may be long."""
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise Unreadable("line_too_long", number, limit=LONGEST_LINE)
        yield line
