"""From values to places on paper, and the values worth writing at an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

WEEK = timedelta(days=7)
# Steps that people count hours in: parts of a day, days, weeks.
_HOURS = (1, 2, 3, 6, 12, 24, 48, 72, 96, 120, 168, 240, 336, 504, 672, 1344, 2016, 4032, 8736)
_WEEKS = (1, 2, 4, 8, 13, 26, 52)


@dataclass(frozen=True, slots=True)
class Linear:
    """Numbers from `low` to `high` on the stretch from `start` to `end`, which may run down."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of the value; what lies outside is kept at the edge."""
        if self.high == self.low:
            return self.start
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Time:
    """Moments from `low` to `high` on a stretch. By what passed, whatever the clocks did."""

    low: datetime
    high: datetime
    start: float
    end: float

    def __call__(self, moment: datetime) -> float:
        """The place of the moment; what lies outside is kept at the edge."""
        low, high = self.low.timestamp(), self.high.timestamp()
        return Linear(low, high, self.start, self.end)(moment.timestamp())


@dataclass(frozen=True, slots=True)
class Bands:
    """`count` equal bands on a stretch; `gap` (0 to 1) of each is left free."""

    count: int
    start: float
    end: float
    gap: float = 0.2

    @property
    def step(self) -> float:
        return (self.end - self.start) / max(self.count, 1)

    @property
    def width(self) -> float:
        """How wide what is drawn in a band may be."""
        return self.step * (1 - self.gap)

    def left(self, index: int) -> float:
        """Where the drawn part of the band begins."""
        return self.start + self.step * (index + self.gap / 2)

    def middle(self, index: int) -> float:
        return self.start + self.step * (index + 0.5)


def round_ticks(high: float, most: int = 6) -> list[float]:
    """0 and round numbers (1, 2, 5 times a power of ten) up to the first one at or past `high`."""
    if not high > 0:
        return [0.0, 1.0]
    raw = high / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in (1, 2, 5, 10, 20) if math.ceil(high / (s * power)) < most)
    return [round(step * n, 10) for n in range(math.ceil(round(high / step, 9)) + 1)]


def whole_ticks(high: float, most: int = 6) -> list[float]:
    """As `round_ticks`, for what is counted: no halves."""
    ticks = round_ticks(max(high, 1), most)
    return ticks if ticks[1] >= 1 else [float(n) for n in range(math.ceil(max(high, 1)) + 1)]


def hour_ticks(high: float, most: int = 7) -> list[float]:
    """Hours from 0 to the first tick at or past `high`, in steps that people count in."""
    high = max(high, 1)
    fits = (s for s in _HOURS if math.ceil(high / s) < most)
    step = next(fits, 8736 * math.ceil(high / 8736 / (most - 1)))
    return [float(step * n) for n in range(math.ceil(high / step) + 1)]


def mondays(low: datetime, high: datetime, zone: tzinfo, most: int = 6) -> list[datetime]:
    """The first moments of Mondays inside the stretch, every one or every so many weeks."""
    first = low.astimezone(zone).date()
    day = first + timedelta(days=-first.weekday() % 7)
    found = []
    while (moment := day_start(day, zone)) <= high:
        if moment >= low:
            found.append(moment)
        day += WEEK
    every = next((n for n in _WEEKS if math.ceil(len(found) / n) <= most), 52)
    return found[::every]


def day_start(day: date, zone: tzinfo) -> datetime:
    """Midnight there."""
    return datetime.combine(day, time.min, zone)


def evenly(count: int, most: int) -> list[int]:
    """Which of `count` labels to write, at most `most`: every n-th, counted from the last."""
    every = max(math.ceil(count / max(most, 1)), 1)
    return [n for n in range(count) if (count - 1 - n) % every == 0]


def top(ticks: Sequence[float]) -> float:
    """The end of an axis."""
    return ticks[-1]
