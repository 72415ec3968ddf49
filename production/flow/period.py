"""A stretch of local days: what every figure is said of, and the stretch before it.

A local day may have 23 or 25 hours; its ends are computed, not added up (IANA time zones).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Period:
    """The local days from `start` to `end`, both included, in the time zone `zone`.

    Raises ValueError when it ends before it starts.
    """

    start: date
    end: date
    zone: tzinfo

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end on {self.end} and start on {self.start}")

    @classmethod
    def last(cls, days: int, now: datetime, zone: tzinfo) -> Period:
        """So many local days up to and with today."""
        today = local_day(now, zone)
        return cls(today - (days - 1) * DAY, today, zone)

    @classmethod
    def last_weeks(cls, weeks: int, now: datetime, zone: tzinfo) -> Period:
        """So many ISO weeks up to today; the first one whole, the last one so far."""
        today = local_day(now, zone)
        return cls(monday(today) - (weeks - 1) * WEEK, today, zone)

    def __len__(self) -> int:
        """How many local days."""
        return (self.end - self.start).days + 1

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= self.day_of(moment) <= self.end

    @property
    def begins(self) -> datetime:
        """The first moment, in UTC."""
        return day_start(self.start, self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        return day_start(self.end + DAY, self.zone)

    @property
    def days(self) -> tuple[date, ...]:
        """Every local day, oldest first."""
        return tuple(self.start + n * DAY for n in range(len(self)))

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Monday of every ISO week that has a day in it, oldest first."""
        first = monday(self.start)
        return tuple(first + n * WEEK for n in range((self.end - first).days // 7 + 1))

    def day_of(self, moment: datetime) -> date:
        """The local day of a moment, in the period or not."""
        return local_day(moment, self.zone)

    def before(self) -> Period:
        """The same number of local days, ending the day before this one starts."""
        return Period(self.start - len(self) * DAY, self.start - DAY, self.zone)

    def past(self, now: datetime) -> Period | None:
        """The days of it that are over; None when none is. Today is not: it may bring more."""
        yesterday = local_day(now, self.zone) - DAY
        if yesterday < self.start:
            return None
        return Period(self.start, min(self.end, yesterday), self.zone)


def day_start(day: date, zone: tzinfo) -> datetime:
    """The first moment of a local day, in UTC; also where clocks change at midnight."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The date that a calendar on the wall shows there."""
    return moment.astimezone(zone).date()


def monday(day: date) -> date:
    """The first day of the ISO 8601 week of the day."""
    return day - day.weekday() * DAY
