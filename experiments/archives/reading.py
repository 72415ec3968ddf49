"""A file of experiments as plain lines: one for each variant and day, or totals of an archive.

Nothing here knows the database or the clock.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from experiments.imports import delimiter as delimiters
from experiments.imports import encoding
from experiments.imports.headers import normal
from experiments.imports.values import Issue, Unreadable

DAILY, UPWORTHY = "daily", "upworthy"
UNPACKED = 1_000_000_000  # characters; a file that unpacks to more is none of ours
_GZIP = b"\x1f\x8b"
_NOTHING: Mapping[str, str] = MappingProxyType({})

# What a column is called → what it gives; the first four (or five) must be there.
COLUMNS = {
    DAILY: {
        "experiment": ("experiment", "test"),
        "variant": ("variant", "arm"),
        "day": ("day", "date"),
        "exposures": ("exposures", "impressions", "n"),
        "total": ("total", "events", "sum"),
        "kpi": ("kpi", "metric"),
        "sum_squares": ("sum_squares", "sum of squares"),
        "viewers": ("viewers", "users"),
        "text": ("text", "what it says"),
        "title": ("title", "experiment title"),
        "variable": ("variable", "what differs"),
        "allocation": ("allocation",),
    },
    UPWORTHY: {
        "experiment": ("test_id", "clickability_test_id"),
        "day": ("created_from_objectid", "created_at"),
        "exposures": ("impressions",),
        "total": ("clicks",),
        "text": ("headline",),
        "thumbnail": ("eyecatcher_id",),
        "withdrawn": ("randomisation_problem", "problem"),
    },
}
NEEDED = {
    DAILY: ("experiment", "variant", "day", "exposures", "total"),
    UPWORTHY: ("experiment", "day", "exposures", "total", "text", "thumbnail"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line. `variant` is a letter, a public id or words; `kpi` is a code, if said."""

    line: int
    experiment: str
    variant: str
    day: date
    exposures: float
    total: float
    kpi: str = ""
    sum_squares: float | None = None
    viewers: int | None = None
    text: str = ""
    title: str = ""
    variable: str = ""
    allocation: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that cannot be used, and why."""

    issue: Issue


def kind_of(path: Path) -> str:
    """Which kind of file it is, by its header. Raises Unreadable when it is none."""
    with _opened(path) as text:
        return _header(_records(text))[0]


def lines(path: Path) -> Iterator[Told | Rejected]:
    """Each line of the file in turn. Raises Unreadable for a file that cannot be read on."""
    with _opened(path) as text:
        records = _records(text)
        kind, at = _header(records)
        read = _reader(kind, at)
        try:
            for number, cells in records:
                if any(cell.strip() for cell in cells):
                    yield _line(read, number, cells)
        except csv.Error as error:
            raise Unreadable("quote_open") from error
        except (UnicodeDecodeError, OSError, EOFError) as error:
            raise Unreadable("not_a_table") from error


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        head = raw.read(4096)
    if head.startswith(_GZIP):
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
            yield text
    else:
        with encoding.opened(path, encoding.of(head)) as text:
            yield text


def _records(text: TextIO) -> Iterator[tuple[int, list[str]]]:
    try:
        head = text.readline(encoding.LONGEST_LINE)
    except (UnicodeDecodeError, OSError, EOFError) as error:
        raise Unreadable("not_a_table") from error
    sign = delimiters.ranked(head)[0]
    yield 1, next(csv.reader([head], delimiter=sign), [])
    reader = csv.reader(_bounded(text), delimiter=sign)
    line = 2
    for cells in reader:
        yield line, cells
        line = reader.line_num + 2


def _bounded(text: TextIO) -> Iterator[str]:
    read = 0
    for line in encoding.lines(text):
        read += len(line)
        if read > UNPACKED:
            raise Unreadable("archive_too_large")
        yield line


def _header(records: Iterator[tuple[int, list[str]]]) -> tuple[str, dict[str, int]]:
    _line, cells = next(records, (1, []))
    named = {normal(cell): place for place, cell in reversed(list(enumerate(cells)))}
    for kind in (UPWORTHY, DAILY):
        at = {
            role: next((named[normal(name)] for name in names if normal(name) in named), -1)
            for role, names in COLUMNS[kind].items()
        }
        if all(at[role] >= 0 for role in NEEDED[kind]):
            return kind, at
    raise Unreadable("experiments_not_recognised")


Read = Callable[[int, list[str]], Told]


def _line(read: Read, number: int, cells: list[str]) -> Told | Rejected:
    try:
        return read(number, cells)
    except ValueError:
        return Rejected(Issue("result_unreadable", number))


def _reader(kind: str, at: Mapping[str, int]) -> Read:
    def cell(cells: list[str], role: str) -> str:
        place = at.get(role, -1)
        return cells[place].strip() if 0 <= place < len(cells) else ""

    met: Counter[str] = Counter()

    def upworthy(number: int, cells: list[str]) -> Told:
        test = cell(cells, "experiment")
        day, exposures, total = _numbers(cells)
        met[test] += 1
        return Told(
            number, _named(test), str(met[test]), day, exposures, total,
            text=cell(cells, "text"),
            attributes={"title": cell(cells, "text"), "thumbnail": cell(cells, "thumbnail")},
            withdrawn=cell(cells, "withdrawn").lower() in ("1", "true"),
        )  # fmt: skip

    def daily(number: int, cells: list[str]) -> Told:
        day, exposures, total = _numbers(cells)
        squares, viewers = cell(cells, "sum_squares"), cell(cells, "viewers")
        return Told(
            number, _named(cell(cells, "experiment")), _named(cell(cells, "variant")), day,
            exposures, total,
            kpi=cell(cells, "kpi"),
            sum_squares=_number(squares) if squares else None,
            viewers=int(_number(viewers)) if viewers else None,
            text=cell(cells, "text"),
            title=cell(cells, "title"),
            variable=cell(cells, "variable"),
            allocation=cell(cells, "allocation"),
        )  # fmt: skip

    def _numbers(cells: list[str]) -> tuple[date, float, float]:
        day = date.fromisoformat(cell(cells, "day")[:10])
        return day, _number(cell(cells, "exposures")), _number(cell(cells, "total"))

    return upworthy if kind == UPWORTHY else daily


def _named(text: str) -> str:
    if not text or "\x00" in text:
        raise ValueError
    return text[:200]


def _number(text: str) -> float:
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    return float(plain.replace(",", "."))
