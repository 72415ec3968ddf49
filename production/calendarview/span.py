"""Which days a calendar shows: two ISO weeks, or the weeks of a month. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FORTNIGHT, MONTH = "fortnight", "month"
VIEWS = (FORTNIGHT, MONTH)
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole weeks from a Monday; `day` is the day that was asked for."""

    view: str
    day: date

    @classmethod
    def read(cls, view: str, day: str, today: date) -> Span:
        """As an address asks for it; ValueError for what is no view, or no day of our time."""
        if view not in ("", *VIEWS):
            raise ValueError("view")
        try:
            asked = date.fromisoformat(day) if day else today
        except ValueError:
            raise ValueError("from") from None
        if asked.year not in YEARS or (day and asked.isoformat() != day):
            raise ValueError("from")
        return cls(view or FORTNIGHT, asked)

    @property
    def first(self) -> date:
        return monday_of(self.day.replace(day=1) if self.view == MONTH else self.day)

    @property
    def last(self) -> date:
        if self.view == FORTNIGHT:
            return self.first + timedelta(days=13)
        return monday_of(_next_month(self.day) - timedelta(days=1)) + timedelta(days=6)

    @property
    def mondays(self) -> list[date]:
        weeks = ((self.last - self.first).days + 1) // 7
        return [self.first + timedelta(weeks=week) for week in range(weeks)]

    @property
    def earlier(self) -> date:
        """A day of the span before this one."""
        if self.view == MONTH:
            return (self.day.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.first - timedelta(days=14)

    @property
    def later(self) -> date:
        return _next_month(self.day) if self.view == MONTH else self.first + timedelta(days=14)

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """From the first midnight until the midnight after the last day, in the zone."""
        place = ZoneInfo(zone)
        return (
            datetime.combine(self.first, time(), place),
            datetime.combine(self.last + timedelta(days=1), time(), place),
        )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
