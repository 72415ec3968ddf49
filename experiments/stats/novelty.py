"""Does an effect fade? The first half of the days against the second."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, sqrt

import numpy as np

from experiments.stats import within
from experiments.stats.data import Daily, Metric

LIMIT = 2.5


@dataclass(frozen=True, slots=True)
class Halves:
    """The log lifts of both halves and z of their difference, l1 - l2 over sqrt(W1 + W2)."""

    first: float
    second: float
    z: float

    @property
    def is_fading(self) -> bool:
        """The halves differ for certain and say opposite things."""
        return abs(self.z) > LIMIT and copysign(1, self.first) != copysign(1, self.second)


def halves(metric: Metric, control: Daily, variant: Daily) -> Halves | None:
    """Compare the halves of the days with data in both variants; None if a half says nothing.

    An odd day in the middle belongs to the first half. Kohavi, Tang, Xu, "Trustworthy Online
    Controlled Experiments" (2020), chapter 23, on novelty effects.
    """
    days = np.flatnonzero((control.exposures > 0) & (variant.exposures > 0))
    middle = (len(days) + 1) // 2
    if len(days) < 2:
        return None
    found = []
    for part in (days[:middle], days[middle:]):
        kept = np.zeros(len(control), dtype=bool)
        kept[part] = True
        a, b = control.days(kept), variant.days(kept)
        seen = within.looks(
            metric.kind,
            (a.exposures, a.sums, a.sum_squares),
            (b.exposures, b.sums, b.sum_squares),
        )
        found.append((float(seen.log_lift[-1]), float(seen.variance[-1])))
    (first, w1), (second, w2) = found
    if not np.isfinite([first, second]).all() or w1 + w2 <= 0:
        return None
    return Halves(first, second, (first - second) / sqrt(w1 + w2))
