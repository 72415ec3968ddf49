"""Day by day: what stood where at the end of each local day, what came and what went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, When
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


def changes(ask: Ask, columns: Columns) -> list[Change]:
    """What began and ended on each day of the period, and what stood there when it began.

    The latter is said of the day before. Counted by the database, in as many rows as there are
    days and sorts, however much there is.
    """
    period = ask.period
    begins, ends = period.begins, period.ends
    eve = period.before().end
    stays = ask.stays().filter(board__in=columns.boards).order_by()
    was_there = Q(entered_at__lt=begins)
    ended = stays.filter(left_at__gte=begins, left_at__lt=ends)
    entered = stays.filter(entered_at__gte=begins, entered_at__lt=ends)
    stood = [stays.filter(was_there, left_at=None)]
    if ends <= ask.now:
        stood.append(stays.filter(was_there, left_at__gte=ends))
    found = [
        Change(eve, *sort, moved=False, n=n, sign=1)
        for those in stood
        for *sort, n in those.values_list(*_SORT).annotate(n=Count("*"))
    ]
    for *sort, moved, _there, n in _per_day(entered, "entered_at", F("arrived"), was_there, period):
        found.append(Change(*sort, moved=moved, n=n, sign=1))
    for day, *sort, moved, there, n in _per_day(ended, "left_at", F("departed"), was_there, period):
        found.append(Change(day, *sort, moved=moved, n=n, sign=-1))
        if there:
            found.append(Change(eve, *sort, moved=False, n=n, sign=1))
    return found


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
    stays: QuerySet[Stay], moment: str, moved: F, was_there: Q, period: flow.Period
) -> Sequence[tuple[Any, ...]]:
    """(day, *sort, moved, was there when the period began, how many)."""
    there = Case(When(was_there, then=True), default=False, output_field=BooleanField())
    day = TruncDate(moment, tzinfo=period.zone)
    return list(
        stays.annotate(day=day, moved=moved, there=there)
        .values_list("day", *_SORT, "moved", "there")
        .annotate(n=Count("*"))
    )
