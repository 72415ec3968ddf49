"""Before a test: what it can find, how long it takes. All lifts are log lifts unless said.

`n` is exposures of each variant. Always-valid numbers hold however often somebody looks; they
cost about twice the fixed ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, inf, isnan, log, sqrt

from scipy.optimize import brentq
from scipy.special import nctdtr
from scipy.stats import norm
from scipy.stats import t as student

from experiments.stats.data import ALPHA, Kind
from experiments.stats.within import half_width

POWER = 0.8
PHI = 1.5  # median overdispersion of past tests where a channel has none of its own
MANY = 1e6  # degrees of freedom from which t is normal
LEAST = 1e-4  # a hundredth of a per cent
NEVER = log(20)  # a lift of +1 900 % that nobody needs statistics for


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a KPI does now: its rate per exposure and, of a mean, the SD of one exposure."""

    kind: Kind
    rate: float
    sd: float = 0.0

    def __post_init__(self) -> None:
        if self.rate <= 0 or (self.kind is Kind.PROPORTION and self.rate >= 1):
            raise ValueError("the rate is above 0, that of a proportion below 1")
        if self.kind is Kind.MEAN and self.sd <= 0:
            raise ValueError("a mean needs the SD of one exposure")

    def unit_variance(self, lift: float) -> float:
        """n times the variance of the log lift with n exposures in each of two variants.

        count 1/lam1 + 1/lam2; proportion (1-p1)/p1 + (1-p2)/p2; mean 2 sd²/mean². Raises
        ValueError for a lift that takes a proportion to 1.
        """
        if self.kind is Kind.MEAN:
            return 2 * (self.sd / self.rate) ** 2
        lifted = self.rate * exp(lift)
        if self.kind is Kind.COUNT:
            return 1 / self.rate + 1 / lifted
        if lifted >= 1:
            raise ValueError("no proportion is above 1")
        return (1 - self.rate) / self.rate + (1 - lifted) / lifted


def always_valid_n(
    baseline: Baseline,
    lift: float,
    *,
    variants: int = 2,
    power: float = POWER,
    alpha: float = ALPHA,
    tau: float = 0.2,
    phi: float = PHI,
) -> float:
    """Exposures a variant needs so that a look then excludes 0 with this power.

    Solves |l| = h(W) + z_power sqrt(W) for W, h being `within.half_width` at alpha/(K-1).
    """
    w = _variance_that_finds(abs(lift), _level(alpha, variants), power, tau)
    return phi * baseline.unit_variance(lift) / w


def fixed_n(
    baseline: Baseline,
    lift: float,
    *,
    variants: int = 2,
    power: float = POWER,
    alpha: float = ALPHA,
    phi: float = 1.0,
) -> float:
    """Exposures a variant needs with a single look at the end, decided in advance.

    proportion: normal test with pooled variance under no difference (Fleiss, Levin, Paik 2003,
    section 4.2, one tail); count: normal test of the log rate ratio (Zhu and Lakkis, Stat. Med.
    2014, 33: 376-387); mean: two-sample t test (Cohen 1988, chapter 2), nobody's n below 2.
    """
    level, lifted = _level(alpha, variants) / 2, baseline.rate * exp(lift)
    if lift == 0:
        raise ValueError("no n finds a lift of 0")
    z_alpha, z_power = float(norm.isf(level)), float(norm.ppf(power))
    if baseline.kind is Kind.COUNT:
        return phi * baseline.unit_variance(lift) * ((z_alpha + z_power) / lift) ** 2
    if baseline.kind is Kind.PROPORTION:
        pooled = (baseline.rate + lifted) / 2
        under_null = sqrt(2 * pooled * (1 - pooled))
        spread = sqrt(lifted * (1 - lifted) + baseline.rate * (1 - baseline.rate))
        shift = abs(lifted - baseline.rate)
        return phi * ((z_alpha * under_null + z_power * spread) / shift) ** 2
    effect = abs(lifted - baseline.rate) / baseline.sd
    return phi * _t_test_n(effect, level, power)


def t_test_power(effect: float, n: float, level: float) -> float:
    """Power of a two-sample t test, n each, effect in SDs, level the chance of either tail."""
    df, shift = 2 * n - 2, effect * sqrt(n / 2)
    if df > MANY:
        return float(norm.sf(norm.isf(level) - shift))
    edge = float(student.isf(level, df))
    wrong_side = float(nctdtr(df, shift, -edge))  # NaN once it is too small to be told from 0
    return float(1 - nctdtr(df, shift, edge)) + (0.0 if isnan(wrong_side) else wrong_side)


def smallest_lift(
    baseline: Baseline,
    n: float,
    *,
    is_always_valid: bool = True,
    variants: int = 2,
    power: float = POWER,
    alpha: float = ALPHA,
    tau: float = 0.2,
    phi: float = PHI,
) -> float:
    """The smallest lift above 0 found with this power from n exposures each; inf when none is."""
    top = NEVER
    if baseline.kind is Kind.PROPORTION:
        top = min(top, log(1 / baseline.rate) - 1e-9)

    def missing(lift: float) -> float:
        if is_always_valid:
            needed = always_valid_n(
                baseline, lift, variants=variants, power=power, alpha=alpha, tau=tau, phi=phi
            )
        else:
            needed = fixed_n(baseline, lift, variants=variants, power=power, alpha=alpha, phi=phi)
        return log(needed) - log(n)

    if n <= 0 or missing(top) > 0:
        return inf
    if missing(LEAST) <= 0:
        return LEAST
    return float(brentq(missing, LEAST, top, xtol=1e-10))


def days_left(needed: float, so_far: float, a_day: float) -> int | None:
    """Whole days until a variant has the exposures it needs at this pace; None at no pace."""
    if so_far >= needed:
        return 0
    return ceil((needed - so_far) / a_day) if a_day > 0 else None


def _level(alpha: float, variants: int) -> float:
    if variants < 2:
        raise ValueError("a test has at least two variants")
    return alpha / (variants - 1)


def _variance_that_finds(lift: float, level: float, power: float, tau: float) -> float:
    if lift <= 0:
        raise ValueError("no n finds a lift of 0")
    z = float(norm.ppf(power))

    def excess(log_w: float) -> float:
        w = exp(log_w)
        return float(half_width(w, tau, level)) + z * sqrt(w) - lift

    return exp(float(brentq(excess, log(1e-16), log(1e6), xtol=1e-12, rtol=1e-14)))


def _t_test_n(effect: float, level: float, power: float) -> float:
    """By root finding about what the normal test needs; never below 2."""
    about = 2 * ((float(norm.isf(level)) + float(norm.ppf(power))) / effect) ** 2

    def missing(n: float) -> float:
        return t_test_power(effect, n, level) - power

    low = max(2.0, about * 0.9)
    if low == 2.0 and missing(low) >= 0:
        return low
    return float(brentq(missing, low, 2 * about + 8, xtol=1e-9))
