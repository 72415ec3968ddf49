"""One line of results, and why it cannot be one. Plain values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_DAY = date(2000, 1, 1)
MOST = 1e15


@dataclass(frozen=True, slots=True)
class Line:
    """What one variant did on one day for one KPI; `kpi` is a code, empty for the deciding one.

    `variant` is its letter or its public id. `sum_squares` belongs to means only, `viewers` is
    the unit that was randomised, where it is known.
    """

    variant: str
    day: date
    exposures: float
    total: float
    kpi: str = ""
    sum_squares: float | None = None
    viewers: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a line: accepted, unchanged, or a code that says why not."""

    status: str
    code: str = ""


def problem(line: Line, statistic: str, today: date) -> str:
    """Why the line cannot be of this kind of KPI; empty when it can."""
    numbers = [line.exposures, line.total, line.sum_squares or 0.0]
    if not all(math.isfinite(each) and abs(each) <= MOST for each in numbers):
        return "not_a_number"
    if line.exposures < 0 or (line.viewers or 0) < 0:
        return "negative"
    if not FIRST_DAY <= line.day <= today + timedelta(days=1):
        return "day_out_of_range"
    if statistic == "mean":
        return _of_mean(line)
    if line.total < 0:
        return "negative"
    if statistic == "proportion" and line.total > line.exposures:
        return "more_than_exposures"
    if line.total > 0 and line.exposures == 0:
        return "without_exposures"
    return ""


def _of_mean(line: Line) -> str:
    if line.sum_squares is None:
        return "sum_squares_missing"
    if line.exposures and line.sum_squares * line.exposures < line.total**2 * (1 - 1e-9):
        return "sum_squares_too_small"  # no numbers have such a sum and such squares
    return ""
