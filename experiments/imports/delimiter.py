"""What stands between the cells: `sep=` says it, else counting, else what makes a known header."""

from __future__ import annotations

import re

CANDIDATES = (",", ";", "\t", "|")
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?[,;\t|]?\s*$", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_LINES = 30


def named(first_line: str) -> str | None:
    """The delimiter of a leading line `sep=,`, or None when the line is something else."""
    found = _SEP.match(first_line.rstrip("\r\n"))
    return found[1] if found else None


def ranked(sample: str) -> list[str]:
    """All delimiters, likeliest first: by how often the first line that has any holds them.

    Titles and `#` lines above a header have none or few, so the fullest of the first lines counts.
    """
    lines = sample.splitlines()[:_LINES]
    order = {each: -most(each, lines) for each in CANDIDATES}
    if lines and (said := named(lines[0])):
        order[said] = -(10**6)
    return sorted(order, key=lambda each: order[each])


def most(delimiter: str, lines: list[str]) -> int:
    """The largest number of this delimiter in one line, outside quotes."""
    counts = (_QUOTED.sub("", line).count(delimiter) for line in lines if line[:1] != "#")
    return max(counts, default=0)
