"""How many items by a date, and when so many are out: a Monte Carlo forecast from throughput.

Each run draws a day of the past at random for each day to come, with replacement, and adds up
what came out on it. Source: D. Vacanti, "Actionable Agile Metrics for Predictability" (2015),
chapters 14 and 15; percentiles by nearest rank over the runs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RUNS = 10_000
CHANCES = (0.50, 0.85, 0.95)
SHORT = 10  # with fewer days of history than this a forecast is said to be a guess
FARTHEST = 3650  # days; what lies beyond ten years is "later", not a date
BLOCK = 64  # days drawn at a time for all runs, so that memory does not grow with the horizon

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What the runs gave: a number (of items or of days) and how many runs gave it, ascending.

    `beyond` runs gave no number: they were not done within FARTHEST days.
    """

    values: tuple[int, ...]
    runs: tuple[int, ...]
    beyond: int = 0

    @classmethod
    def of(cls, runs_by_value: Mapping[int, int], beyond: int = 0) -> Outcomes:
        kept = sorted((value, n) for value, n in runs_by_value.items() if n)
        return cls(tuple(v for v, _ in kept), tuple(n for _, n in kept), beyond)

    @property
    def n(self) -> int:
        """All runs."""
        return sum(self.runs) + self.beyond

    def at_least(self, chance: float) -> int:
        """The largest number that at least this part of the runs reached or exceeded."""
        return _ranked(self.values[::-1], self.runs[::-1], _rank(chance, self.n) - self.beyond) or 0

    def at_most(self, chance: float) -> int | None:
        """The smallest number that at least this part of the runs did not exceed; None is later."""
        return _ranked(self.values, self.runs, _rank(chance, self.n))

    def chance_of_at_least(self, value: int) -> float:
        """The part of the runs that reached the number or exceeded it, 0 to 1."""
        pairs = zip(self.values, self.runs, strict=True)
        return (sum(n for each, n in pairs if each >= value) + self.beyond) / self.n

    def chance_of_at_most(self, value: int) -> float:
        """The part of the runs that did not exceed the number, 0 to 1."""
        return sum(n for v, n in zip(self.values, self.runs, strict=True) if v <= value) / self.n


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast with all that is needed to draw it again.

    `history` is the throughput per day that it drew from; `is_short` that it has under SHORT days.
    """

    history: tuple[int, ...]
    seed: int
    outcomes: Outcomes

    @property
    def runs(self) -> int:
        return self.outcomes.n

    @property
    def zero_days(self) -> int:
        return self.history.count(0)

    @property
    def is_short(self) -> bool:
        return len(self.history) < SHORT


@dataclass(frozen=True, slots=True)
class HowMany(Forecast):
    """How many items come out within `days` days."""

    days: int

    def with_chance(self, chance: float) -> int:
        """So many or more, with this chance (0.85: the 15th percentile of the runs)."""
        return self.outcomes.at_least(chance)

    def chance_of(self, items: int) -> float:
        """How likely so many or more are, 0 to 1."""
        return self.outcomes.chance_of_at_least(items)


@dataclass(frozen=True, slots=True)
class When(Forecast):
    """After how many days `items` items are out; the first day to come is day 1."""

    items: int

    def with_chance(self, chance: float) -> int | None:
        """The day by which they are out with this chance; None lies beyond FARTHEST days."""
        return self.outcomes.at_most(chance)

    def chance_by(self, day: int) -> float:
        """How likely they are out by the end of that day, 0 to 1."""
        return self.outcomes.chance_of_at_most(day)


def how_many(history: Sequence[int], days: int, *, seed: int, runs: int = RUNS) -> HowMany | None:
    """How many items to expect within `days` days, 1 to FARTHEST.

    `history` is the number of items out on each past day, zero days included. None when nothing
    came out: that forecasts nothing. The same seed gives the same forecast. Raises ValueError for
    a horizon out of range, negative counts, or fewer than RUNS runs.
    """
    if not 1 <= days <= FARTHEST:
        raise ValueError(f"a forecast looks 1 to {FARTHEST} days ahead, not {days}")
    past = _past(history, runs)
    if past is None:
        return None
    draw = np.random.default_rng(seed)
    totals = np.zeros(runs, dtype=np.int64)
    for begin in range(0, days, BLOCK):
        totals += _drawn(draw, past, runs, min(BLOCK, days - begin)).sum(axis=1)
    return HowMany(tuple(history), seed, _outcomes(totals), days)


def when(history: Sequence[int], items: int, *, seed: int, runs: int = RUNS) -> When | None:
    """After how many days `items` items are out, at least 1.

    As `how_many`; runs that are not done within FARTHEST days end there. Memory is bounded by
    the block of days that is drawn at a time, however many items are asked for.
    """
    if items < 1:
        raise ValueError(f"a forecast is of at least one item, not {items}")
    past = _past(history, runs)
    if past is None:
        return None
    draw = np.random.default_rng(seed)
    done = np.zeros(runs, dtype=np.int64)
    going, left = np.arange(runs), np.full(runs, items, dtype=np.int64)
    for begin in range(0, FARTHEST, BLOCK):
        width = min(BLOCK, FARTHEST - begin)
        reached = _drawn(draw, past, len(going), width).cumsum(axis=1)
        arrived = reached[:, -1] >= left
        days = (reached[arrived] < left[arrived, None]).sum(axis=1)
        done[going[arrived]] = begin + days + 1
        left = left[~arrived] - reached[~arrived, -1]
        going = going[~arrived]
        if not len(going):
            break
    return When(tuple(history), seed, _outcomes(done[done > 0], len(going)), items)


def _past(history: Sequence[int], runs: int) -> Counts | None:
    if runs < RUNS:
        raise ValueError(f"a forecast takes at least {RUNS} runs, not {runs}")
    if any(count < 0 for count in history):
        raise ValueError("no day has fewer than no items")
    return np.array(history, dtype=np.int64) if any(history) else None


def _drawn(draw: np.random.Generator, past: Counts, runs: int, days: int) -> Counts:
    return past[draw.integers(0, len(past), size=(runs, days))]


def _outcomes(numbers: Counts, beyond: int = 0) -> Outcomes:
    values, runs = np.unique(numbers, return_counts=True)
    return Outcomes(tuple(values.tolist()), tuple(runs.tolist()), beyond)


def _rank(chance: float, n: int) -> int:
    if not 0 < chance <= 1:
        raise ValueError(f"a chance lies above 0 and is at most 1, not {chance}")
    # 0.07 * 100 is 7.000000000000001 in binary: rounding first keeps the ceiling honest.
    return math.ceil(round(chance * n, 9))


def _ranked(values: Sequence[int], runs: Sequence[int], rank: int) -> int | None:
    seen = 0
    for value, n in zip(values, runs, strict=True):
        seen += n
        if seen >= rank:
            return value
    return None
