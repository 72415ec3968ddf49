"""How many items came out per local day and per ISO week, days and weeks of none included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from production.flow.period import Period, monday


@dataclass(frozen=True, slots=True)
class Day:
    """A number of items on a local day, or at its end."""

    day: date
    n: int


@dataclass(frozen=True, slots=True)
class Throughput:
    """Items published on each local day of a period, oldest first."""

    days: tuple[Day, ...]

    @property
    def n(self) -> int:
        """All items of the period."""
        return sum(day.n for day in self.days)

    @property
    def zero_days(self) -> int:
        """Days on which nothing came out."""
        return sum(day.n == 0 for day in self.days)

    @property
    def per_day(self) -> float:
        """The mean, zero days included."""
        return self.n / len(self.days)

    @property
    def counts(self) -> tuple[int, ...]:
        """The bare numbers: the history that a forecast draws from."""
        return tuple(day.n for day in self.days)


def throughput(published: Iterable[datetime], period: Period) -> Throughput:
    """The days of the period with the number of these moments of first publication on each."""
    return filled(Counter(period.day_of(moment) for moment in published), period)


def filled(counts: Mapping[date, int], period: Period) -> Throughput:
    """The same from numbers already counted per local day; days that have none get 0."""
    return Throughput(tuple(Day(day, counts.get(day, 0)) for day in period.days))


def per_week(days: Sequence[Day]) -> list[Day]:
    """The sums by ISO week, each under its Monday, oldest first."""
    sums: dict[date, int] = {}
    for each in days:
        sums[monday(each.day)] = sums.get(monday(each.day), 0) + each.n
    return [Day(first, n) for first, n in sorted(sums.items())]
