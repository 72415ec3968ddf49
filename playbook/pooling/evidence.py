"""What a test tells about an attribute: one arm a variant, its level, a number and its variance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

HALF_LIFE = 180.0  # days; what an algorithm rewarded half a year ago counts half
SHORT_HALF_LIFE = 90.0  # on TikTok and Shorts


class Arm(NamedTuple):
    """A variant: its level of the attribute, y on the log scale (+ is good), the variance of y."""

    level: str
    y: float
    v: float


@dataclass(frozen=True, slots=True)
class PastTest:
    """A randomised test that may count: allocation drawn by lot, split as configured.

    Whether it was decided does not matter: to pool only winners would be to select them.
    `age` is in days. Duplicates of the same arms count once.
    """

    key: str
    arms: tuple[Arm, ...]
    age: float = 0.0

    @property
    def is_informative(self) -> bool:
        """Compares at least two levels."""
        return len({arm.level for arm in self.arms}) >= 2


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Arms of many tests as columns: `test` and `level` are row numbers, `weight` a test's r.

    Only informative tests are here, each once; `levels` are the names in order.
    """

    levels: tuple[str, ...]
    test: Ints
    level: Ints
    y: Floats
    v: Floats
    weight: Floats

    @property
    def tests(self) -> int:
        return len(self.weight)


def arm_of_events(
    level: str, events: float, exposures: float, *, phi: float = 1.0, direction: int = 1
) -> Arm:
    """y = log((e+.5)/(n+.5)), v = phi/(e+.5); the sign turned when less is better.

    The half event keeps what had none (Haldane, Ann. Hum. Genet. 1956). Raises ValueError without
    exposures.
    """
    if exposures <= 0 or events < 0:
        raise ValueError("an arm has exposures, and no negative events")
    return Arm(level, direction * log((events + 0.5) / (exposures + 0.5)), phi / (events + 0.5))


def arm_of_mean(
    level: str, mean: float, variance: float, n: float, *, phi: float = 1.0, direction: int = 1
) -> Arm:
    """y = log(mean), v = phi s²/(n mean²), of n exposures with variance s²."""
    if mean <= 0 or n <= 0 or variance <= 0:
        raise ValueError("an arm of means has a mean, a variance and exposures above 0")
    return Arm(level, direction * log(mean), phi * variance / (n * mean**2))


def recency(age: float | Floats, half_life: float = HALF_LIFE) -> Floats:
    """r = 2^(-age/half-life): how much of a test counts (power prior, Ibrahim and Chen 2000)."""
    return np.asarray(2.0 ** (-np.asarray(age, dtype=float) / half_life))


def collect(
    tests: Iterable[PastTest],
    half_life: float = HALF_LIFE,
    levels: Iterable[str] | None = None,
) -> Evidence:
    """The evidence of tests, without those that compare nothing and without copies.

    `levels` fixes the names and their order; by default those that occur, sorted.
    """
    kept: dict[object, PastTest] = {}
    for each in tests:
        if each.is_informative:
            # The younger of two copies: the same arms measured once are evidence once.
            mark = tuple(sorted(each.arms))
            if mark not in kept or kept[mark].age > each.age:
                kept[mark] = each
    arms = [(i, arm) for i, each in enumerate(kept.values()) for arm in each.arms]
    names = tuple(levels) if levels is not None else tuple(sorted({a.level for _, a in arms}))
    position: Mapping[str, int] = {name: i for i, name in enumerate(names)}
    return Evidence(
        names,
        np.array([i for i, _ in arms], dtype=int),
        np.array([position[arm.level] for _, arm in arms], dtype=int),
        np.array([arm.y for _, arm in arms], dtype=float),
        np.array([arm.v for _, arm in arms], dtype=float),
        recency(np.array([each.age for each in kept.values()], dtype=float), half_life),
    )


def of_columns(
    levels: tuple[str, ...],
    test: Ints,
    level: Ints,
    y: Floats,
    v: Floats,
    weight: Floats | None = None,
) -> Evidence:
    """The same of an archive given as columns; `test` holds any numbers, a row an arm.

    `weight` is per arm (equal within a test), 1 by default. Copies are not looked for.
    """
    lowest = np.full(int(test.max(initial=-1)) + 1, len(levels))
    highest = np.full(len(lowest), -1)
    np.minimum.at(lowest, test, level)
    np.maximum.at(highest, test, level)
    kept = (lowest < highest)[test]
    _, first, number = np.unique(test[kept], return_index=True, return_inverse=True)
    given = np.ones(len(test)) if weight is None else weight
    return Evidence(levels, number, level[kept], y[kept], v[kept], given[kept][first])
