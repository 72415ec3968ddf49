"""Has a KPI left its baseline? By weeks for certain, by days as a hint, by a day as a one-off."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.stats import norm

from experiments.stats.data import Floats
from experiments.stats.kpi.ratio import INTERVAL, Ratio

ALERT = 3.0
CUSUM_SLACK = 0.5
CUSUM_LIMIT = 8.0
SPIKE = 5.0
NORMAL_MAD = 1.4826  # the median deviation of a normal quantity is its SD divided by this


@dataclass(frozen=True, slots=True)
class Shift:
    """`log_change` of the last 14 days against the baseline, its error, and z of the two."""

    log_change: float
    se: float

    @property
    def z(self) -> float:
        return self.log_change / self.se if self.se > 0 else 0.0

    @property
    def change(self) -> float:
        """As a part: -0.25 is a quarter less."""
        return exp(self.log_change) - 1

    @property
    def is_alert(self) -> bool:
        """4 % false alarms per KPI and 90 days with one look a week."""
        return abs(self.z) > ALERT

    def interval(self, level: float = INTERVAL) -> tuple[float, float]:
        """Of the change, as parts."""
        reach = float(norm.isf((1 - level) / 2)) * self.se
        return exp(self.log_change - reach) - 1, exp(self.log_change + reach) - 1


def shift(base: Ratio, trailing: Ratio) -> Shift:
    """z = log(K14/K0) / sqrt(se14² + se0²), of relative errors.

    se14 is at least half of what the baseline predicts for so many days: two weeks that happen to
    be alike are no proof of precision. Raises ValueError when either ratio is 0.
    """
    if base.value <= 0 or trailing.value <= 0:
        raise ValueError("a change needs two ratios above 0")
    predicted = base.relative_se * sqrt(base.days / trailing.days)
    se = max(trailing.relative_se, predicted / 2)
    return Shift(log(trailing.value / base.value), sqrt(se**2 + base.relative_se**2))


def cusum(base: Floats, daily: Floats, first_weekday: int) -> tuple[Floats, Floats]:
    """Sums of what exceeds the baseline by more than half an SD, upwards and downwards, a day each.

    `base` are the daily KPI values of the baseline, `daily` those since (NaN where missing),
    directly after it; `first_weekday` that of the baseline's first day. Logarithms, less the
    weekday's median in the baseline, over their robust SD. A hint when either exceeds
    CUSUM_LIMIT: one KPI in four gives one within 90 days for nothing. Page (Biometrika 1954).
    """
    all_days = np.concatenate([base, daily])
    scores = _scores(_logs(all_days), len(base), first_weekday)[len(base) :]
    up, down = np.zeros(len(daily)), np.zeros(len(daily))
    above = below = 0.0
    for day, z in enumerate(scores):
        if np.isfinite(z):
            above = max(0.0, above + z - CUSUM_SLACK)
            below = max(0.0, below - z - CUSUM_SLACK)
        up[day], down[day] = above, below
    return up, down


def spikes(daily: Floats, first_weekday: int) -> Floats:
    """Robust z of every day against the median of its weekday; beyond SPIKE it is a one-off."""
    return _scores(_logs(daily), len(daily), first_weekday)


def _logs(values: Floats) -> Floats:
    given = np.asarray(values, dtype=float)
    return np.log(np.where(given > 0, given, np.nan))


def _scores(logs: Floats, learned: int, first_weekday: int) -> Floats:
    """Deviations from the weekday's median over their robust SD, both learned from first days."""
    weekday = (np.arange(len(logs)) + first_weekday) % 7
    middle = np.full(7, np.nan)
    for day in range(7):
        of_day = logs[:learned][weekday[:learned] == day]
        if np.isfinite(of_day).any():
            middle[day] = np.nanmedian(of_day)
    away = logs - middle[weekday]
    if not np.isfinite(away[:learned]).any():
        raise ValueError("no day to learn from")
    sd = NORMAL_MAD * float(np.nanmedian(np.abs(away[:learned])))
    # With four of each weekday the medians follow the days: a sample's spread is n/(n-1) wider.
    weeks = max(learned / 7, 1.0)
    sd *= sqrt(weeks / (weeks - 1)) if weeks > 1 else 1.0
    if sd == 0:
        raise ValueError("days that are all alike have no spread to measure by")
    return away / sd
