"""What one variant does against another: the lift, its interval, the evidence, what to expect."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import expm1, log

import numpy as np

from experiments.stats import effects, nothing, rare, within
from experiments.stats.data import Daily, Flags, Floats, Kind, Metric


class Method(StrEnum):
    """Which mathematics an estimate rests on."""

    STRATIFIED = "stratified"
    EXACT = "exact"
    NONE = "none"  # nothing can be said of a ratio yet


@dataclass(frozen=True, slots=True)
class Estimate:
    """A variant against the control, on the log scale unless a name says otherwise.

    `log_lift`, `log_low`, `log_high` follow the number itself (a lower cost is negative); what is
    oriented by the metric's direction is named `good_…`. The interval is that of this look;
    `narrowest` is what all looks so far leave. `p` is the anytime p, `variance` W,
    `control_variance` the control's part of it. `realistic` and `realistic_sd` are the shrunken
    lift, `p_better` its chance to be an improvement. `difference` is the interval of the rates'
    difference, set when the control has no events.
    """

    method: Method
    direction: int
    days: int
    exposures: tuple[float, float]
    totals: tuple[float, float]
    log_lift: float
    log_low: float
    log_high: float
    narrowest: tuple[float, float]
    variance: float
    control_variance: float
    phi: float
    log_e: float
    p: float
    realistic: float
    realistic_sd: float
    p_better: float
    difference: tuple[float, float] | None = None

    @property
    def lift(self) -> float:
        """As a part: 0.14 is +14 %. NaN when undefined, infinite when the control has nothing."""
        return expm1(self.log_lift) if self.log_lift < 700 else np.inf

    @property
    def interval(self) -> tuple[float, float]:
        """The always-valid interval of the lift, as parts."""
        high = expm1(self.log_high) if self.log_high < 700 else np.inf
        return expm1(self.log_low), high

    @property
    def width(self) -> float:
        """Of the interval, on the log scale; infinite when a side is open."""
        return self.log_high - self.log_low

    @property
    def good_lift(self) -> float:
        """The log lift so that + is good."""
        return self.direction * self.log_lift

    @property
    def good_bounds(self) -> tuple[float, float]:
        """The narrowest interval so that + is good."""
        low, high = self.narrowest
        return (low, high) if self.direction > 0 else (-high, -low)

    @property
    def good_realistic(self) -> float:
        """The shrunken log lift so that + is good."""
        return self.direction * self.realistic

    @property
    def events(self) -> float:
        """Of both variants together."""
        return sum(self.totals)


def contrast(
    metric: Metric,
    control: Daily,
    variant: Daily,
    *,
    alpha: float,
    tau0: float = 0.2,
) -> Estimate:
    """Compare two variants at level alpha (already divided when there are several).

    With fewer than `min_events` in an arm (counts and proportions) the exact test speaks, else
    the stratified estimate. Somebody is taken to look at the end of every day from `min_days`
    days with data in both variants on, and on the last one.
    """
    seen = within.looks(metric.kind, _row(control), _row(variant))
    last = len(control) - 1
    both = (control.exposures > 0) & (variant.exposures > 0)
    exposures = float(control.exposures.sum()), float(variant.exposures.sum())
    totals = float(control.sums.sum()), float(variant.sums.sum())
    if last < 0 or not both.any():
        return _unknown(metric, exposures, totals, tau0)
    is_look = np.cumsum(both) >= metric.min_days
    is_look[last] = True
    is_rare = _is_rare(metric, control, variant)
    log_e, bounds, found = _history(metric, control, variant, seen, is_look, is_rare, alpha)
    if np.isnan(log_e[last]):
        return _unknown(metric, exposures, totals, tau0, int(seen.days[last]))
    lift, variance, of_control = (
        float(row[last]) for row in (seen.log_lift, seen.variance, seen.control_variance)
    )
    phi, method, difference = float(seen.phi[last]), Method.STRATIFIED, None
    if found:
        lift, phi, method = found.log_lift, found.phi, Method.EXACT
        if totals[0] == 0 and min(exposures) > 0:
            sides = (totals[0], exposures[0]), (totals[1], exposures[1])
            difference = nothing.difference(metric.kind, *sides, alpha)
    if np.isnan(variance):
        corrected, variance, of_control = _corrected(totals, exposures, phi)
    else:
        corrected = float(seen.log_lift[last])
    realistic, sd = effects.shrunken(corrected, variance, tau0)
    low, high = bounds[last]
    return Estimate(
        method=method,
        direction=metric.direction,
        days=int(both.sum()) if metric.kind is not Kind.MEAN else int(seen.days[last]),
        exposures=exposures,
        totals=totals,
        log_lift=lift,
        log_low=float(low),
        log_high=float(high),
        narrowest=_narrowest(bounds[is_look]),
        variance=variance,
        control_variance=of_control,
        phi=phi,
        log_e=float(log_e[last]),
        p=float(within.anytime_p(np.where(is_look, log_e, np.nan))[last]),
        realistic=realistic,
        realistic_sd=sd,
        p_better=effects.chance_above(metric.direction * realistic, sd),
        difference=difference,
    )


def _history(
    metric: Metric,
    control: Daily,
    variant: Daily,
    seen: within.Looks,
    is_look: Flags,
    is_rare: Flags,
    alpha: float,
) -> tuple[Floats, Floats, rare.Exact | None]:
    """The evidence (days,) and the interval (days, 2) at the end of every day, and what the exact
    test says of the last one, if events are few even then."""
    found = None
    half = within.half_width(seen.variance, metric.tau, alpha)
    bounds = np.column_stack([seen.log_lift - half, seen.log_lift + half])
    log_e = within.log_e_value(seen.log_lift, seen.variance, metric.tau)
    if is_rare.any():
        sides = control.exposures, control.sums, variant.exposures, variant.sums
        log_e = np.where(is_rare, np.nan, log_e)
        bounds[is_rare] = -np.inf, np.inf
        for day in np.flatnonzero(is_rare & is_look):
            found = None
            n_a, a, n_b, b = (row[: day + 1] for row in sides)
            if (a + b)[(n_a > 0) & (n_b > 0)].sum() > 0:
                found = rare.exact(n_a, a, n_b, b, alpha)
                bounds[day], log_e[day] = (found.log_low, found.log_high), found.log_e
    return log_e, bounds, found if is_rare[-1] else None


def _is_rare(metric: Metric, control: Daily, variant: Daily) -> Flags:
    if metric.kind is Kind.MEAN:
        return np.zeros(len(control), dtype=bool)
    fewest = np.minimum(np.cumsum(control.sums), np.cumsum(variant.sums))
    # With no event at all in an arm there is no ratio, whatever the gate is set to.
    return np.asarray(fewest < max(metric.min_events, 1))


def _narrowest(bounds: Floats) -> tuple[float, float]:
    """What all intervals have in common; the last one when the past contradicts itself."""
    low, high = np.nanmax(bounds[:, 0]), np.nanmin(bounds[:, 1])
    return (float(low), float(high)) if low < high else (float(bounds[-1, 0]), float(bounds[-1, 1]))


def _corrected(
    totals: tuple[float, float], exposures: tuple[float, float], phi: float
) -> tuple[float, float, float]:
    """Log ratio and variance with half an event more on either side (Haldane 1956)."""
    a, b = totals[0] + 0.5, totals[1] + 0.5
    lift = log(b / (exposures[1] + 0.5)) - log(a / (exposures[0] + 0.5))
    return lift, phi * (1 / a + 1 / b), phi / a


def _unknown(
    metric: Metric,
    exposures: tuple[float, float],
    totals: tuple[float, float],
    tau0: float,
    days: int = 0,
) -> Estimate:
    return Estimate(
        method=Method.NONE,
        direction=metric.direction,
        days=days,
        exposures=exposures,
        totals=totals,
        log_lift=np.nan,
        log_low=-np.inf,
        log_high=np.inf,
        narrowest=(-np.inf, np.inf),
        variance=np.inf,
        control_variance=0.0,
        phi=1.0,
        log_e=0.0,
        p=1.0,
        realistic=0.0,
        realistic_sd=tau0,
        p_better=0.5,
    )


def _row(daily: Daily) -> tuple[Floats, Floats, Floats | None]:
    return daily.exposures, daily.sums, daily.sum_squares
