"""What is said of a file: how it was recognised, its rows, what is asked, warned of and refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

Number = int | float
Grain = Literal["lifetime", "day", "period"]
Traffic = Literal["organic", "paid", "all"]
DateOrder = Literal["mdy", "dmy"]

_NONE: Mapping[str, str | int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to tell: `code` says what, `line` and `column` where (0 and "": the whole file).

    `count` is how often it occurred; line and column are those of the first time.
    """

    code: str
    line: int = 0
    column: str = ""
    count: int = 1
    params: Mapping[str, str | int] = field(default_factory=lambda: _NONE)


class Unreadable(Exception):
    """The file as a whole cannot be read; `issue` says why."""

    def __init__(self, code: str, line: int = 0, column: str = "", **params: str | int) -> None:
        super().__init__(code)
        self.issue = Issue(code, line, column, params=params)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person said about the file, because the file does not say it."""

    date_order: Mapping[str, DateOrder] = field(default_factory=dict)  # by header as written
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """A column that is read: its header as written and what it gives."""

    name: str
    position: int
    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """One table of a file: whose export it is, what is read from it and what was not found."""

    source: str
    kind: str
    grain: Grain
    line: int
    columns: tuple[ColumnFound, ...]
    not_found: tuple[str, ...]
    ignored: tuple[str, ...]
    account_wide: bool  # numbers of the account, not of posts: the channel has to be chosen
    zone_needed: bool
    zone_default: str
    rows: int = 0
    first_day: date | None = None
    last_day: date | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a row is about, in the words of the file. All empty: the account itself."""

    external_id: str = ""
    permalink: str = ""
    title: str = ""
    published: datetime | None = None  # as written, without a zone
    to_the_minute: bool = False
    publication: str = ""  # our own id, from utm_content
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """Who still watches, from 1: points (seconds since the start, share of those at the start)."""

    axis: Literal["seconds", "fraction"]
    base: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One plain observation: numbers of one subject and period. None: not available, never 0."""

    line: int
    source: str
    subject: Subject
    grain: Grain
    metrics: Mapping[str, Number | None]
    period_start: date | None = None
    period_end: date | None = None
    traffic: Traffic = "all"
    curve: Curve | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """All that the first pass learned about a file."""

    encoding: str
    delimiter: str
    double_encoded: bool
    tables: tuple[Recognised, ...]
    warnings: tuple[Issue, ...]
    refusals: tuple[Issue, ...]
    questions: tuple[Issue, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)
