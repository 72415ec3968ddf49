"""No event in the control: no ratio exists, so the difference of the rates is described.

These intervals hold for one look and describe; a verdict comes from `rare` alone.
"""

from __future__ import annotations

from math import sqrt

from scipy.stats import norm

from experiments.stats.data import Kind


def difference(
    kind: Kind,
    control: tuple[float, float],
    variant: tuple[float, float],
    alpha: float = 0.05,
) -> tuple[float, float]:
    """Interval of rate(variant) - rate(control), each (events, exposures).

    Proportions: Newcombe's hybrid score (Stat. Med. 1998, 17: 873-890, method 10). Counts: MOVER
    of score intervals (Zou and Donner, Stat. Med. 2008, 27: 1693-1702). Raises ValueError for
    means and without exposures.
    """
    if kind is Kind.MEAN:
        raise ValueError("a mean has no events")
    if control[1] <= 0 or variant[1] <= 0:
        raise ValueError("both variants need exposures")
    one = wilson if kind is Kind.PROPORTION else poisson_score
    low_a, high_a = one(*control, alpha)
    low_b, high_b = one(*variant, alpha)
    a, b = control[0] / control[1], variant[0] / variant[1]
    return (
        b - a - sqrt((b - low_b) ** 2 + (high_a - a) ** 2),
        b - a + sqrt((high_b - b) ** 2 + (a - low_a) ** 2),
    )


def wilson(events: float, n: float, alpha: float = 0.05) -> tuple[float, float]:
    """Score interval of a proportion: Wilson (J. Am. Stat. Assoc. 1927, 22: 209-212)."""
    z = float(norm.isf(alpha / 2))
    rate, wide = events / n, 1 + z**2 / n
    middle = (rate + z**2 / (2 * n)) / wide
    half = z * sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2)) / wide
    return max(0.0, middle - half), min(1.0, middle + half)


def poisson_score(events: float, exposure: float, alpha: float = 0.05) -> tuple[float, float]:
    """Score interval of a rate per exposure: Barker (Am. Stat. 2002, 56: 85-89)."""
    z = float(norm.isf(alpha / 2))
    middle, half = events + z**2 / 2, z * sqrt(events + z**2 / 4)
    return max(0.0, middle - half) / exposure, (middle + half) / exposure
