"""Few events: an exact test of two rates, valid whenever somebody looks.

Given a day's events in both variants, those of the variant are binomial whatever the day's rate
was, with chance nB th / (nA + nB th) under the rate ratio th: Lindon and Malek (arXiv 2011.03567).
The evidence against th is the likelihood averaged over th ~ LogNormal(0, 0.3²) over that of th.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import betaln, logsumexp, xlog1py, xlogy

from experiments.stats.data import Floats

SPREAD = 0.3
GRID = np.linspace(-6 * SPREAD, 6 * SPREAD, 961)
LOG_WEIGHTS = -0.5 * (GRID / SPREAD) ** 2
LOG_WEIGHTS = LOG_WEIGHTS - logsumexp(LOG_WEIGHTS)
FARTHEST = 40.0  # log of a ratio no data of ours can reach
LEAST_DAYS_FOR_PHI = 4
BETA_MIXTURE = 100.0


@dataclass(frozen=True, slots=True)
class Exact:
    """`log_lift` may be infinite (no events on one side); so may a bound. `phi` tempers both."""

    log_lift: float
    log_low: float
    log_high: float
    log_e: float
    phi: float


def exact(
    exposures_a: Floats, events_a: Floats, exposures_b: Floats, events_b: Floats, alpha: float
) -> Exact:
    """Rate ratio of B to A over days, its interval and the logarithm of the e-value of ratio 1.

    Each row holds a number a day; days without events, or where one side has no exposures, say
    nothing. With at least 4 days that do, the likelihood is raised to 1/phi, phi = max(1,
    Pearson's chi² / degrees of freedom of the days' counts). Raises ValueError when no day does.
    """
    kept = (exposures_a > 0) & (exposures_b > 0) & (events_a + events_b > 0)
    if not kept.any():
        raise ValueError("no day has events and exposures on both sides")
    a, b = events_a[kept], events_b[kept]
    offset = np.log(exposures_b[kept] / exposures_a[kept])
    best = _most_likely(a, b, offset)
    phi = _pearson(a, b, offset, best) if kept.sum() >= LEAST_DAYS_FOR_PHI else 1.0

    def log_likelihood(log_ratio: float) -> float:
        return float(_log_likelihood(a, b, offset, np.array([log_ratio]))[0]) / phi

    logs = _log_likelihood(a, b, offset, GRID) / phi + LOG_WEIGHTS
    top = float(logs.max())
    mixed = top + float(np.log(np.exp(logs - top).sum()))
    low, high = _interval(log_likelihood, best, mixed + np.log(alpha), a.sum() > 0, b.sum() > 0)
    return Exact(best, low, high, mixed - log_likelihood(0.0), phi)


def log_e_values(
    exposures_a: Floats, events_a: Floats, exposures_b: Floats, events_b: Floats
) -> Floats:
    """Logarithm of the e-value of ratio 1 at the end of every day, shape (days,)."""
    kept = (exposures_a > 0) & (exposures_b > 0)
    a, b = np.where(kept, events_a, 0.0), np.where(kept, events_b, 0.0)
    offset = np.log(np.where(kept, exposures_b, 1.0) / np.where(kept, exposures_a, 1.0))
    by_day = np.cumsum(_by_day(a, b, offset, GRID), axis=0)
    at_one = np.cumsum(_by_day(a, b, offset, np.zeros(1))[:, 0])
    phi = np.ones(len(a))
    informative = np.cumsum(a + b > 0)
    for day in np.flatnonzero((informative >= LEAST_DAYS_FOR_PHI) & (a + b > 0)):
        so_far = a[: day + 1] + b[: day + 1] > 0
        rows = a[: day + 1][so_far], b[: day + 1][so_far], offset[: day + 1][so_far]
        phi[day:] = _pearson(*rows, _most_likely(*rows))
    mixed = logsumexp(by_day / phi[:, None] + LOG_WEIGHTS, axis=1)
    return np.asarray(mixed - at_one / phi)


def log_e_of_totals(
    exposures_a: Floats, events_a: Floats, exposures_b: Floats, events_b: Floats
) -> Floats:
    """The same for many comparisons with one period each, element by element (phi = 1)."""
    offset = np.log(exposures_b / exposures_a)
    found = np.empty(len(offset))
    for begin in range(0, len(offset), 4096):
        part = slice(begin, begin + 4096)
        a, b, o = events_a[part], events_b[part], offset[part]
        mixed = logsumexp(_by_day(a, b, o, GRID) + LOG_WEIGHTS, axis=1)
        found[part] = mixed - _by_day(a, b, o, np.zeros(1))[:, 0]
    return found


def beta_log_e(events_a: float, events_b: float, share: float, ratio: float = 1.0) -> float:
    """Closed form for a constant share of B: ln B(a+yB, b+yA) - ln B(a,b) - yB ln p - yA ln(1-p).

    a = kq, b = k(1-q), k = 100, q the share; p the chance of B under the ratio. Beta mixture of
    the binomial: Robbins (1970), section 4; Howard et al. (arXiv 1810.08240, section 3.2).
    """
    a, b = BETA_MIXTURE * share, BETA_MIXTURE * (1 - share)
    p = share * ratio / (1 - share + share * ratio)
    mixed = betaln(a + events_b, b + events_a) - betaln(a, b)
    return float(mixed - xlogy(events_b, p) - xlog1py(events_a, -p))


def beta_interval(
    events_a: float, events_b: float, share: float, alpha: float
) -> tuple[float, float]:
    """The logs of the ratios that `beta_log_e` does not refute; infinite where nothing bounds."""
    if events_a + events_b <= 0:
        raise ValueError("no events")
    a, b = np.array([float(events_a)]), np.array([float(events_b)])
    offset = np.array([np.log(share / (1 - share))])

    def log_likelihood(log_ratio: float) -> float:
        return float(_log_likelihood(a, b, offset, np.array([log_ratio]))[0])

    mixed = beta_log_e(events_a, events_b, share) + log_likelihood(0.0)
    best = _most_likely(a, b, offset)
    return _interval(log_likelihood, best, mixed + np.log(alpha), events_a > 0, events_b > 0)


def _by_day(a: Floats, b: Floats, offset: Floats, log_ratios: Floats) -> Floats:
    """Log likelihood of every day (or comparison) under every ratio."""
    z = offset[:, None] + log_ratios
    return -b[:, None] * np.logaddexp(0.0, -z) - a[:, None] * np.logaddexp(0.0, z)


def _log_likelihood(a: Floats, b: Floats, offset: Floats, log_ratios: Floats) -> Floats:
    return np.asarray(_by_day(a, b, offset, log_ratios).sum(axis=0))


def _most_likely(a: Floats, b: Floats, offset: Floats) -> float:
    """Log of the ratio under which B's expected events are those seen."""
    if b.sum() == 0:
        return -np.inf
    if a.sum() == 0:
        return np.inf
    both = a + b

    def excess(log_ratio: float) -> float:
        return float((both / (1 + np.exp(-(offset + log_ratio)))).sum() - b.sum())

    return float(brentq(excess, -FARTHEST, FARTHEST, xtol=1e-13, rtol=1e-14))


def _pearson(a: Floats, b: Floats, offset: Floats, best: float) -> float:
    """max(1, chi² / (days - 1)) of the days' counts about the common ratio."""
    if not np.isfinite(best) or len(a) < 2:
        return 1.0
    p = 1 / (1 + np.exp(-(offset + best)))
    both = a + b
    chi2 = ((b - both * p) ** 2 / (both * p * (1 - p))).sum()
    return max(1.0, float(chi2) / (len(a) - 1))


def _interval(
    log_likelihood: Callable[[float], float],
    best: float,
    level: float,
    has_a: bool,
    has_b: bool,
) -> tuple[float, float]:
    """Where the log likelihood crosses the level on either side of its top."""

    def above(log_ratio: float) -> float:
        return log_likelihood(log_ratio) - level

    top = float(np.clip(best, -FARTHEST, FARTHEST))
    low = brentq(above, -FARTHEST, top, xtol=1e-12) if has_b else -np.inf
    high = brentq(above, top, FARTHEST, xtol=1e-12) if has_a else np.inf
    return float(low), float(high)
