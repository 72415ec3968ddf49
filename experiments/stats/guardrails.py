"""What must not get worse while something else gets better: one-sided non-inferiority."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from experiments.stats import effects
from experiments.stats.contrast import Estimate, Method

SUSPECTED_FROM = 0.80


class Guard(StrEnum):
    UNKNOWN = "unknown"
    SAFE = "safe"  # the whole interval is on the good side of the margin
    OPEN = "open"
    SUSPECTED = "harm_suspected"
    HARM = "harm"


@dataclass(frozen=True, slots=True)
class Guarded:
    """One guardrail for one variant: its state, the estimate, P(worse than the margin)."""

    name: str
    state: Guard
    estimate: Estimate
    margin: float
    p_beyond: float


def guard(name: str, estimate: Estimate, margin: float) -> Guarded:
    """Judge a guardrail's contrast with the control; the margin is a positive log lift.

    Harm when the always-valid interval lies beyond the margin; suspected when the estimate does
    and the shrunken effect does with P >= 0.8.
    """
    if margin < 0:
        raise ValueError("a margin is not negative")
    low, high = estimate.good_bounds
    # P(effect < -margin) is P(-effect > margin).
    p = effects.chance_above(-estimate.good_realistic, estimate.realistic_sd, margin)
    return Guarded(name, _state(estimate, low, high, margin, p), estimate, margin, p)


def _state(estimate: Estimate, low: float, high: float, margin: float, p: float) -> Guard:
    if estimate.method is Method.NONE:
        return Guard.UNKNOWN
    if high < -margin:
        return Guard.HARM
    if estimate.good_lift < -margin and p >= SUSPECTED_FROM:
        return Guard.SUSPECTED
    return Guard.SAFE if low > -margin else Guard.OPEN
