"""From what was measured to what to expect: shrinkage, chances, and several tests at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, sqrt

import numpy as np
from scipy.special import ndtr

from experiments.stats.data import Floats

DRAWS = 20_000


def shrunken(log_lift: float, variance: float, tau0: float) -> tuple[float, float]:
    """The realistic lift and its SD: l tau0²/(tau0² + W), sqrt(tau0² W/(tau0² + W)).

    Normal prior of lifts with SD tau0 about 0: the winner's curse undone as in Coey and Hung
    (arXiv 2210.03905, section 2). An infinite variance gives (0, tau0).
    """
    if not np.isfinite(variance) or not np.isfinite(log_lift):
        return 0.0, tau0
    part = tau0**2 / (tau0**2 + variance)
    return log_lift * part, sqrt(part * variance)


def chance_above(mean: float, sd: float, line: float = 0.0) -> float:
    """P(effect > line) of a normal effect; with the line at 0, P(better)."""
    if sd == 0:
        return float(mean > line)
    return float(ndtr((mean - line) / sd))


def chances_best(
    realistic: Sequence[float],
    variances: Sequence[float],
    control_variances: Sequence[float],
    tau0: float,
    seed: int = 0,
    draws: int = DRAWS,
) -> Floats:
    """P(best) of the control and of every variant: K numbers adding up to 1.

    Takes the shrunken effects of the K-1 variants (+ is good) and the variances of the measured
    ones. They are drawn jointly: comparisons share the control, so each two vary together by the
    variance of the control's term, shrunken like the effects.
    """
    means, w = np.asarray(realistic, dtype=float), np.asarray(variances, dtype=float)
    part = tau0**2 / (tau0**2 + w)
    shared = part * np.sqrt(np.asarray(control_variances, dtype=float))
    sds = np.array([shrunken(0.0, each, tau0)[1] for each in w])
    own = np.sqrt(np.maximum(sds**2 - shared**2, 0.0))
    common, single = _noise(seed, draws, len(means))
    drawn = np.zeros((len(means) + 1, draws))
    drawn[1:] = means[:, None] + common * shared[:, None] + single * own[:, None]
    return np.bincount(drawn.argmax(axis=0), minlength=len(drawn)) / draws


@lru_cache(maxsize=16)
def _noise(seed: int, draws: int, effects: int) -> tuple[Floats, Floats]:
    """Standard normal draws of a seed, (draws,) and (effects, draws): the same for every test."""
    random = np.random.default_rng(seed)
    common = random.standard_normal(draws)
    single = random.standard_normal((draws, effects)).T.copy()
    common.setflags(write=False)
    single.setflags(write=False)
    return common, single


def holm(p_values: Sequence[float]) -> Floats:
    """p-values adjusted for all being looked at: Holm (Scand. J. Stat. 1979, 6: 65-70)."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    found = np.empty(len(p))
    found[order] = np.minimum(stepped, 1.0)
    return found


def benjamini_hochberg(p_values: Sequence[float]) -> Floats:
    """p-values adjusted so that of those called at q, a part q is expected to be false.

    Benjamini and Hochberg (J. R. Stat. Soc. B 1995, 57: 289-300). For exploring only.
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")[::-1]
    ranks = np.arange(len(p), 0, -1)
    found = np.empty(len(p))
    found[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / ranks), 1.0)
    return found


def cost_ratio(low: float, lift: float, high: float) -> tuple[float, float, float]:
    """Bounds of cost per event (CPL) from logs of events per EUR: 1/ratio, the bounds swapped.

    An infinite bound stays one: without events the cost is "more than", never a division by 0.
    """
    return _inverse(high), _inverse(lift), _inverse(low)


def _inverse(log_ratio: float) -> float:
    return np.inf if log_ratio == -np.inf else exp(-log_ratio)
