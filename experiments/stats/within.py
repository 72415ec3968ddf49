"""One variant against another, stratified by day, valid whenever somebody looks.

Everything works along the last axis (days) of arrays of any shape, cumulatively: element t of an
answer is what could be said at the end of day t. So one call serves an analysis, its history and
a simulation of thousands of experiments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.stats.data import Floats, Kind

LEAST_DAYS_FOR_PHI = 5


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What could be said at the end of each day; NaN where nothing could.

    `log_lift` is l = log(R/S), `model_variance` is V, `phi` the overdispersion, `variance` is
    W = phi V, `control_variance` the part of W that the control brings, `days` the days so far
    with data in both variants.
    """

    log_lift: Floats
    model_variance: Floats
    phi: Floats
    variance: Floats
    control_variance: Floats
    days: Floats


def day_rates(
    kind: Kind, exposures: Floats, sums: Floats, squares: Floats | None = None
) -> tuple[Floats, Floats]:
    """The rate of each day (sum per exposure) and its model variance s²/n.

    count: r/n (Poisson); proportion: r(1-r)/n (binomial); mean: the sample variance / n, of days
    with at least two exposures. NaN on days that say nothing.
    """
    least = 2 if kind is Kind.MEAN else 1
    # Spend may be below 1: a count needs some exposure, not a whole one.
    enough = exposures >= least if kind is not Kind.COUNT else exposures > 0
    n = np.where(enough, exposures, np.nan)
    rate = sums / n
    if kind is Kind.COUNT:
        return rate, rate / n
    if kind is Kind.PROPORTION:
        return rate, rate * (1 - rate) / n
    if squares is None:
        raise ValueError("a mean needs sums of squares")
    return rate, np.maximum(squares - sums**2 / n, 0) / (n - 1) / n


def looks(
    kind: Kind,
    control: tuple[Floats, Floats, Floats | None],
    variant: tuple[Floats, Floats, Floats | None],
) -> Looks:
    """The stratified log lift of the variant over the control at the end of every day.

    Each side is (exposures, sums, sum of squares or None), shape (..., days). The weights are
    Mantel and Haenszel's (1959), w = nA nB / (nA + nB); the variance is by the delta method as in
    Greenland and Robins (Biometrics 1985, 41: 55-68), with each day's own variance. phi compares
    the spread of the days about the common lift with V, at least 1, from the fifth day on.
    """
    mean_a, var_a = day_rates(kind, *control)
    mean_b, var_b = day_rates(kind, *variant)
    both = ~(np.isnan(mean_a) | np.isnan(mean_b))
    n_a, n_b = np.where(both, control[0], 1.0), np.where(both, variant[0], 1.0)
    w = np.where(both, n_a * n_b / (n_a + n_b), 0.0)
    mean_a, mean_b, var_a, var_b = (
        np.where(both, each, 0.0) for each in (mean_a, mean_b, var_a, var_b)
    )
    in_b, in_a = np.cumsum(w * mean_b, axis=-1), np.cumsum(w * mean_a, axis=-1)
    days = np.cumsum(both, axis=-1).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (in_a > 0) & (in_b > 0)
        ratio = np.where(known, in_b / in_a, np.nan)
        from_control = np.cumsum(w**2 * var_a, axis=-1) / in_a**2
        model = np.where(known, np.cumsum(w**2 * var_b, axis=-1) / in_b**2 + from_control, np.nan)
        spread = (
            np.cumsum((w * mean_b) ** 2, axis=-1)
            - 2 * ratio * np.cumsum(w**2 * mean_a * mean_b, axis=-1)
            + ratio**2 * np.cumsum((w * mean_a) ** 2, axis=-1)
        )
        phi = _overdispersion(spread / in_b**2, model, days)
        return Looks(np.log(ratio), model, phi, phi * model, phi * from_control, days)


def _overdispersion(spread: Floats, model: Floats, days: Floats) -> Floats:
    """phi0 = spread T/(T-1) / V, corrected by (T-1)/(T-3), where it exceeds 1; else 1."""
    raw = spread * days / (days - 1) / model
    return np.where((days >= LEAST_DAYS_FOR_PHI) & (raw > 1), raw * (days - 1) / (days - 3), 1.0)


def half_width(variance: Floats | float, tau: float, alpha: float) -> Floats:
    """Half the always-valid interval of a log lift with variance W, at every look at once.

    h = sqrt(W (1 + W/tau²) ln((tau² + W) / (W alpha²))): the normal-mixture boundary of Robbins
    (Ann. Math. Stat. 1970), as the asymptotic confidence sequence of Waudby-Smith et al.
    (arXiv 2103.06476, theorem 2.2) with the mixture stated as a lift.
    """
    w = np.asarray(variance, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(w * (1 + w / tau**2) * np.log((tau**2 + w) / (w * alpha**2)))


def log_e_value(log_lift: Floats | float, variance: Floats | float, tau: float) -> Floats:
    """Logarithm of the evidence against lift 0: sqrt(W/(W+tau²)) exp(l² tau² / (2W(W+tau²))).

    Under no lift its exponential exceeds 1/alpha at any time with chance at most alpha: the
    mixture sequential probability ratio of Robbins (1970); Johari et al. (Oper. Res. 2022).
    """
    lift, w = np.asarray(log_lift, dtype=float), np.asarray(variance, dtype=float)
    total = w + tau**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return 0.5 * np.log(w / total) + lift**2 * tau**2 / (2 * w * total)


def anytime_p(log_e: Floats) -> Floats:
    """p at each look, 1/e at its least so far and at most 1 (Johari et al. 2022, section 3)."""
    seen = np.where(np.isnan(log_e), 0.0, log_e)
    return np.exp(-np.maximum(np.maximum.accumulate(seen, axis=-1), 0.0))
