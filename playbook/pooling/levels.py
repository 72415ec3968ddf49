"""What is said of every level: lift, chances, label, and how many tests more it would take."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, expm1

import numpy as np

from playbook.pooling.evidence import Evidence, Floats
from playbook.pooling.model import Fit

LEAST_LIFT = 0.02
PROVEN_Z = 1.645  # P(better) of 0.95
MOST_TESTS = 200
QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)


class Label(StrEnum):
    PROVEN = "proven"
    PROMISING = "promising"
    UNPROVEN = "unproven"
    LOSING = "losing"
    STALE = "stale"
    WORTH_TESTING = "worth"  # the most that posts without a lot can be


@dataclass(frozen=True, slots=True)
class Level:
    """One level against the median of the others; lifts are parts (0.06 is +6 %).

    `tests` compared it, `effective` of them after recency; `p_next` is the chance that the next
    variant of this type beats the average, `next_interval` where its lift lies (80 %).
    `more_tests` until it can be proven or lost at this effect; None when more than 200.
    """

    name: str
    lift: float
    interval_80: tuple[float, float]
    interval_95: tuple[float, float]
    p_better: float
    p_best: float
    p_next: float
    next_interval: tuple[float, float]
    tests: int
    effective: float
    label: Label
    more_tests: int | None


def summarise(
    evidence: Evidence, fitted: Fit, *, decided: Collection[str] = (), seed: int = 0
) -> tuple[Level, ...]:
    """Every level in the evidence's order. `decided` names those proven or losing before."""
    effects = against_others(fitted.theta)
    random = np.random.default_rng([seed, 1])
    nexts = effects + fitted.tau[:, None] * random.standard_normal((len(effects), 1))
    best = np.bincount(fitted.theta.argmax(axis=1), minlength=effects.shape[1]) / len(effects)
    tests, effective = counts(evidence)
    shown = np.quantile(effects, QUANTILES, axis=0)
    ahead = np.quantile(nexts, (0.1, 0.9), axis=0)
    found = []
    for index, name in enumerate(evidence.levels):
        middle, p_better = float(shown[2, index]), float((effects[:, index] > 0).mean())
        n, r = int(tests[index]), float(effective[index])
        given = label(n, r, p_better, expm1(middle), was_decided=name in decided)
        found.append(
            Level(
                name=name,
                lift=expm1(middle),
                interval_80=_parts(shown[1:4:2, index]),
                interval_95=_parts(shown[0:5:4, index]),
                p_better=p_better,
                p_best=float(best[index]),
                p_next=float((nexts[:, index] > 0).mean()),
                next_interval=_parts(ahead[:, index]),
                tests=n,
                effective=r,
                label=given,
                more_tests=more_tests(n, middle, float(effects[:, index].std())),
            )
        )
    return tuple(found)


def label(
    tests: int, effective: float, p_better: float, lift: float, *, was_decided: bool = False
) -> Label:
    """Proven, promising, losing, stale or, by default, unproven.

    Promising appears wrongly in a fifth of workspaces where nothing is real: it means test again.
    """
    if was_decided and effective < 2:
        return Label.STALE
    if tests >= 5 and effective >= 3 and p_better >= 0.95 and lift >= LEAST_LIFT:
        return Label.PROVEN
    if tests >= 3 and p_better >= 0.80 and lift >= LEAST_LIFT:
        return Label.PROMISING
    if tests >= 5 and p_better <= 0.05 and lift <= -LEAST_LIFT:
        return Label.LOSING
    return Label.UNPROVEN


def against_others(theta: Floats) -> Floats:
    """theta_l - median of the other levels, draw by draw; of two levels the whole contrast."""
    levels = theta.shape[1]
    if levels < 2:
        return np.zeros_like(theta)
    order = np.argsort(theta, axis=1, kind="stable")
    ranked = np.take_along_axis(theta, order, axis=1)
    rank = np.argsort(order, axis=1, kind="stable")
    # The others' i-th is the i-th of all, or the next one when it stands above this level.
    low, high = (levels - 2) // 2, (levels - 1) // 2
    others = [
        np.where(rank > place, ranked[:, [place]], ranked[:, [place + 1]]) for place in (low, high)
    ]
    return theta - (others[0] + others[1]) / 2


def counts(evidence: Evidence) -> tuple[Floats, Floats]:
    """For every level: how many tests compared it, and the sum of their recency weights."""
    seen = np.zeros((evidence.tests, len(evidence.levels)))
    seen[evidence.test, evidence.level] = 1.0
    return seen.sum(axis=0), evidence.weight @ seen


def more_tests(tests: int, effect: float, sd: float) -> int | None:
    """About how many tests more would settle an effect of this size; None when beyond reach.

    The error falls with the root of the tests: n ((1.645 sd / effect)² - 1).
    """
    missing = max(0, 5 - tests)
    if abs(effect) * (MOST_TESTS + tests) ** 0.5 <= PROVEN_Z * sd * max(tests, 1) ** 0.5:
        return None
    needed = max(tests, 1) * ((PROVEN_Z * sd / effect) ** 2 - 1)
    return max(missing, ceil(max(0.0, needed)))


def expected_false(levels: Collection[Level]) -> float:
    """How many of the labels "proven" shown are expected to be wrong: the sum of 1 - P."""
    return sum(1 - each.p_better for each in levels if each.label is Label.PROVEN)


def _parts(bounds: Floats) -> tuple[float, float]:
    return expm1(float(bounds[0])), expm1(float(bounds[1]))
