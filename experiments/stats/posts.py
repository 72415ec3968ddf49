"""A post among comparable posts: a rank, never a winner, and no p-value: nothing was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from experiments.stats.kpi.shifts import NORMAL_MAD

LEAST = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """`percentile` of the post among n others; `residual` is log KPI less their median, `z` that
    over their robust SD (None when they are all alike)."""

    percentile: float
    residual: float
    z: float | None
    n: int


def comparable(kpi: float, others: Sequence[float]) -> Standing | None:
    """Rank a post's KPI among posts of the same channel, format and weekday class of 28 days.

    Percentiles count ties half. The SD is the median absolute deviation times 1.4826 (Rousseeuw
    and Croux, J. Am. Stat. Assoc. 1993). None with fewer than five others or without a KPI above
    0: a logarithm of 0 does not exist, and a KPI of 0 among small posts says little.
    """
    known = np.array([each for each in others if each is not None and each > 0], dtype=float)
    if len(known) < LEAST or kpi <= 0:
        return None
    logs = np.log(known)
    middle = float(np.median(logs))
    sd = NORMAL_MAD * float(np.median(np.abs(logs - middle)))
    below, same = int((known < kpi).sum()), int((known == kpi).sum())
    residual = log(kpi) - middle
    return Standing(
        100 * (below + same / 2) / len(known),
        residual,
        residual / sd if sd > 0 else None,
        len(known),
    )
