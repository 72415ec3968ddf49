"""Day by day: what stood where at the end of each local day, what came and what went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from production import flow
from production.flowview.ask import Ask
from production.flowview.columns import Column, Columns
from production.models import Stay


class Change(NamedTuple):
    """So many stays of one sort that began (`sign` 1) or ended (−1) on a day."""

    day: date
    stage: int | None
    kind: str
    archived: bool
    in_progress: bool
    after_publication: bool
    moved: bool
    n: int
    sign: int

    @property
    def is_out(self) -> bool:
        return self.after_publication or flow.reaches(self.kind, flow.DELIVERY)


@dataclass(frozen=True, slots=True)
class Flowed:
    """The cumulative flow: `rungs` name the steps of each day's `reached`, the last one is out."""

    rungs: tuple[Column, ...]
    days: tuple[flow.DayEnd, ...]


_SORT = ("stage", "kind", "archived", "in_progress", "after_publication")


def changes(ask: Ask) -> list[Change]:
    """What began and ended on each day of the period, and what stood there when it began.

    The latter is said of the day before. Three queries, counted by the database.
    """
    period, stays = ask.period, ask.live_stays()
    begins, ends = period.begins, period.ends
    before = stays.filter(Q(left_at__gte=begins) | Q(left_at=None), entered_at__lt=begins)
    entered = stays.filter(entered_at__gte=begins, entered_at__lt=ends)
    left = stays.filter(left_at__gte=begins, left_at__lt=ends)
    stood = before.order_by().values_list(*_SORT).annotate(n=Count("pk"))
    eve = period.before().end
    return [
        *(Change(eve, *sort, moved=False, n=n, sign=1) for *sort, n in stood),
        *(Change(*each, sign=1) for each in _per_day(entered, "entered_at", "arrived", period)),
        *(Change(*each, sign=-1) for each in _per_day(left, "left_at", "departed", period)),
    ]


def cfd(changes: Iterable[Change], period: flow.Period, columns: Columns) -> Flowed:
    """Items on each step or a later one, per local day end."""
    rungs = columns.rungs()
    rung = columns.rung_of(rungs)
    steps = (
        (
            each.day,
            len(rungs) if each.is_out else rung(each.stage, each.kind),
            each.sign * each.n,
        )
        for each in changes
        if each.is_out or not each.archived
    )
    return Flowed(tuple(rungs), tuple(flow.cumulative(steps, period, len(rungs) + 1)))


def wip(changes: Iterable[Change], period: flow.Period) -> tuple[flow.Day, ...]:
    """Work in progress per local day end."""
    steps = ((each.day, 0, each.sign * each.n) for each in changes if each.in_progress)
    ends = flow.cumulative(steps, period, 1)
    return tuple(flow.Day(end.day, end.reached[0]) for end in ends)


def traffic(
    changes: Iterable[Change], column: str, period: flow.Period, columns: Columns
) -> list[flow.Traffic]:
    """Arrivals in the column and departures from it, per ISO week of the period."""
    came = dict.fromkeys(period.weeks, 0)
    went = dict.fromkeys(period.weeks, 0)
    for each in changes:
        if not each.moved or each.archived or columns.of(each.stage, each.kind) != column:
            continue
        counts = came if each.sign > 0 else went
        counts[flow.monday(each.day)] += each.n
    return [flow.Traffic(week, came[week], went[week]) for week in period.weeks]


def _per_day(
    stays: QuerySet[Stay], moment: str, moved: str, period: flow.Period
) -> Sequence[tuple[Any, ...]]:
    day = TruncDate(moment, tzinfo=period.zone)
    return list(stays.order_by().values_list(day, *_SORT, moved).annotate(n=Count("pk")))
