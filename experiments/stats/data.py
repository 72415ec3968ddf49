"""What the statistics take: plain numbers of one experiment, frozen.

Nothing here knows how the numbers are stored. Element t of every row belongs to the same day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int_]

ALPHA = 0.05  # chance of any false verdict in an experiment, however often somebody looks


class Kind(StrEnum):
    """How a KPI's rate varies, see `within.day_rates`."""

    COUNT = "count"  # events per exposure, rare or repeatable: saves per impression, leads per EUR
    PROPORTION = "proportion"  # each exposure is 0 or 1: clicked, still watching after 3 s
    MEAN = "mean"  # a quantity per exposure: seconds watched, % viewed


class Allocation(StrEnum):
    """Who decided which viewer sees which variant."""

    PLATFORM_SPLIT = "platform_split"
    OWN_RANDOM = "own_random"
    DELIVERY = "delivery"  # optimised by the platform: exposures are an outcome, not an assignment
    SLOTS = (
        "random_slots"  # which variant goes to which publishing slot was drawn before publication
    )
    NONE = "none"


RANDOM_SPLITS = frozenset({Allocation.PLATFORM_SPLIT, Allocation.OWN_RANDOM})


@dataclass(frozen=True, slots=True)
class Metric:
    """What is compared.

    `direction` is +1 when more is better, -1 when less is. `min_events` (events, or exposures of
    a mean) and `min_days` (days with data in both variants) are the gate before anything is shown.
    `delta` is the smallest lift that matters and `tau` the lift that the interval is tightest
    for, both on the log scale: 0.02 is about 2 %.
    """

    kind: Kind
    direction: int = 1
    min_events: int = 20
    min_days: int = 7
    delta: float = 0.02
    tau: float = 0.2

    def __post_init__(self) -> None:
        if self.direction not in (1, -1):
            raise ValueError("the direction is +1 (more is better) or -1")
        if self.delta < 0 or self.tau <= 0 or self.min_days < 1 or self.min_events < 0:
            raise ValueError("delta, tau and the gates are positive")


@dataclass(frozen=True, slots=True, eq=False)
class Daily:
    """What one variant got: exposures, sums and (means only) sums of squares, a day each.

    Raises ValueError when the rows differ in length or a number is not finite or, but for the sums
    of a mean, negative.
    """

    exposures: Floats
    sums: Floats
    sum_squares: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("exposures", "sums", "sum_squares"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, _row(given, name))
        rows = {
            len(row) for row in (self.exposures, self.sums, self.sum_squares) if row is not None
        }
        if len(rows) != 1:
            raise ValueError("every row has one number a day")

    @classmethod
    def of(
        cls,
        exposures: Sequence[float],
        sums: Sequence[float],
        sum_squares: Sequence[float] | None = None,
    ) -> Daily:
        """From plain lists."""
        squares = None if sum_squares is None else np.asarray(sum_squares, dtype=float)
        return cls(np.asarray(exposures, dtype=float), np.asarray(sums, dtype=float), squares)

    def __len__(self) -> int:
        return len(self.exposures)

    def days(self, kept: slice | NDArray[np.bool_]) -> Daily:
        """Some of the days."""
        squares = None if self.sum_squares is None else self.sum_squares[kept]
        return Daily(self.exposures[kept], self.sums[kept], squares)

    def check(self, kind: Kind) -> None:
        """Raise ValueError when the numbers cannot be of this kind."""
        if kind is Kind.MEAN and self.sum_squares is None:
            raise ValueError("a mean needs sums of squares")
        if kind is not Kind.MEAN and (self.sums < 0).any():
            raise ValueError("events cannot be negative")
        if kind is Kind.PROPORTION and (self.sums > self.exposures).any():
            raise ValueError("more events than exposures")


@dataclass(frozen=True, slots=True)
class Variant:
    """One of 2 to 10 versions; `share` is its configured part, None when parts are equal."""

    name: str
    daily: Daily
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Guardrail:
    """What must not get worse by more than `margin` (log scale); a row of days for each variant."""

    name: str
    metric: Metric
    dailies: tuple[Daily, ...]
    margin: float = 0.1


@dataclass(frozen=True, slots=True)
class ExperimentData:
    """All that an analysis looks at. The first variant is the control.

    `has_control` is False when the variants are equals (three hooks), then the best is sought by
    multiple comparisons with the best. `randomised` are the units that were split (a row a
    variant, a column a day), by default the exposures. `tau0` is the SD of past true effects on
    the channel, `planned_lift` the lift (log) that the plan was made for, `ended` says that the
    planned end is reached. `tracking_gap` and `edited` withhold the result.
    """

    metric: Metric
    variants: tuple[Variant, ...]
    allocation: Allocation = Allocation.PLATFORM_SPLIT
    has_control: bool = True
    guardrails: tuple[Guardrail, ...] = ()
    randomised: tuple[Sequence[float], ...] | None = None
    tau0: float = 0.2
    planned_lift: float | None = None
    ended: bool = False
    tracking_gap: bool = False
    edited: bool = False
    alpha: float = ALPHA
    seed: int = 0

    def __post_init__(self) -> None:
        if not 2 <= len(self.variants) <= 10:
            raise ValueError("an experiment has 2 to 10 variants")
        if len({len(each.daily) for each in self.variants}) != 1:
            raise ValueError("every variant has the same days")
        for each in self.variants:
            each.daily.check(self.metric.kind)
        for rail in self.guardrails:
            if len(rail.dailies) != len(self.variants):
                raise ValueError(f"guardrail {rail.name}: one row of days for every variant")
            for daily in rail.dailies:
                daily.check(rail.metric.kind)

    @property
    def comparisons(self) -> int:
        """How many variants are compared with the control."""
        return len(self.variants) - 1


def _row(given: Floats, name: str) -> Floats:
    row = np.array(given, dtype=float)
    if row.ndim != 1 or not np.isfinite(row).all():
        raise ValueError(f"{name}: one finite number a day")
    if name != "sums" and (row < 0).any():
        raise ValueError(f"{name} cannot be negative")
    row.setflags(write=False)
    return row
