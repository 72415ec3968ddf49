"""On which day did the level of a series change?"""

from __future__ import annotations

import numpy as np

from experiments.stats.data import Floats

LEAST_DAYS = 5
STEP = 1
PENALTY = 10.0


def change_points(
    values: Floats, *, least: int = LEAST_DAYS, step: int = STEP, penalty: float = PENALTY
) -> list[int]:
    """Positions at which a new level begins, ascending: least squares with a price per change.

    `values` is the series on the scale it is thought of (logarithms for counts), without gaps. It
    is divided by its noise, the SD of the differences over sqrt 2, and each change costs
    penalty * ln n. Levels last at least `least` days and begin on multiples of `step`. The
    optimum that PELT finds (Killick, Fearnhead, Eckley, J. Am. Stat. Assoc. 2012), here by
    plain dynamic programming, for a series has but hundreds of days.
    """
    x = np.asarray(values, dtype=float)
    n = len(x)
    if not np.isfinite(x).all():
        raise ValueError("a series without gaps")
    if n < 2 * least:
        return []
    noise = float(np.std(np.diff(x), ddof=1)) / 2**0.5
    if noise == 0:
        return []
    ends = [*range(step * -(-least // step), n, step), n]
    return _cheapest(x / noise, ends, least, penalty * float(np.log(n)))


def _cheapest(x: Floats, ends: list[int], least: int, price: float) -> list[int]:
    first = np.concatenate([[0.0], np.cumsum(x)])
    second = np.concatenate([[0.0], np.cumsum(x**2)])
    cost: dict[int, float] = {0: 0.0}
    before: dict[int, int] = {}
    for end in ends:
        starts = np.array([start for start in cost if end - start >= least])
        if not len(starts):
            continue
        length = end - starts
        total = first[end] - first[starts]
        misfit = second[end] - second[starts] - total**2 / length
        sums = np.array([cost[start] for start in starts.tolist()]) + misfit + price
        chosen = int(np.argmin(sums))
        cost[end], before[end] = float(sums[chosen]), int(starts[chosen])
    found, end = [], ends[-1]
    while before[end] > 0:
        end = before[end]
        found.append(end)
    return found[::-1]
