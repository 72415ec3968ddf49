"""Years for days that were written without one: back from the end of the chosen period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

MOST = 800  # rows; a daily table without years holds one year at most

MonthDay = tuple[int, int]


def years_of(days: Sequence[MonthDay], *, start: date | None, end: date) -> list[int] | None:
    """The year of each day, in order, or None when more than one reading is possible.

    Each day is the latest of its kind up to `end`; walking back from the newest, a day that comes
    round again belongs to the year before. Days before `start` contradict the period: None.
    """
    if not days or len(days) > MOST:
        return None
    newest_first = _descends(days)
    if newest_first is None:
        return None
    walk = list(days) if newest_first else list(reversed(days))
    found: list[int] = []
    limit = end
    for month, day in walk:
        year = _latest(month, day, limit)
        if year is None:
            return None
        limit = date(year, month, day)
        found.append(year)
    if start is not None and limit < start:
        return None
    if (end - limit).days > 366 and start is None:
        return None
    return found if newest_first else found[::-1]


def _descends(days: Sequence[MonthDay]) -> bool | None:
    """Whether the newest stands first; None when the rows follow no order."""
    steps = [later > earlier for earlier, later in pairwise(days)]
    if not steps:
        return True
    rising = sum(steps)
    if rising >= len(steps) - 2 and rising > len(steps) // 2:
        return False
    if len(steps) - rising >= len(steps) - 2 and rising <= len(steps) // 2:
        return True
    return None


def _latest(month: int, day: int, limit: date) -> int | None:
    """The last year in which that day is not after `limit`; a 29th of February may be years ago."""
    for year in range(limit.year, limit.year - 9, -1):
        try:
            if date(year, month, day) <= limit:
                return year
        except ValueError:
            continue
    return None
