"""Publishing hours of the week, as plain values: what is inside, what comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCK_DAYS = 21  # two good windows are kept for three weeks before they are judged (R46)


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekdays (ISO 8601: Monday is 1), from one wall time until just before another."""

    weekdays: frozenset[int]
    begins: time
    ends: time
    locked_until: date | None = None
    id: str = ""

    def is_locked(self, today: date) -> bool:
        """Whether the lock still holds on that day; its last day is `locked_until`."""
        return self.locked_until is not None and today <= self.locked_until

    def covers(self, there: datetime) -> bool:
        """Whether the wall time lies inside."""
        clock = there.time()
        return there.isoweekday() in self.weekdays and self.begins <= clock < self.ends


def respects(hours: Iterable[Hours], at: datetime, zone: str) -> bool:
    """Whether the moment lies inside one of the windows; where there are none, any time is fine."""
    known = list(hours)
    there = at.astimezone(ZoneInfo(zone))
    return not known or any(each.covers(there) for each in known)


def on_day(hours: Iterable[Hours], day: date) -> list[Hours]:
    """The windows of that day, earliest first."""
    found = [each for each in hours if day.isoweekday() in each.weekdays]
    return sorted(found, key=lambda each: (each.begins, each.ends, each.id))


def next_beginnings(
    hours: Sequence[Hours], at: datetime, zone: str, count: int = 2
) -> list[datetime]:
    """When the next windows open after the moment, as wall times of the zone, within two weeks."""
    there = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    found: list[datetime] = []
    for ahead in range(15):
        day = there.date() + timedelta(days=ahead)
        opening = (datetime.combine(day, each.begins) for each in on_day(hours, day))
        found += [each for each in opening if each > there]
        if len(found) >= count:
            break
    return found[:count]
