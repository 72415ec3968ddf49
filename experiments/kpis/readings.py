"""What a KPI was over days: always from sums, never a mean of means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import nan
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np

from experiments.kpis import formula
from experiments.models import MetricDay
from experiments.stats import kpi as stats
from production import flow
from production.models import Channel, ContentItem, KpiDefinition, Workspace

LEAD_TIME = "lead-time"
TRAILING = 14
Basis, Kind = MetricDay.Basis, KpiDefinition.Kind
# (channel, basis) → metric → day → (total, posts)
_Sums = dict[tuple[int | None, int], dict[str, dict[date, tuple[float, int]]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A KPI over some days: the value and its 80 % interval, in the KPI's own unit.

    `se` is that of the value; `above` and `below` are the sums it is made of.
    """

    value: float
    low: float
    high: float
    se: float
    above: float
    below: float
    days: int
    posts: int = 0


@dataclass(slots=True)
class Series:
    """A KPI day by day: what is added up above and below, NaN where nothing is known."""

    kpi: KpiDefinition
    first: date
    above: list[float]
    below: list[float]
    posts: list[int] = field(default_factory=list)
    # Of a duration: how long each took, by the day it was published.
    lasted: dict[date, list[float]] = field(default_factory=dict)

    @property
    def last(self) -> date:
        """The last day that was asked for."""
        return self.first + timedelta(days=len(self.above) - 1)

    def between(self, first: date, last: date) -> Reading | None:
        """The reading of these days; None where there is too little to say anything."""
        if self.kpi.kind == Kind.DURATION:
            return _median(
                [each for day, some in self.lasted.items() if first <= day <= last for each in some]
            )
        start = max((first - self.first).days, 0)
        end = max((last - self.first).days + 1, 0)
        above, below = self.above[start:end], self.below[start:end]
        return _reading(self.kpi, above, below, sum(self.posts[start:end]))


def series(
    workspace: Workspace,
    wanted: Sequence[tuple[KpiDefinition, Channel | None]],
    first: date,
    last: date,
) -> list[Series]:
    """A series for each KPI, of one channel or over the primary ones, in three queries at most."""
    names = {
        name for kpi, _channel in wanted for part in _sums_of(kpi) for name in part
    }  # fmt: skip
    read = _read(workspace, names, first, last)
    primary = set(
        Channel.objects.filter(
            workspace=workspace, role=Channel.Role.PRIMARY, retired_at=None
        ).values_list("pk", flat=True)
    )
    lasted: dict[int | None, dict[date, list[float]]] = {}
    if any(kpi.kind == Kind.DURATION for kpi, _channel in wanted):
        lasted = _lead_times(workspace, first, last)
    days = (last - first).days + 1
    found = []
    for kpi, channel in wanted:
        channels = {channel.pk} if channel else {*primary, None}
        made = Series(kpi, first, [nan] * days, [nan] * days, [0] * days)
        if kpi.kind == Kind.DURATION:
            made.lasted = _of_channels(lasted, channel.pk if channel else None)
        else:
            _fill(made, {key: sums for key, sums in read.items() if key[0] in channels})
        found.append(made)
    return found


def _sums_of(kpi: KpiDefinition) -> tuple[list[str], list[str]]:
    return formula.sums(kpi.numerator_metrics, kpi.denominator_metrics)


def _read(workspace: Workspace, names: Iterable[str], first: date, last: date) -> _Sums:
    rows = MetricDay.objects.filter(
        workspace=workspace, metric__in=list(names), day__gte=first, day__lte=last
    ).values_list("channel", "basis", "traffic", "metric", "day", "total", "posts")
    split: dict[tuple[int | None, int], dict[str, dict[date, dict[int, tuple[float, int]]]]] = {}
    for channel, basis, traffic, metric, day, total, posts in rows:
        of_metric = split.setdefault((channel, basis), {}).setdefault(metric, {})
        of_metric.setdefault(day, {})[traffic] = (total, posts)
    return {
        key: {
            metric: {day: _all_traffic(each) for day, each in days.items()}
            for metric, days in metrics.items()
        }
        for key, metrics in split.items()
    }


def _all_traffic(told: Mapping[int, tuple[float, int]]) -> tuple[float, int]:
    """What was told of all traffic; else organic and paid together."""
    if 0 in told:
        return told[0]
    return sum(each[0] for each in told.values()), max(each[1] for each in told.values())


def _fill(made: Series, read: _Sums) -> None:
    """Add the channels up, each at the finest level at which it knows what is asked."""
    above_names, below_names = _sums_of(made.kpi)
    paired: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    apart: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for channel in {key[0] for key in read}:
        levels = [read.get((channel, basis), {}) for basis in _levels(made.kpi)]
        above, below = _best(levels, above_names, below_names)
        if not below_names:
            below = dict.fromkeys(above, (0.0, 0))
        if above and below:
            for day in above.keys() & below.keys():
                _count(paired[day], above[day], below[day])
        else:
            for day in above.keys() | below.keys():
                _count(apart[day], above.get(day, (0.0, 0)), below.get(day, (0.0, 0)))
    # Told of different subjects, as spend on a channel and leads of the whole.
    for day, (total, under, posts) in (paired or apart).items():
        place = (day - made.first).days
        if 0 <= place < len(made.above):
            made.above[place], made.posts[place] = total, int(posts)
            # What is only counted is counted by the week.
            made.below[place] = under if below_names else 1 / 7


def _count(cell: list[float], above: tuple[float, int], below: tuple[float, int]) -> None:
    cell[0] += above[0]
    cell[1] += below[0]
    cell[2] += above[1]


def _levels(kpi: KpiDefinition) -> tuple[int, ...]:
    if kpi.basis == KpiDefinition.Basis.POST:
        return (Basis.POST,)
    days = (Basis.CHANNEL, Basis.DAY)
    return days if kpi.basis == KpiDefinition.Basis.DAY else (*days, Basis.POST)


def _best(
    levels: Sequence[Mapping[str, dict[date, tuple[float, int]]]],
    above: Sequence[str],
    below: Sequence[str],
) -> tuple[dict[date, tuple[float, int]], dict[date, tuple[float, int]]]:
    """The sums above and below from one level that knows both; else each from its own."""
    for level in levels:
        one, other = _added(level, above), _added(level, below)
        if one and (other or not below):
            return one, other
    return (
        next((found for level in levels if (found := _added(level, above))), {}),
        next((found for level in levels if (found := _added(level, below))), {}),
    )


def _added(
    level: Mapping[str, dict[date, tuple[float, int]]], names: Sequence[str]
) -> dict[date, tuple[float, int]]:
    """The days on which all of the sums are known."""
    parts = [level.get(name, {}) for name in names]
    if not parts:
        return {}
    days = set(parts[0]).intersection(*parts[1:])
    return {
        day: (sum(part[day][0] for part in parts), max(part[day][1] for part in parts))
        for day in days
    }


def _reading(
    kpi: KpiDefinition, above: Sequence[float], below: Sequence[float], posts: int
) -> Reading | None:
    found = _ratio(kpi, above, below)
    if found is None:
        return None
    low, high = found.interval()
    known = [pair for pair in zip(above, below, strict=True) if pair[0] == pair[0] and pair[1] >= 0]
    return Reading(
        value=found.value * kpi.per,
        low=low * kpi.per,
        high=high * kpi.per,
        se=found.se * kpi.per,
        above=sum(one for one, _other in known),
        below=sum(other for _one, other in known),
        days=found.days,
        posts=posts,
    )


def _ratio(
    kpi: KpiDefinition, above: Sequence[float], below: Sequence[float]
) -> stats.Ratio | None:
    if kpi.kind != Kind.MONEY:
        try:
            return stats.ratio(np.array(above), np.array(below))
        except ValueError:
            return None
    # Money is spent on days without a lead too: they count, though nothing divides by them.
    one, other = np.array(above, float), np.array(below, float)
    kept = np.isfinite(one) & np.isfinite(other)
    one, other = one[kept], other[kept]
    if len(one) < 2 or other.sum() <= 0:
        return None
    value = float(one.sum() / other.sum())
    spread = float(((one - value * other) ** 2).sum()) * len(one) / (len(one) - 1)
    return stats.Ratio(value, spread**0.5 / float(other.sum()), len(one))


def _lead_times(
    workspace: Workspace, first: date, last: date
) -> dict[int | None, dict[date, list[float]]]:
    """Hours from idea to publication by channel and day; under None those of all channels."""
    zone = ZoneInfo(workspace.time_zone)
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    rows = ContentItem.objects.filter(
        workspace=workspace, published_at__gte=start, published_at__lt=end, parent=None
    ).only("channel", "published_at", "idea_at", "history_from", "committed_at")
    of = flow.cycle_time if workspace.clock_start == "commitment" else flow.lead_time
    found: dict[int | None, dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for item in rows:
        took = of(item)
        if took is not None and item.published_at is not None:
            day = item.published_at.astimezone(zone).date()
            for channel in {item.channel_id, None}:
                found[channel][day].append(took.total_seconds() / 3600)
    return found


def _of_channels(
    lasted: Mapping[int | None, dict[date, list[float]]], channel: int | None
) -> dict[date, list[float]]:
    return dict(lasted.get(channel, {}))


def _median(values: list[float]) -> Reading | None:
    """The median and the ranks that hold it with 80 % (binomial, normal approximation)."""
    n = len(values)
    if n < 2:
        return None
    ordered = sorted(values)
    reach = 1.2816 * n**0.5 / 2
    low = ordered[max(int(n / 2 - reach), 0)]
    high = ordered[min(int(n / 2 + reach), n - 1)]
    middle = median(ordered)
    return Reading(middle, low, high, (high - low) / 2 / 1.2816, sum(ordered), n, n, n)
