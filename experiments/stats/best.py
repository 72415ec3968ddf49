"""The best of several equals: multiple comparisons with the best.

A variant is the best only if it beats every other one at alpha/(K-1); it needs no further
correction, for to be wrong it must beat the truly best (Hsu, Ann. Stat. 1984, 12: 1136-1144).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from experiments.stats import rare, within
from experiments.stats.contrast import Estimate, contrast
from experiments.stats.data import ALPHA, Daily, Floats, Ints, Kind, Metric


@dataclass(frozen=True, slots=True)
class Race:
    """`best` is the index of the best, if any; `in_race` those that nobody beats.

    `pairs[i, j]` (i < j) is variant j against variant i.
    """

    best: int | None
    in_race: tuple[int, ...]
    pairs: dict[tuple[int, int], Estimate]

    def gain(self, one: int, other: int) -> float:
        """The measured log lift of `one` over `other`, + is good."""
        if one > other:
            return self.pairs[other, one].good_lift
        return -self.pairs[one, other].good_lift


def race(
    metric: Metric,
    dailies: Sequence[Daily],
    *,
    alpha: float = ALPHA,
    tau0: float = 0.2,
    against_first: Sequence[Estimate] = (),
) -> Race:
    """Compare every variant with every other one.

    `against_first` are the comparisons with the first variant, when they are there already.
    """
    level = alpha / (len(dailies) - 1)
    pairs = {(0, j): each for j, each in enumerate(against_first, 1)}
    for i, j in combinations(range(len(dailies)), 2):
        if (i, j) not in pairs:
            pairs[i, j] = contrast(metric, dailies[i], dailies[j], alpha=level, tau0=tau0)
    beaten = np.zeros((len(dailies), len(dailies)), dtype=bool)  # [i, j]: i beats j
    for (i, j), found in pairs.items():
        if found.p <= level and found.good_lift != 0:
            beaten[(j, i) if found.good_lift > 0 else (i, j)] = True
    wins = np.flatnonzero(beaten.sum(axis=1) == len(dailies) - 1)
    still = tuple(int(i) for i in np.flatnonzero(~beaten.any(axis=0)))
    return Race(int(wins[0]) if len(wins) else None, still, pairs)


def best_of_totals(
    group: Ints,
    exposures: Floats,
    events: Floats,
    *,
    min_events: int = 20,
    tau: float = 0.2,
    alpha: float = ALPHA,
) -> Ints:
    """The row number of the best variant of every group, -1 where there is none.

    For archives with one period: many experiments at once, proportions, phi = 1. `group` numbers
    the experiments 0, 1, … in ascending order, a row a variant. Same rules as `race`, hence the
    same answers.
    """
    group = np.asarray(group, dtype=int)
    sizes = np.bincount(group)
    one, other = _pairs(group, sizes)
    lift, log_e = _of_pairs(exposures, events, one, other, min_events, tau)
    level = alpha / np.maximum(sizes[group[one]] - 1, 1)
    beats = (log_e >= -np.log(level)) & (lift > 0)
    wins = np.bincount(one[beats], minlength=len(group))
    best = np.full(len(sizes), -1)
    for row in np.flatnonzero((wins == sizes[group] - 1) & (sizes[group] > 1)):
        best[group[row]] = row
    return best


def _pairs(group: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Every ordered pair of rows of the same group."""
    starts = np.cumsum(sizes) - sizes
    one = np.repeat(np.arange(len(group)), sizes[group])
    before = np.cumsum(sizes[group]) - sizes[group]
    other = starts[group[one]] + np.arange(len(one)) - before[one]
    return one[one != other], other[one != other]


def _of_pairs(
    exposures: Floats, events: Floats, one: Ints, other: Ints, min_events: int, tau: float
) -> tuple[Floats, Floats]:
    sides = [(exposures[rows][:, None], events[rows][:, None], None) for rows in (other, one)]
    seen = within.looks(Kind.PROPORTION, *sides)
    log_e = within.log_e_value(seen.log_lift[:, 0], seen.variance[:, 0], tau)
    a, b = events[other], events[one]
    lift = np.where(b * exposures[other] > a * exposures[one], 1.0, -1.0)
    few = np.minimum(a, b) < max(min_events, 1)
    say = few & (a + b > 0)
    log_e = np.where(few, 0.0, log_e)
    log_e[say] = rare.log_e_of_totals(exposures[other][say], a[say], exposures[one][say], b[say])
    return lift, log_e
