"""A KPI over days: sums divided by sums, and how sure that is.

A day is (numerator, denominator); NaN in either means that the day is missing, which is not 0.
Never a mean of daily ratios. The error follows how much the days differ, not how many impressions
there were: with these, chance is rarely the largest part (Laney, Quality Engineering 2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.stats import norm

from experiments.stats.data import Flags, Floats

LEAST_DAYS = 21
LEAST_POSTS = 8
INTERVAL = 0.80


@dataclass(frozen=True, slots=True)
class Ratio:
    """`value` = sum of numerators / sum of denominators; `se` its cluster-robust error;
    `days` the days that had data."""

    value: float
    se: float
    days: int

    @property
    def relative_se(self) -> float:
        """The error of log(value)."""
        return self.se / self.value if self.value > 0 else np.inf

    def interval(self, level: float = INTERVAL) -> tuple[float, float]:
        """The ratio within which the KPI lies with this confidence, by the log scale."""
        return around(self.value, self.relative_se, level)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Week 0: the ratio and codes of what makes it shaky: "few_days", "few_posts"."""

    ratio: Ratio
    warnings: tuple[str, ...]


def ratio(numerators: Floats, denominators: Floats) -> Ratio:
    """K = sum num / sum den, se = sqrt(D/(D-1) sum (num_d - K den_d)²) / sum den.

    Linearised ratio with days as clusters (Cochran, Sampling Techniques, 1977, section 6.3;
    Deng, Knoblich, Lu, KDD 2018). Raises ValueError with fewer than two days with data or
    nothing in the denominator.
    """
    kept = known(numerators, denominators)
    num, den = np.asarray(numerators, float)[kept], np.asarray(denominators, float)[kept]
    if len(num) < 2 or den.sum() <= 0:
        raise ValueError("a ratio needs two days with data and something to divide by")
    value = float(num.sum() / den.sum())
    spread = float(((num - value * den) ** 2).sum()) * len(num) / (len(num) - 1)
    return Ratio(value, sqrt(spread) / float(den.sum()), len(num))


def baseline(numerators: Floats, denominators: Floats, posts: int | None = None) -> Baseline:
    """Week 0 of the 28 days given; `posts` is how many were published in them."""
    found = ratio(numerators, denominators)
    warnings = []
    if found.days < LEAST_DAYS:
        warnings.append("few_days")
    if posts is not None and posts < LEAST_POSTS:
        warnings.append("few_posts")
    return Baseline(found, tuple(warnings))


def known(numerators: Floats, denominators: Floats) -> Flags:
    """Which days have data: both numbers known, the denominator above 0."""
    num, den = np.asarray(numerators, float), np.asarray(denominators, float)
    if num.shape != den.shape or num.ndim != 1:
        raise ValueError("one numerator and one denominator a day")
    return np.isfinite(num) & np.isfinite(den) & (den > 0)


def around(value: float, relative_se: float, level: float = INTERVAL) -> tuple[float, float]:
    """value / f to value * f, f = exp(z relative_se); (0, inf) when nothing is known."""
    if value <= 0 or not np.isfinite(relative_se):
        return 0.0, np.inf
    reach = float(norm.isf((1 - level) / 2)) * relative_se
    return exp(log(value) - reach), exp(log(value) + reach)
