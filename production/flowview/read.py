"""All figures of one question, each read when it is first asked for and then kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from production import flow, stays
from production.flowview import ahead, days, groups, published, spent, work
from production.flowview.ask import Ask
from production.flowview.columns import Column, Columns
from production.flowview.kept import Kept
from production.models import Workspace

MOST = 20_000  # items that are kept; more are read each time


def read(ask: Ask) -> Flow:
    """The figures; the stays are brought to the end of the log first.

    Not where they are far behind it, or where somebody is just doing so: `lag` says how far.
    """
    if not stays.is_far_behind(ask.workspace):
        stays.catch_up(ask.workspace, wait=False)
    return Flow(ask)


class Flow:
    """What is known of the flow that `ask` asks for.

    A figure under FEWEST items is None; what nobody can know is counted in `unknown`.
    """

    def __init__(self, ask: Ask) -> None:
        self.ask = ask

    @cached_property
    def lag(self) -> int:
        """How many events the stays do not know yet; 0 unless very much has happened at once."""
        return self._kept.lag

    @property
    def baseline(self) -> timedelta:
        return timedelta(hours=self.ask.workspace.baseline_hours)

    @cached_property
    def columns(self) -> Columns:
        return Columns(self.ask)

    # Published

    @cached_property
    def _out(self) -> published.Out:
        return published.read(self.ask)

    @cached_property
    def _kept(self) -> Kept:
        return Kept(self.ask)

    @cached_property
    def _published(self) -> tuple[published.Out, flow.Comparison, list[flow.Week]]:
        return self._kept.of_published(
            "published", self._read, small=lambda made: len(self._out.rows) < MOST
        )

    def _read(self) -> tuple[published.Out, flow.Comparison, list[flow.Week]]:
        of_period = published.out(self._out, self.ask.period)
        before = published.out(self._out, self.ask.period.before())
        of_weeks = published.trend_period(self.ask)
        weeks = published.out(self._out, of_weeks)
        return (
            of_period,
            flow.compared(of_period.deliveries, before.deliveries, self.ask.target),
            flow.trend(weeks.deliveries, of_weeks, self.ask.target),
        )

    @property
    def of_period(self) -> published.Out:
        """The items that came out in the period, oldest first."""
        return self._published[0]

    @property
    def deliveries(self) -> tuple[flow.Delivery, ...]:
        return self.of_period.deliveries

    @property
    def headline(self) -> flow.Comparison:
        """Share within target, p50, p85 and n, of the period and of the one before."""
        return self._published[1]

    @property
    def trend(self) -> list[flow.Week]:
        """The figures of every ISO week of the period, and of at least the last twelve."""
        return self._published[2]

    @cached_property
    def scatter(self) -> published.Scatter:
        return published.scatter(self.deliveries, self.ask.period)

    @cached_property
    def sle(self) -> flow.Sle:
        """The team's promise, or what the period shows, and how often it was kept."""
        workspace = self.ask.workspace
        own = workspace.sle_hours
        return flow.sle(
            self.deliveries,
            share=workspace.sle_share / 100,
            own=timedelta(hours=own) if own else None,
        )

    @cached_property
    def rework(self) -> flow.Rework:
        return flow.rework(
            flow.Backwards(row.public_id, row.rework_count, row.reopened_count)
            for row in self.of_period.rows
        )

    @cached_property
    def unknown(self) -> published.Unknown:
        return published.unknown(self.ask, self.of_period)

    def per(self, by: str) -> tuple[groups.Group, ...]:
        """The figures of the period for each "channel", "format", "pillar" or "assignee"."""
        return groups.per(self.ask, by, self.of_period)

    @cached_property
    def throughput(self) -> flow.Throughput:
        """Items out per local day, days of none included."""
        moments: list[datetime] = [row.published_at for row in self.of_period.rows]
        return flow.throughput(moments, self.ask.period)

    # Where the time went

    @cached_property
    def where(self) -> flow.Where | None:
        """By column: the median item, the slow fifth, all."""
        return self._kept.of_published(
            "where",
            lambda: spent.where(self.ask, self.of_period, self.columns),
            small=lambda made: made is None or made.all.n < MOST,
        )

    @cached_property
    def cycles(self) -> flow.Spent | None:
        """The time between commitment and publication by column, whatever the clock starts at."""
        return self._kept.of_published(
            "cycles",
            lambda: spent.cycles(self.ask, self.of_period, self.columns),
            small=lambda made: True,
        )

    @cached_property
    def efficiency(self) -> float | None:
        """(active − blocked) ÷ cycle time; None when no stage is marked as waiting."""
        if self.cycles is None:
            return None
        return flow.efficiency(self.cycles, waiting=self.columns.waiting)

    @cached_property
    def time_columns(self) -> list[Column]:
        """The columns in which time was spent, in order of work."""
        spent_in = self.where.all.stages if self.where else {}
        return [c for c in self.columns.all(also=map(str, spent_in)) if c.id in spent_in]

    @cached_property
    def bottleneck(self) -> flow.Bottleneck | None:
        return self.where.bottleneck if self.where else None

    @cached_property
    def bottleneck_traffic(self) -> list[flow.Traffic]:
        """What came into the slowest column and what left it, week by week."""
        return self.traffic(str(self.bottleneck.stage)) if self.bottleneck else []

    def traffic(self, column: str) -> list[flow.Traffic]:
        """Arrivals and departures of a column per ISO week of the period."""
        return days.traffic(self._changes, column, self.ask.period, self.columns)

    # Day by day

    @cached_property
    def _changes(self) -> list[days.Change]:
        return self._kept.changes(self.columns)

    @cached_property
    def cfd(self) -> days.Flowed:
        return days.cfd(self._changes, self.ask.period, self.columns)

    @cached_property
    def wip(self) -> tuple[flow.Day, ...]:
        """Work in progress per local day end."""
        return days.wip(self._changes, self.ask.period)

    # Now

    @cached_property
    def ageing(self) -> work.Ageing:
        return work.ageing(self.ask, self.columns)

    @cached_property
    def stage_loads(self) -> tuple[work.StageLoad, ...]:
        return work.by_stage(self.ask, self.columns)

    @cached_property
    def person_loads(self) -> tuple[work.PersonLoad, ...]:
        return work.by_person(self.ask, self.columns)

    @cached_property
    def ahead(self) -> ahead.Ahead:
        return ahead.ahead(self.ask, self.throughput, self.ageing.n)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of the items that figures name: the ranks and the slow ones."""
        named = [self.headline.now.p50, self.headline.now.p85]
        named += [self.where.median, *reversed(self.where.slow)] if self.where else []
        return published.titles(self.ask, [each.id for each in named if each])


def of_workspace(workspace: Workspace, now: datetime, **query: Any) -> Flow:
    """The figures of a whole workspace without a person who asks; the last 30 days."""
    return read(Ask.of(query, workspace, now))
