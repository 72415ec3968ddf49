"""Every rule of a workspace held against its numbers: opens one action, clears what is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from experiments.kpis import tracking
from experiments.kpis.readings import Reading, Series, series
from experiments.models import Action, Baseline, Crossing, ThresholdRule, TrackedKpi
from experiments.stats import kpi as stats
from experiments.stats.kpi import Crossing as Verdict
from experiments.thresholds.proposals import proposal_of
from production import events
from production.models import KpiDefinition, Publication, Workspace

WEEK = 7
LOOKS_BACK = 28
Z_80 = 1.2816
Condition = ThresholdRule.Condition


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule says today, and the numbers that its sentence is made of."""

    verdict: Verdict
    numbers: dict[str, Any]


def evaluate(workspace: Workspace, *, at: datetime) -> list[Action]:
    """Judge every rule by the days that are over; the actions that were opened."""
    today = tracking.today(workspace, at)
    rules = ThresholdRule.objects.filter(
        workspace=workspace, retired_at=None, scope=ThresholdRule.Scope.SERIES
    )
    tracked = {(line.kpi_id, line.channel_id): line for line in tracking.lines_of(workspace)}
    opened = []
    # A rule that says what to do goes before the one that only says that something is worse.
    for rule in sorted(rules, key=lambda each: (each.condition == Condition.WORSE, each.pk)):
        line = tracked.get((rule.kpi_id, rule.channel_id))
        if line is not None and (action := _judge_one(rule.pk, line, today, at)):
            opened.append(action)
    return opened


@transaction.atomic
def _judge_one(key: int, line: TrackedKpi, today: date, at: datetime) -> Action | None:
    rule = (
        ThresholdRule.objects.select_for_update(of=("self",))
        .select_related("kpi", "other_kpi", "channel", "owner", "workspace")
        .get(pk=key)
    )
    crossing = Crossing.objects.filter(rule=rule, cleared_at=None).first()
    judged = judge(rule, line, today, is_open=crossing is not None)
    if judged is None:
        return None
    if judged.verdict == Verdict.CLEARS and crossing is not None:
        _clear(crossing, rule, judged.numbers, at)
    if judged.verdict != Verdict.FIRES or _has_action(rule):
        return None
    return _open(rule, line, judged.numbers, today, at)


def judge(rule: ThresholdRule, line: TrackedKpi, today: date, *, is_open: bool) -> Judged | None:
    """What the rule says of the days before today; None where there are too few numbers."""
    last, first = today - timedelta(days=1), today - timedelta(days=LOOKS_BACK)
    n = _posts(rule, first, last)
    if n < rule.min_posts:
        return None
    wanted = [(rule.kpi, rule.channel)]
    if rule.other_kpi is not None:
        wanted.append((rule.other_kpi, rule.channel))
    counted = series(rule.workspace, wanted, first, last)
    now = counted[0].between(last - timedelta(days=13), last)
    if now is None:
        return None
    numbers = {
        "value": now.value, "low": now.low, "high": now.high, "n": n,
        "first_day": first.isoformat(), "last_day": last.isoformat(),
    }  # fmt: skip
    if rule.condition in (Condition.RISING, Condition.RISING_OTHER_FLAT):
        return _trending(counted, numbers, is_open=is_open)
    return _beyond(rule, line, counted[0], last, numbers, is_open=is_open)


def _beyond(
    rule: ThresholdRule,
    tracked: TrackedKpi,
    counted: Series,
    last: date,
    numbers: dict[str, Any],
    *,
    is_open: bool,
) -> Judged | None:
    baseline = tracked.baselines.order_by("-number").first()
    is_floor = rule.condition == Condition.BELOW or (
        rule.condition == Condition.WORSE and rule.kpi.direction == KpiDefinition.Direction.UP
    )
    drawn = _line(rule, baseline, is_floor)
    if drawn is None:
        return None
    weeks = [
        _week(found)
        for back in range(max(rule.for_days // WEEK, 1) - 1, -1, -1)
        if (found := _week_ending(counted, last - timedelta(days=WEEK * back)))
    ]
    said = stats.crossing(drawn, weeks, is_open)
    return Judged(said.crossing, numbers | {
        "line": drawn.value, "baseline": baseline.value if baseline else None,
        "weeks": [week.value for week in weeks], "reason": said.reason,
    })  # fmt: skip


def _line(rule: ThresholdRule, baseline: Baseline | None, is_floor: bool) -> stats.Line | None:
    """The line and where it is over; a baseline's own line leaves out what it is not sure of."""
    value = baseline.value if baseline else None
    if rule.condition == Condition.WORSE:
        if value is None or baseline is None:
            return None
        away = Z_80 * (baseline.standard_error or 0.0)
        return stats.Line(value - away if is_floor else value + away, value, is_floor)
    if rule.line is None:
        return None
    better = max if is_floor else min
    over = rule.line if value is None else better(value, rule.line)
    return stats.Line(rule.line, over, is_floor)


def _trending(counted: list[Series], numbers: dict[str, Any], *, is_open: bool) -> Judged | None:
    trends = [stats.trend(np.array(each.above), np.array(each.below)) for each in counted]
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


def _week_ending(counted: Series, day: date) -> Reading | None:
    return counted.between(day - timedelta(days=WEEK - 1), day)


def _week(found: Reading) -> stats.Week:
    return stats.Week(found.value, found.low, found.high, found.below)


def _posts(rule: ThresholdRule, first: date, last: date) -> int:
    rows = Publication.objects.filter(
        workspace=rule.workspace_id,
        published_at__date__gte=first,
        published_at__date__lte=last,
    )
    return (rows.filter(channel=rule.channel_id) if rule.channel_id else rows).count()


def _has_action(rule: ThresholdRule) -> bool:
    """One owner and one action: nothing is added while the rule, or the KPI, has one."""
    same = Q(crossing__rule=rule)
    if rule.condition == Condition.WORSE:
        same |= Q(kpi=rule.kpi_id, channel=rule.channel_id)
    return Action.objects.filter(same, workspace=rule.workspace_id, closed_at=None).exists()


def _open(
    rule: ThresholdRule, line: TrackedKpi, numbers: dict[str, Any], today: date, at: datetime
) -> Action:
    item, proposal = proposal_of(rule, today)
    crossing = Crossing.objects.create(
        rule=rule, workspace=rule.workspace, channel=rule.channel, at=at, numbers=numbers
    )
    action = Action.objects.create(
        workspace=rule.workspace, crossing=crossing, kpi=rule.kpi, channel=rule.channel, item=item,
        step=rule.step, proposal=proposal, note=rule.step_text, owner=rule.owner or line.owner,
        due_on=today + timedelta(days=rule.due_days), value_when_opened=numbers["value"],
        opened_at=at,
    )  # fmt: skip
    crossed = _told(rule) | {
        "value": numbers["value"], "line": numbers.get("line"), "action": action.public_id,
    }  # fmt: skip
    opened = {
        "action": action.public_id, "kpi": rule.kpi.name, "step": action.step,
        "owner": str(action.owner) if action.owner else None, "due_on": action.due_on,
    }  # fmt: skip
    subject = rule.kpi.public_id
    events.record_many(
        [
            events.Line("kpi.threshold_crossed", subject, at, crossed),
            events.Line("action.opened", subject, at, opened),
        ],
        workspace_id=rule.workspace_id,
    )
    return action


def _clear(crossing: Crossing, rule: ThresholdRule, numbers: dict[str, Any], at: datetime) -> None:
    crossing.cleared_at = at
    crossing.save(update_fields=["cleared_at"])
    events.record(
        "kpi.threshold_cleared",
        rule.kpi.public_id,
        workspace_id=rule.workspace_id,
        by=None,
        at=at,
        data=_told(rule) | {"value": numbers["value"]},
    )


def _told(rule: ThresholdRule) -> dict[str, Any]:
    data = {"rule": rule.public_id, "name": rule.name, "kpi": rule.kpi.name}
    return data | ({"channel": rule.channel.name} if rule.channel else {})
