"""Where the time went: by stage, split into active, waiting and blocked.

For the median item, for the slow fifth, for all; and the stage that took most of it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from production.flow.period import Period, monday
from production.flow.pieces import Piece, by_item, visits_of
from production.flow.published import Delivery, at_rank, timed
from production.flow.times import FEWEST, Split

SLOW = 0.80
NOTHING = Split(timedelta(0), timedelta(0), timedelta(0))


class StageTime(NamedTuple):
    """The time of one item in one stage (or kind) between the two ends of its clock."""

    stage: Hashable
    time: timedelta
    blocked: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Spent:
    """The time of `n` items by stage, summed; the parts add up to all of it, exactly."""

    n: int
    stages: Mapping[Hashable, Split]

    @property
    def total(self) -> Split:
        return sum(self.stages.values(), NOTHING)

    def mean(self, stage: Hashable) -> Split:
        """Per item, those that were never in the stage included as 0."""
        whole = self.stages.get(stage, NOTHING)
        return Split(whole.active / self.n, whole.waiting / self.n, whole.blocked / self.n)

    def share(self, stage: Hashable) -> float:
        """The part of all the time that the stage took, 0 to 1."""
        return self.stages.get(stage, NOTHING).length / self.total.length


@dataclass(frozen=True, slots=True)
class Where:
    """Three answers about the same `all.n` items.

    `median` is the real item at the nearest rank p50, `slow` those whose lead time is at or above
    the 80th percentile, longest last.
    """

    median: Delivery
    of_median: Spent
    slow: tuple[Delivery, ...]
    of_slow: Spent
    all: Spent

    @property
    def bottleneck(self) -> Bottleneck | None:
        return bottleneck(self.all)


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The stage with the largest share (0 to 1) of the time of `n` items, and how it was spent."""

    stage: Hashable
    share: float
    split: Split
    n: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Items that came into a stage and that left it in one ISO week."""

    monday: date
    arrivals: int
    departures: int

    @property
    def net(self) -> int:
        """By how much the pile in the stage grew."""
        return self.arrivals - self.departures


def where(
    deliveries: Iterable[Delivery],
    times: Mapping[str, Iterable[StageTime]],
    *,
    waiting: Collection[Hashable],
) -> Where | None:
    """Where these items' time went; `times` by the id of the item, `waiting` the stages that wait.

    None under FEWEST items with a known lead time; those without one are left out.
    """
    ordered = timed(deliveries)
    if len(ordered) < FEWEST:
        return None
    median, least = at_rank(ordered, 0.50), at_rank(ordered, SLOW).lead
    slow = tuple(each for each in ordered if _at_least(each.lead, least))
    return Where(
        median=median,
        of_median=_of([median], times, waiting),
        slow=slow,
        of_slow=_of(slow, times, waiting),
        all=_of(ordered, times, waiting),
    )


def spent(times: Iterable[StageTime], n: int, *, waiting: Collection[Hashable]) -> Spent:
    """The times of `n` items summed by stage, in order of first mention.

    Time blocked in a waiting stage counts as waiting, once; blocked never exceeds the time.
    """
    stages: dict[Hashable, Split] = {}
    for stage, time, blocked in times:
        stages[stage] = stages.get(stage, NOTHING) + _split(time, blocked, stage in waiting)
    return Spent(n, stages)


def bottleneck(all: Spent) -> Bottleneck | None:
    """The stage that took most of the time; None under FEWEST items or when nothing took any.

    Of two with the same time, the one that comes first.
    """
    if all.n < FEWEST or not all.total.length:
        return None
    stage = max(all.stages, key=lambda stage: all.stages[stage].length)
    return Bottleneck(stage, all.share(stage), all.stages[stage], all.n)


def efficiency(all: Spent, *, waiting: Collection[Hashable]) -> float | None:
    """(active − blocked) ÷ cycle time over a set of items: the sums divided, 0 to 1.

    `all` holds the time between commitment and publication. None when no stage is marked as
    waiting (it would always be 1), under FEWEST items, or when there is no time to divide.
    """
    whole = all.total
    if not waiting or all.n < FEWEST or not whole.length:
        return None
    return whole.efficiency


def traffic(pieces: Iterable[Piece], stage: Hashable, period: Period) -> list[Traffic]:
    """Arrivals in the stage and departures from it in each ISO week of the period.

    Archiving is a departure, restoring an arrival, being published in the stage neither: the
    difference is by how much the number of cards in the stage changed.
    """
    came = dict.fromkeys(period.weeks, 0)
    went = dict.fromkeys(period.weeks, 0)
    for own in by_item(pieces):
        for stay in visits_of(own):
            if stay.stage != stage:
                continue
            if stay.entered_at in period:
                came[monday(period.day_of(stay.entered_at))] += 1
            if stay.left_at is not None and stay.left_at in period:
                went[monday(period.day_of(stay.left_at))] += 1
    return [Traffic(week, came[week], went[week]) for week in period.weeks]


def _of(
    items: Iterable[Delivery],
    times: Mapping[str, Iterable[StageTime]],
    waiting: Collection[Hashable],
) -> Spent:
    items = list(items)
    own = (each for item in items for each in times.get(item.id, ()))
    return spent(own, len(items), waiting=waiting)


def _split(time: timedelta, blocked: timedelta, waits: bool) -> Split:
    if waits:
        return Split(timedelta(0), time, timedelta(0))
    stopped = min(blocked, time)
    return Split(time - stopped, timedelta(0), stopped)


def _at_least(lead: timedelta | None, least: timedelta | None) -> bool:
    return lead is not None and least is not None and lead >= least
