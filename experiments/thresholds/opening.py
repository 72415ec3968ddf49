"""Every rule of a workspace held against its numbers: opens one action, clears what is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from experiments.kpis import tracking
from experiments.models import Action, Crossing, ThresholdRule, TrackedKpi
from experiments.stats.kpi import Crossing as Verdict
from experiments.thresholds import posts
from experiments.thresholds.judging import LOOKS_BACK, baseline_of, facts, judge
from experiments.thresholds.proposals import proposal_of
from production import events
from production.models import ContentItem, Workspace

Condition, Scope = ThresholdRule.Condition, ThresholdRule.Scope


def evaluate(workspace: Workspace, *, at: datetime) -> list[Action]:
    """Judge every rule by the days that are over; the actions that were opened."""
    today = tracking.today(workspace, at)
    rules = ThresholdRule.objects.filter(workspace=workspace, retired_at=None)
    tracked = {(line.kpi_id, line.channel_id): line for line in tracking.lines_of(workspace)}
    opened: list[Action] = []
    # A rule that says what to do goes before the one that only says that something is worse.
    for rule in sorted(rules, key=lambda each: (each.condition == Condition.WORSE, each.pk)):
        line = tracked.get((rule.kpi_id, rule.channel_id))
        if rule.scope == Scope.POST:
            opened += _judge_posts(rule.pk, line, today, at)
        elif action := _judge_one(rule.pk, line, today, at):
            opened.append(action)
    return opened


@transaction.atomic
def _judge_one(key: int, line: TrackedKpi | None, today: date, at: datetime) -> Action | None:
    rule = _held(key)
    crossing = Crossing.objects.filter(rule=rule, cleared_at=None).first()
    known = facts(rule, line, today - timedelta(days=LOOKS_BACK), today - timedelta(days=1))
    judged = judge(rule, known, today - timedelta(days=1), is_open=crossing is not None)
    if judged is None:
        return None
    if judged.verdict == Verdict.CLEARS and crossing is not None:
        _clear(crossing, rule, judged.numbers, at)
    if judged.verdict != Verdict.FIRES or _has_action(rule):
        return None
    item, proposal = proposal_of(rule, today)
    crossing = Crossing.objects.create(
        rule=rule, workspace=rule.workspace, channel=rule.channel, at=at, numbers=judged.numbers
    )
    return _open(crossing, line, item, proposal, today, at)


@transaction.atomic
def _judge_posts(key: int, line: TrackedKpi | None, today: date, at: datetime) -> list[Action]:
    """An action for each publication that has newly come to its age beyond the line.

    What a publication was at an age stays so: the crossing is over as soon as it is told.
    """
    rule = _held(key)
    since = max(rule.created_at, at - posts.LOOKS_BACK)
    known = set(Crossing.objects.filter(rule=rule).values_list("item", flat=True))
    opened = []
    for post in posts.beyond(rule, baseline_of(line), since):
        item = post.publication.item
        if item.pk in known:
            continue
        known.add(item.pk)
        crossing = Crossing.objects.create(
            rule=rule, workspace=rule.workspace, channel=post.publication.channel, item=item,
            at=at, cleared_at=at, numbers=post.numbers,
        )  # fmt: skip
        _about, proposal = proposal_of(rule, today, item=item)
        opened.append(_open(crossing, line, item, proposal, today, at))
    return opened


def _held(key: int) -> ThresholdRule:
    rows = ThresholdRule.objects.select_for_update(of=("self",))
    return rows.select_related(
        "kpi", "other_kpi", "channel", "owner", "workspace", "format"
    ).get(pk=key)  # fmt: skip


def _has_action(rule: ThresholdRule) -> bool:
    """One owner and one action: nothing is added while the rule, or the KPI, has one."""
    same = Q(crossing__rule=rule)
    if rule.condition == Condition.WORSE:
        same |= Q(kpi=rule.kpi_id, channel=rule.channel_id)
    return Action.objects.filter(same, workspace=rule.workspace_id, closed_at=None).exists()


def _open(
    crossing: Crossing,
    line: TrackedKpi | None,
    item: ContentItem | None,
    proposal: dict[str, Any],
    today: date,
    at: datetime,
) -> Action:
    rule, numbers = crossing.rule, crossing.numbers
    owner = rule.owner or (line.owner if line is not None else None)
    action = Action.objects.create(
        workspace=rule.workspace, crossing=crossing, kpi=rule.kpi, channel=crossing.channel,
        item=item, step=rule.step, proposal=proposal, note=rule.step_text, owner=owner,
        due_on=today + timedelta(days=rule.due_days), value_when_opened=numbers["value"],
        opened_at=at,
    )  # fmt: skip
    crossed = _told(rule) | {
        "value": numbers["value"], "line": numbers.get("line"), "action": action.public_id,
    }  # fmt: skip
    if crossing.item is not None:
        crossed["item"] = crossing.item.public_id
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
