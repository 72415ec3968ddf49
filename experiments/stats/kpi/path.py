"""From baseline to target: where the KPI should be, where it is, where it is heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt

import numpy as np
from scipy.stats import norm, theilslopes

from experiments.stats.kpi.ratio import Ratio

CYCLE = 90  # days
LEAST_WEEKS = 4
SLOPE_LEVEL = 0.80


class Standing(StrEnum):
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    CANNOT_TELL = "cannot_tell"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Path:
    """A KPI that goes from `start` (K0) to `target` (KT) in `days`; both are above 0."""

    start: float
    target: float
    days: int = CYCLE

    def __post_init__(self) -> None:
        if self.start <= 0 or self.target <= 0 or self.days <= 0:
            raise ValueError("start, target and days are above 0")

    @property
    def direction(self) -> int:
        """+1 when the target is above the start (or equal), -1 when below."""
        return 1 if self.target >= self.start else -1

    def at(self, day: float) -> float:
        """K*(t) = K0 (KT/K0)^(t/days): the same percentage every week."""
        return self.start * (self.target / self.start) ** (day / self.days)


@dataclass(frozen=True, slots=True)
class Heading:
    """`at_end` is the forecast for the last day with its 80 % interval, `p_hit` the chance to
    reach the target, `weekly` the change a week as a part (0.03 is +3 %)."""

    at_end: float
    interval: tuple[float, float]
    p_hit: float
    weekly: float


def standing(path: Path, trailing: Ratio, day: float) -> Standing:
    """Ahead or behind when the 80 % interval of the trailing 14 days lies beside the path.

    An interval that holds the path is on track, unless it holds both baseline and target: then
    it cannot tell a KPI that has not moved from one that has arrived. So it is with no data.
    """
    low, high = trailing.interval()
    wanted = path.at(day)
    above, below = low > wanted, high < wanted
    if above or below:
        return Standing.AHEAD if above == (path.direction > 0) else Standing.BEHIND
    ends = sorted((path.start, path.target))
    if low <= ends[0] and ends[1] <= high:
        return Standing.CANNOT_TELL
    return Standing.ON_TRACK


def needed_weekly(path: Path, now: float, day: float) -> float:
    """The change a week, as a part, that takes today's value to the target on the last day.

    Raises ValueError on and after the last day.
    """
    if day >= path.days:
        raise ValueError("no days are left")
    if now <= 0:
        return np.inf
    return (path.target / now) ** (7 / (path.days - day)) - 1


def heading(path: Path, weekly: Sequence[float], end_week: float) -> Heading | None:
    """Where the weekly values lead: Theil and Sen's slope of their logarithms.

    `weekly` holds one KPI value a week (NaN or 0 is no data), week 0 first; `end_week` is the
    last day of the path on that scale. P(hit) is normal: the slope's error is read off its 80 %
    interval (Sen, J. Am. Stat. Assoc. 1968, 63: 1379-1389) and carried from the middle of the
    weeks to the end, with the spread about the line. None with fewer than four weeks.
    """
    values = np.asarray(weekly, dtype=float)
    kept = np.isfinite(values) & (values > 0)
    if kept.sum() < LEAST_WEEKS:
        return None
    weeks, logs = np.flatnonzero(kept).astype(float), np.log(values[kept])
    slope, intercept, low, high = theilslopes(logs, weeks, alpha=SLOPE_LEVEL)
    z = float(norm.isf((1 - SLOPE_LEVEL) / 2))
    of_slope = float(high - low) / (2 * z)
    residuals = logs - intercept - slope * weeks
    spread = 1.4826 * float(np.median(np.abs(residuals - np.median(residuals))))
    reach = end_week - float(np.median(weeks))
    sd = sqrt((of_slope * reach) ** 2 + spread**2 / len(weeks))
    end = float(intercept + slope * end_week)
    margin = path.direction * (end - log(path.target))
    p_hit = float(norm.cdf(margin / sd)) if sd > 0 else float(margin >= 0)
    bounds = exp(end - z * sd), exp(end + z * sd)
    return Heading(exp(end), bounds, p_hit, exp(float(slope)) - 1)
