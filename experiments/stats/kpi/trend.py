"""Does a KPI rise? The slope of its last four weeks."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from scipy.stats import norm

from experiments.stats.data import Floats
from experiments.stats.kpi.ratio import INTERVAL, ratio

WEEKS = 4


@dataclass(frozen=True, slots=True)
class Trend:
    """The change a week on the log scale and its error."""

    slope: float
    se: float

    @property
    def weekly(self) -> float:
        """As a part: 0.03 is +3 % a week."""
        return exp(self.slope) - 1

    @property
    def is_up(self) -> bool:
        return self.slope > 0

    @property
    def is_surely_up(self) -> bool:
        """The 80 % interval lies above 0."""
        return self.slope > float(norm.isf((1 - INTERVAL) / 2)) * self.se


def trend(numerators: Floats, denominators: Floats) -> Trend | None:
    """The straight line through the logarithms of the last four weeks' ratios, by least squares.

    Takes daily sums (NaN where missing); the last 28 make four weeks. The error carries each
    week's cluster-robust relative error through the slope. None when a week has fewer than two
    days with data or the KPI is 0 in it.
    """
    num, den = np.asarray(numerators, float)[-7 * WEEKS :], np.asarray(denominators, float)
    den = den[-7 * WEEKS :]
    if len(num) < 7 * WEEKS:
        return None
    logs, errors = [], []
    for week in range(WEEKS):
        part = slice(7 * week, 7 * week + 7)
        try:
            found = ratio(num[part], den[part])
        except ValueError:
            return None
        if found.value <= 0:
            return None
        logs.append(np.log(found.value))
        errors.append(found.relative_se)
    away = np.arange(WEEKS) - (WEEKS - 1) / 2
    weights = away / (away**2).sum()
    slope = float((weights * np.array(logs)).sum())
    return Trend(slope, sqrt(float(((weights * np.array(errors)) ** 2).sum())))
