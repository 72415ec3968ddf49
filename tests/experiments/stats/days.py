"""Made-up days of experiments, the same for every run."""

from __future__ import annotations

import numpy as np

from experiments.stats import Daily, ExperimentData, Kind, Metric, Variant

SAVES = Metric(Kind.COUNT)
HOLD = Metric(Kind.PROPORTION)
WATCHED = Metric(Kind.MEAN)


def counts(rate: float, n: int = 1000, days: int = 14, seed: int = 1) -> Daily:
    """Events of a Poisson rate per exposure."""
    draw = np.random.default_rng(seed)
    return Daily.of([n] * days, draw.poisson(rate * n, days).tolist())


def shares(rate: float, n: int = 1000, days: int = 14, seed: int = 1) -> Daily:
    """How many of n did it, every day."""
    draw = np.random.default_rng(seed)
    return Daily.of([n] * days, draw.binomial(n, rate, days).tolist())


def means(mean: float, sd: float, n: int = 500, days: int = 14, seed: int = 1) -> Daily:
    """Sums and squares of n normal quantities a day."""
    drawn = np.random.default_rng(seed).normal(mean, sd, (days, n))
    return Daily(np.full(days, float(n)), drawn.sum(axis=1), (drawn**2).sum(axis=1))


def experiment(*dailies: Daily, metric: Metric = SAVES, **values) -> ExperimentData:
    """Variants A, B, C … of these days."""
    names = [chr(ord("A") + i) for i in range(len(dailies))]
    variants = tuple(Variant(n, d) for n, d in zip(names, dailies, strict=True))
    return ExperimentData(metric, variants, **values)
