"""When a channel could have slots in a week: inside its windows, days apart before hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from production import walltime
from production.windows.hours import Hours, on_day, respects

USUAL = (time(12), time(17))  # on a channel without windows
APART = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Way:
    """A channel: its hours, and the wall times at which it has something already."""

    id: str
    name: str
    role: str
    hours: tuple[Hours, ...] = ()
    kpi: str = ""
    taken: frozenset[datetime] = frozenset()


def free(way: Way, monday: date, *, zone: str, after: datetime) -> list[list[datetime]]:
    """The wall times of the week in tiers: one a day on free days, then a second one, and so on.

    `after` is a wall time too; what is not later is left out, and what a clock change skips.
    """
    tiers: list[list[datetime]] = []
    for ahead in range(7):
        day = monday + timedelta(days=ahead)
        found = [
            each
            for each in _of_day(way, day)
            if each > after and each not in way.taken and _is_inside(way, each, zone)
        ]
        is_taken = any(each.date() == day for each in way.taken)
        for tier, each in enumerate(found, start=int(is_taken)):
            while len(tiers) <= tier:
                tiers.append([])
            tiers[tier].append(each)
    return tiers


def spread(tiers: Sequence[Sequence[datetime]], count: int) -> list[datetime]:
    """So many of them, evenly over the week; as many as there are when they do not suffice."""
    chosen: list[datetime] = []
    for tier in tiers:
        left = min(count - len(chosen), len(tier))
        chosen += [tier[(2 * place + 1) * len(tier) // (2 * left)] for place in range(left)]
    return sorted(chosen)


def _of_day(way: Way, day: date) -> Iterable[datetime]:
    """The first of each window, then later hours of them."""
    if not way.hours:
        return [datetime.combine(day, clock) for clock in USUAL]
    windows = [
        (datetime.combine(day, each.begins), datetime.combine(day, each.ends))
        for each in on_day(way.hours, day)
    ]
    found = [begins for begins, _ends in windows]
    for begins, ends in windows:
        found += [begins + step * APART for step in range(1, 24) if begins + step * APART < ends]
    return dict.fromkeys(found)


def _is_inside(way: Way, local: datetime, zone: str) -> bool:
    try:
        when = walltime.resolve(local.isoformat(timespec="minutes"), zone)
    except ValueError:
        return False
    return when.note != walltime.GAP and respects(way.hours, when.at, zone)
