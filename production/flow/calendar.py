"""Durations as people count them: calendar days and working days, always shown with their name.

Elapsed time is the definition of every figure; these are other ways to show the same stretch.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from production.flow.period import DAY, day_start, local_day

ALL_WEEK = range(1, 8)  # ISO 8601: Monday is 1
MONDAY_TO_FRIDAY = range(1, 6)


class Mode(StrEnum):
    """How durations are shown; the value is what settings and programs use."""

    ELAPSED = "elapsed"
    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Shown:
    """A duration with the name of how it was counted.

    `days` is fractional for elapsed and working time (a day is 24 hours), whole for calendar days.
    """

    mode: Mode
    days: float


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which local days are worked: `weekdays` (Monday is 1) less `holidays`, plus `extra` days.

    Raises ValueError when no weekday is worked, or one is named that there is not.
    """

    zone: tzinfo
    weekdays: Collection[int] = MONDAY_TO_FRIDAY
    holidays: Collection[date] = frozenset()
    extra: Collection[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays or not set(self.weekdays) <= set(ALL_WEEK):
            raise ValueError("working days are some of 1 (Monday) to 7 (Sunday)")

    def works(self, day: date) -> bool:
        """Whether people work on the day."""
        return day in self.extra or (day.isoweekday() in self.weekdays and day not in self.holidays)

    def count(self, first: date, last: date) -> int:
        """How many days are worked from the first to the last day, both included."""
        return sum(self.works(first + n * DAY) for n in range((last - first).days + 1))

    def time(self, start: datetime, end: datetime) -> timedelta:
        """Elapsed time less the whole days off between the first and the last day worked.

        Days off on which the stretch starts or ends, and those joined to them, count as worked:
        evidently somebody worked then, and no work takes no time. A day off takes away its real
        length, 23 or 25 hours where the clocks change. Never negative.
        """
        first, last = local_day(start, self.zone), local_day(end, self.zone)
        while first < last and not self.works(first):
            first += DAY
        while first < last and not self.works(last):
            last -= DAY
        off = (first + n * DAY for n in range((last - first).days))
        lost = sum((self._length(day) for day in off if not self.works(day)), timedelta(0))
        return max(_elapsed(start, end) - lost, timedelta(0))

    def _length(self, day: date) -> timedelta:
        return day_start(day + DAY, self.zone) - day_start(day, self.zone)


def calendar_days(start: datetime, end: datetime, zone: tzinfo) -> int:
    """The days on the wall that the stretch touches: difference of the local dates, plus one.

    As Lighthouse counts a cycle time. Raises ValueError when it ends on an earlier day.
    """
    days = (local_day(end, zone) - local_day(start, zone)).days + 1
    if days < 1:
        raise ValueError("the stretch ends before it starts")
    return days


def shown(start: datetime, end: datetime, mode: Mode, work: WorkCalendar) -> Shown:
    """The stretch as the workspace wants durations shown, with the name of that way."""
    if mode == Mode.CALENDAR:
        return Shown(mode, calendar_days(start, end, work.zone))
    lasted = work.time(start, end) if mode == Mode.WORKING else _elapsed(start, end)
    return Shown(mode, lasted / DAY)


def _elapsed(start: datetime, end: datetime) -> timedelta:
    # Two times of one zone subtract by the clock on the wall; only in UTC they tell what passed.
    return end.astimezone(UTC) - start.astimezone(UTC)
