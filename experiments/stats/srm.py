"""Sample ratio mismatch: did the viewers arrive in the parts that were configured?

Fabijan et al. (KDD 2019) collect what causes it; a result with a broken split says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy
from scipy.stats import chi2

from experiments.stats.data import Floats

P_LIMIT = 0.001
LOG_E_LIMIT = float(np.log(1000))
FLOOR = 0.01  # a share that is off by less than a hundredth of itself is no cause for alarm
CONCENTRATION = 10_000.0


@dataclass(frozen=True, slots=True)
class SRM:
    """The split as it came, beside the split as configured.

    `p` is Pearson's for one fixed look, `log_e` the most evidence at any day's end, `deviation`
    the largest relative one of a variant, `without_traffic` the variants that got nothing.
    """

    observed: tuple[float, ...]
    expected: tuple[float, ...]
    p: float
    log_e: float
    deviation: float
    without_traffic: tuple[int, ...]
    is_flagged: bool


def check(
    counts: Sequence[Sequence[float]] | Floats,
    shares: Sequence[float] | None = None,
    concentration: float = CONCENTRATION,
) -> SRM | None:
    """Compare the units of each variant (a row each, a column a day) with the configured shares.

    With one column the look is fixed: flagged when chi² gives p < 0.001. With more, somebody may
    look daily: flagged when the e-value of any day's end reached 1000, a Dirichlet-multinomial
    mixture about the configured shares (Lindon and Malek, arXiv 2011.03567, section 3). Either
    only when a variant's share is off by at least 1 %. A variant without any traffic always is.
    None before anybody came. Raises ValueError when shares are not positive.
    """
    rows = np.asarray(counts, dtype=float)
    wanted = _shares(shares, len(rows))
    so_far = np.cumsum(rows, axis=1)
    totals = so_far[:, -1] if rows.size else np.zeros(len(rows))
    n = totals.sum()
    if n <= 0:
        return None
    expected = n * wanted
    p = float(chi2.sf(((totals - expected) ** 2 / expected).sum(), len(rows) - 1))
    log_e = float(log_e_values(so_far, wanted, concentration).max())
    deviation = float(np.abs(totals / expected - 1).max())
    empty = tuple(int(i) for i in np.flatnonzero(totals == 0))
    is_unlikely = p < P_LIMIT if rows.shape[1] == 1 else log_e >= LOG_E_LIMIT
    return SRM(
        tuple(totals.tolist()),
        tuple(expected.tolist()),
        p,
        log_e,
        deviation,
        empty,
        bool(empty) or (is_unlikely and deviation >= FLOOR),
    )


def log_e_values(so_far: Floats, shares: Floats, concentration: float = CONCENTRATION) -> Floats:
    """Logarithm of the evidence against the shares at every day's end.

    `so_far` holds cumulative counts, shape (variants, days).
    """
    prior = concentration * shares[:, None]
    n = so_far.sum(axis=0)
    mixed = gammaln(concentration) - gammaln(concentration + n)
    mixed = mixed + (gammaln(prior + so_far) - gammaln(prior)).sum(axis=0)
    return np.asarray(mixed - xlogy(so_far, shares[:, None]).sum(axis=0))


def _shares(shares: Sequence[float] | None, variants: int) -> Floats:
    wanted = np.ones(variants) if shares is None else np.asarray(shares, dtype=float)
    if len(wanted) != variants or (wanted <= 0).any():
        raise ValueError("every variant has a positive share")
    return wanted / wanted.sum()
