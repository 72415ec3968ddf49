"""What an export looks like: the columns it may have, by all the names they go by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from experiments.imports.values import DateOrder, Grain, Number, Row, Traffic

# Units. Counts are whole; shares come as 0-100 or 0-1; what is not a number has no unit.
COUNT, NUMBER, SECONDS, HOURS = "count", "number", "seconds", "hours"
PERCENT, RATIO = "percent", "ratio"
TEXT, MOMENT = "text", "moment"
NUMERIC = frozenset({COUNT, NUMBER, SECONDS, HOURS, PERCENT, RATIO})

# Roles of columns that are no metric.
ID, LINK, TITLE, PUBLISHED, DAY, LABEL, CONTENT, CAPTION = (
    "id", "permalink", "title", "published", "day", "label", "utm_content", "caption",
)  # fmt: skip
DURATION = "duration"  # seconds of the clip, not a metric

US_PACIFIC = "America/Los_Angeles"

# What a source makes of a row beyond reading its cells: more metrics, a curve.
Finish = Callable[[Row, dict[str, Number | None], dict[str, Number | None]], Row]


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a table may hold. `also`: the same number answers to these metrics too.

    A `prefix` stands for all headers that begin so and end in a number (intervals of a curve).
    """

    role: str
    unit: str
    names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    traffic: Traffic = "all"
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One export of one source.

    `needs` must all be there for the header to be taken for it. `refused` is the code with which
    such a file is turned away, politely and at once.
    """

    source: str
    name: str
    grain: Grain
    columns: tuple[Column, ...]
    needs: frozenset[str]
    date_order: DateOrder | None = None
    zone_default: str = ""
    refused: str = ""
    most_rows: int = 0
    ends_at_blank: bool = False
    account_wide: bool = False
    finish: Finish | None = None
    expected: frozenset[str] | None = None  # whose absence is worth telling; None: all
    side_by_side: bool = False
    summed: bool = False  # rows are parts of the account's numbers: they become one observation


def count(role: str, *names: str, also: tuple[str, ...] = ()) -> Column:
    return Column(role, COUNT, names, also)


def text(role: str, *names: str) -> Column:
    return Column(role, TEXT, names)


def moment(role: str, *names: str) -> Column:
    return Column(role, MOMENT, names)
