"""Durations of items and what a set of them says: lead time, age, percentiles, the promise.

All durations are elapsed time. Sources: the Kanban Guide (2020) for WIP, age and cycle time; the
service level expectation and the age on leaving a stage as in ProKanban's pocket guide.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from production.flow.kinds import COMMITMENT, DELIVERY, reaches
from production.flow.ledger import Visit

TARGET = timedelta(hours=72)
WINDOW = timedelta(days=30)
FEWEST = 5  # below this many items there is no figure, only the words "too few"


class Stamped(Protocol):
    """Whatever carries the stamps: `flow.Stamps`, or an item of the database."""

    @property
    def idea_at(self) -> datetime: ...
    @property
    def history_from(self) -> datetime | None: ...
    @property
    def committed_at(self) -> datetime | None: ...
    @property
    def published_at(self) -> datetime | None: ...


def lead_time(item: Stamped) -> timedelta | None:
    """From idea to first publication.

    None when the item is not out, and when its beginning is unknown: imported without its
    creation, or out before it was an idea here.
    """
    if item.published_at is None or item.history_from is not None:
        return None
    return _positive(item.published_at - item.idea_at)


def cycle_time(item: Stamped) -> timedelta | None:
    """From commitment to first publication.

    None when the item is not out, was never committed before it was out, or was committed
    before its known history begins.
    """
    if item.published_at is None or item.committed_at is None or not _commitment_known(item):
        return None
    return _positive(item.published_at - item.committed_at)


def in_progress(item: Stamped, kind: str, *, archived: bool) -> bool:
    """Whether the item is WIP: committed, not out, not archived; `kind` is that of its stage.

    An item in `learn` or `done` without a date of publication is out all the same.
    """
    is_out = item.published_at is not None or reaches(kind, DELIVERY)
    return item.committed_at is not None and not is_out and not archived


def age(item: Stamped, now: datetime) -> timedelta | None:
    """Work item age: time since commitment; None when not committed or already out.

    Where history begins after the commitment it is the least the age can be.
    """
    if item.committed_at is None or item.published_at is not None:
        return None
    return max(now - item.committed_at, timedelta(0))


def percentile(durations: Iterable[timedelta], share: float) -> timedelta:
    """The shortest of the durations that at least `share` of them do not exceed.

    Nearest rank, x[⌈share · n⌉]: always a real item's figure, and the same as PERCENTILE_DISC.
    Raises ValueError for no durations and for a share outside (0, 1].
    """
    ordered = sorted(durations)
    if not ordered:
        raise ValueError("no durations to take a percentile of")
    if not 0 < share <= 1:
        raise ValueError(f"a share lies above 0 and is at most 1, not {share}")
    # 0.07 * 100 is 7.000000000000001 in binary: rounding first keeps the ceiling honest.
    return ordered[math.ceil(round(share * len(ordered), 9)) - 1]


@dataclass(frozen=True, slots=True)
class Promise:
    """The headline: "85 % within `p85`", of `n` items; figures are None when n is too small.

    `no_history` counts the items of the window that are out but have no lead time.
    """

    n: int
    target: timedelta
    no_history: int = 0
    p50: timedelta | None = None
    p85: timedelta | None = None
    within_target: float | None = None

    @property
    def too_few(self) -> bool:
        return self.n < FEWEST


def promise(
    items: Iterable[Stamped],
    now: datetime,
    *,
    target: timedelta = TARGET,
    window: timedelta = WINDOW,
) -> Promise:
    """What the items first published in the window up to `now` promise for the next one."""
    out = [i for i in items if i.published_at and now - window < i.published_at <= now]
    times = [time for item in out if (time := lead_time(item)) is not None]
    missing = len(out) - len(times)
    if len(times) < FEWEST:
        return Promise(len(times), target, missing)
    return Promise(
        n=len(times),
        target=target,
        no_history=missing,
        p50=percentile(times, 0.50),
        p85=percentile(times, 0.85),
        within_target=sum(time <= target for time in times) / len(times),
    )


@dataclass(frozen=True, slots=True)
class Bands:
    """The ages at which half, 70 % and 85 % of `n` published items had left a stage."""

    p50: timedelta
    p70: timedelta
    p85: timedelta
    n: int


def bands(samples: Sequence[timedelta]) -> Bands | None:
    """The bands of one stage, or None for too few samples to say anything."""
    if len(samples) < FEWEST:
        return None
    p50, p70, p85 = (percentile(samples, share) for share in (0.50, 0.70, 0.85))
    return Bands(p50, p70, p85, len(samples))


def ages_on_leaving(
    stays: Iterable[Visit], committed_at: datetime | None
) -> dict[Hashable, timedelta]:
    """How old one item was when it left each stage for the last time, in order of first entry.

    Age counts from commitment. Stages left before it (ideas), and the stage where the item still
    is, are not in the answer; without a commitment it is empty.
    """
    left: dict[Hashable, timedelta] = {}
    open_stages = set()
    for stay in stays:
        if committed_at is None or not reaches(stay.kind, COMMITMENT):
            continue
        if stay.left_at is None:
            open_stages.add(stay.stage)
        elif stay.left_at >= committed_at:
            left[stay.stage] = stay.left_at - committed_at
    return {stage: age for stage, age in left.items() if stage not in open_stages}


def fits(left: timedelta, ahead: Iterable[timedelta | None]) -> bool | None:
    """Whether the usual times of the stages still ahead fit into the time left.

    `ahead` holds the median time of each, None where it is not known. None is "nobody knows":
    some median is missing and the known ones alone do fit.
    """
    medians = list(ahead)
    known = sum((m for m in medians if m is not None), timedelta(0))
    if known > left:
        return False
    return None if None in medians else True


Interval = tuple[datetime, datetime]


def merged(
    spells: Iterable[tuple[datetime, datetime | None]], start: datetime, end: datetime
) -> list[Interval]:
    """The spells clipped to start and end, overlapping ones joined, earliest first.

    An open spell (None) lasts to the end. Used for blocked time, clipped to idea and publication.
    """
    clipped = sorted((max(a, start), min(b or end, end)) for a, b in spells)
    joined: list[Interval] = []
    for a, b in clipped:
        if a >= b:
            continue
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], b))
        else:
            joined.append((a, b))
    return joined


def total(intervals: Iterable[Interval]) -> timedelta:
    """The sum of the intervals' lengths."""
    return sum((b - a for a, b in intervals), timedelta(0))


@dataclass(frozen=True, slots=True)
class Split:
    """Where a stretch of time went. The three add up to it exactly."""

    active: timedelta
    waiting: timedelta
    blocked: timedelta

    def __add__(self, other: Split) -> Split:
        return Split(
            self.active + other.active,
            self.waiting + other.waiting,
            self.blocked + other.blocked,
        )

    @property
    def length(self) -> timedelta:
        """The whole stretch."""
        return self.active + self.waiting + self.blocked

    @property
    def efficiency(self) -> float:
        """The active share, 0 to 1; ZeroDivisionError when the stretch has no length."""
        return self.active / self.length


def split(
    stays: Iterable[Visit],
    start: datetime,
    end: datetime,
    *,
    waiting: Collection[Hashable],
    blocked: Iterable[tuple[datetime, datetime | None]] = (),
) -> Split | None:
    """How the time from start to end divides into working, waiting and blocked.

    `waiting` names the stages in which cards only wait. Time blocked in such a stage counts as
    waiting, once. None when there is nothing to divide: no stay in the stretch.
    """
    spells = [(s.entered_at, s.left_at, s.stage in waiting) for s in stays]
    idle = merged([(a, b) for a, b, waits in spells if waits], start, end)
    busy = merged([(a, b) for a, b, waits in spells if not waits], start, end)
    if not idle and not busy:
        return None
    stops = list(blocked)
    stopped = sum((total(merged(stops, a, b)) for a, b in busy), timedelta(0))
    return Split(total(busy) - stopped, total(idle), stopped)


def flow_efficiency(
    stays: Iterable[Visit],
    item: Stamped,
    *,
    waiting: Collection[Hashable],
    blocked: Iterable[tuple[datetime, datetime | None]] = (),
) -> float | None:
    """(active − blocked) ÷ cycle time, 0 to 1.

    None when no stage is marked as waiting (it would always be 1) and when there is no cycle time.
    """
    if not waiting or item.committed_at is None or item.published_at is None:
        return None
    if cycle_time(item) is None:
        return None
    where = split(stays, item.committed_at, item.published_at, waiting=waiting, blocked=blocked)
    return where.efficiency if where else None


def _positive(duration: timedelta) -> timedelta | None:
    return duration if duration > timedelta(0) else None


def _commitment_known(item: Stamped) -> bool:
    return (
        item.history_from is None
        or item.committed_at is None
        or item.committed_at > item.history_from
    )
