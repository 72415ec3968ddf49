"""What a rule says of the numbers up to a day. Reads, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from experiments.kpis.readings import Reading, Series, series
from experiments.models import Baseline, ThresholdRule, TrackedKpi
from experiments.stats import kpi as stats
from experiments.stats.kpi import Crossing as Verdict
from production.models import KpiDefinition, Publication

WEEK = 7
TRAILING = 14
LOOKS_BACK = 28
Z_80 = 1.2816
Condition = ThresholdRule.Condition
OF_TREND = (Condition.RISING, Condition.RISING_OTHER_FLAT)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule says on a day, and the numbers that its sentence is made of."""

    verdict: Verdict
    numbers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers that a rule looks at: its KPI's days, the other's, and when posts came out."""

    counted: list[Series]
    published: list[date]
    baseline: Baseline | None


def facts(rule: ThresholdRule, line: TrackedKpi | None, first: date, last: date) -> Facts:
    """What can be judged on the last day and, from `LOOKS_BACK` days on, on those before."""
    wanted = [(rule.kpi, rule.channel)]
    if rule.other_kpi is not None:
        wanted.append((rule.other_kpi, rule.channel))
    counted = series(rule.workspace, wanted, first, last)
    return Facts(counted, _published(rule, first, last), baseline_of(line))


def baseline_of(line: TrackedKpi | None) -> Baseline | None:
    """The newest baseline of the line."""
    return line.baselines.order_by("-number").first() if line is not None else None


def judge(rule: ThresholdRule, known: Facts, last: date, *, is_open: bool) -> Judged | None:
    """What the rule says of the days up to `last`; None where there are too few numbers."""
    first = last - timedelta(days=LOOKS_BACK - 1)
    n = sum(first <= day <= last for day in known.published)
    if n < rule.min_posts:
        return None
    now = known.counted[0].between(last - timedelta(days=TRAILING - 1), last)
    if now is None:
        return None
    numbers = {
        "value": now.value, "low": now.low, "high": now.high, "n": n,
        "first_day": first.isoformat(), "last_day": last.isoformat(),
    }  # fmt: skip
    if rule.condition in OF_TREND:
        return _trending(known.counted, last, numbers, is_open=is_open)
    return _beyond(rule, known, last, numbers, is_open=is_open)


def is_floor(rule: ThresholdRule) -> bool:
    """Whether below the line is what the rule is about."""
    return rule.condition == Condition.BELOW or (
        rule.condition == Condition.WORSE and rule.kpi.direction == KpiDefinition.Direction.UP
    )


def line_of(rule: ThresholdRule, baseline: Baseline | None) -> stats.Line | None:
    """The line and where it is over; a baseline's own line leaves out what it is not sure of."""
    value, floor = (baseline.value if baseline else None), is_floor(rule)
    if rule.condition == Condition.WORSE:
        if value is None or baseline is None:
            return None
        away = Z_80 * (baseline.standard_error or 0.0)
        return stats.Line(value - away if floor else value + away, value, floor)
    if rule.line is None:
        return None
    if rule.clear_line is not None:
        return stats.Line(rule.line, rule.clear_line, floor)
    better = max if floor else min
    return stats.Line(rule.line, rule.line if value is None else better(value, rule.line), floor)


def _beyond(
    rule: ThresholdRule, known: Facts, last: date, numbers: dict[str, Any], *, is_open: bool
) -> Judged | None:
    drawn = line_of(rule, known.baseline)
    if drawn is None:
        return None
    weeks = [
        _week(found)
        for back in range(max(rule.for_days // WEEK, 1) - 1, -1, -1)
        if (found := _week_ending(known.counted[0], last - timedelta(days=WEEK * back)))
        and found.below >= rule.min_base
    ]
    said = stats.crossing(drawn, weeks, is_open)
    return Judged(said.crossing, numbers | {
        "line": drawn.value, "baseline": known.baseline.value if known.baseline else None,
        "weeks": [week.value for week in weeks], "reason": said.reason,
    })  # fmt: skip


def _trending(
    counted: list[Series], last: date, numbers: dict[str, Any], *, is_open: bool
) -> Judged | None:
    trends = [_trend(each, last) for each in counted]
    if any(each is None for each in trends):
        return None
    rising, *others = [each for each in trends if each is not None]
    told = numbers | {"weekly": rising.weekly}
    # The other follows when it surely rises, or at half the pace at least.
    follows = any(each.is_surely_up or each.slope * 2 >= rising.slope for each in others)
    if others:
        told["other_weekly"] = others[0].weekly
    if is_open:
        is_over = not rising.is_up or follows
        return Judged(Verdict.CLEARS if is_over else Verdict.STAYS, told)
    fires = rising.is_surely_up and not follows
    return Judged(Verdict.FIRES if fires else Verdict.NONE, told)


def _trend(counted: Series, last: date) -> stats.Trend | None:
    days = (last - counted.first).days + 1
    return stats.trend(np.array(counted.above[:days]), np.array(counted.below[:days]))


def _week_ending(counted: Series, day: date) -> Reading | None:
    return counted.between(day - timedelta(days=WEEK - 1), day)


def _week(found: Reading) -> stats.Week:
    return stats.Week(found.value, found.low, found.high, found.below)


def _published(rule: ThresholdRule, first: date, last: date) -> list[date]:
    zone = ZoneInfo(rule.workspace.time_zone)
    start = datetime.combine(first, datetime.min.time(), zone)
    rows = Publication.objects.filter(
        workspace=rule.workspace_id,
        published_at__gte=start,
        published_at__lt=start + timedelta(days=(last - first).days + 1),
    )
    if rule.channel_id:
        rows = rows.filter(channel=rule.channel_id)
    moments = rows.values_list("published_at", flat=True)
    return [each.astimezone(zone).date() for each in moments if each is not None]
