"""Threshold rules are written down, changed and switched off; what has crossed stays known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from experiments.kpis import formula
from experiments.kpis.keeping import entrust
from experiments.models import ThresholdRule
from experiments.thresholds.posts import AGES
from experiments.thresholds.preview import line_for
from production import changes as changing
from production import events
from production.checks import check
from production.errors import Invalid
from production.models import KpiDefinition
from production.permissions import Seat

Condition, Scope = ThresholdRule.Condition, ThresholdRule.Scope
FIELDS = (
    "name", "kpi", "other_kpi", "channel", "format", "scope", "condition", "line", "clear_line",
    "for_days", "min_posts", "min_base", "step", "step_text", "due_days",
)  # fmt: skip
LONGEST = 90
Faults = dict[str, list[tuple[str, str]]]


@transaction.atomic
def add(values: Mapping[str, Any], *, seat: Seat, at: datetime) -> ThresholdRule:
    """A new rule, judged from now on. Raises Invalid."""
    rule = drafted(values, seat=seat, at=at)
    rule.save(force_insert=True)
    _record("threshold.added", rule, seat, at)
    return rule


def drafted(values: Mapping[str, Any], *, seat: Seat, at: datetime) -> ThresholdRule:
    """The rule as it would be, checked and not kept: for looking what it would have done."""
    seat.require("kpi.change")
    rule = ThresholdRule(workspace=seat.workspace, created_at=at)
    _apply(rule, values, seat)
    return rule


@transaction.atomic
def change(
    rule: ThresholdRule,
    values: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> ThresholdRule:
    """Change the named fields. What has crossed stays crossed. Raises Invalid, Stale."""
    rule = _held(rule, seat)
    changing.require_version(rule, version, values)
    noted = _apply(rule, values, seat)
    if noted:
        rule.version += 1
        rule.save()
        _record("threshold.changed", rule, seat, at, changes=noted)
    return rule


@transaction.atomic
def retire(rule: ThresholdRule, *, seat: Seat, at: datetime) -> ThresholdRule:
    """Judge it no longer; its open actions stay until somebody says what came of them."""
    rule = _held(rule, seat)
    if rule.retired_at is None:
        rule.retired_at, rule.version = at, rule.version + 1
        rule.save(update_fields=["retired_at", "version"])
        _record("threshold.retired", rule, seat, at)
    return rule


@transaction.atomic
def restore(rule: ThresholdRule, *, seat: Seat, at: datetime) -> ThresholdRule:
    """Judge it again. Twice is once."""
    rule = _held(rule, seat)
    if rule.retired_at is not None:
        rule.retired_at, rule.version = None, rule.version + 1
        rule.save(update_fields=["retired_at", "version"])
        _record("threshold.restored", rule, seat, at)
    return rule


def _held(rule: ThresholdRule, seat: Seat) -> ThresholdRule:
    seat.require("kpi.change")
    rows = ThresholdRule.objects.select_for_update(of=("self",))
    joined = rows.select_related("kpi", "other_kpi", "channel", "format", "owner", "workspace")
    return joined.get(pk=rule.pk, workspace=seat.workspace)


def _apply(rule: ThresholdRule, values: Mapping[str, Any], seat: Seat) -> dict[str, list[Any]]:
    named = {name: value for name, value in values.items() if name != "owner"}
    noted = changing.apply(rule, named, fields=FIELDS)
    if "owner" in values:
        noted |= entrust(rule, values["owner"], seat.workspace)
    rule.name = " ".join(rule.name.split())
    if getattr(rule, "kpi", None) is not None and (faults := _faults(rule)):
        raise Invalid(faults)
    check(rule)
    return noted


def _faults(rule: ThresholdRule) -> Faults:
    found: Faults = {}
    if rule.condition in (Condition.BELOW, Condition.ABOVE):
        found |= _line_faults(rule)
    if rule.condition == Condition.RISING_OTHER_FLAT and rule.other_kpi in (None, rule.kpi):
        found["other_kpi"] = [("required", _("Choose the KPI that should rise with it."))]
    if not 1 <= rule.due_days <= LONGEST:
        found["due_days"] = [("range", _("Between 1 and %(most)s days.") % {"most": LONGEST})]
    return found | (_post_faults(rule) if rule.scope == Scope.POST else _series_faults(rule))


def _line_faults(rule: ThresholdRule) -> Faults:
    if rule.line is None:
        return {"line": [("required", _("Say where the line is."))]}
    over = rule.clear_line
    if over is None:
        return {}
    is_well = over >= rule.line if rule.condition == Condition.BELOW else over <= rule.line
    return {} if is_well else {"clear_line": [("range", _("That lies beyond the line itself."))]}


def _post_faults(rule: ThresholdRule) -> Faults:
    if rule.condition in (Condition.RISING, Condition.RISING_OTHER_FLAT):
        return {"condition": [("scope", _("One publication does not rise: choose a line."))]}
    if rule.for_days not in AGES:
        ages = ", ".join(map(str, AGES))
        sentence = _("Publications are compared at the age of %(ages)s days.") % {"ages": ages}
        return {"for_days": [("range", sentence)]}
    if not formula.terms(rule.kpi.numerator_metrics):
        return {"kpi": [("scope", _("This KPI is not counted by publication."))]}
    return _baseline_faults(rule)


def _series_faults(rule: ThresholdRule) -> Faults:
    if rule.format is not None:
        return {"format": [("scope", _("Only publications have a format."))]}
    if not 7 <= rule.for_days <= LONGEST:
        return {"for_days": [("range", _("Between 7 and %(most)s days.") % {"most": LONGEST})]}
    is_counted = formula.terms(rule.kpi.numerator_metrics)
    if not is_counted and rule.kpi.kind != KpiDefinition.Kind.DURATION:
        return {"kpi": [("not_counted", _("Nothing is counted for this KPI yet."))]}
    return _baseline_faults(rule)


def _baseline_faults(rule: ThresholdRule) -> Faults:
    if rule.condition == Condition.WORSE and line_for(rule) is None:
        return {"kpi": [("no_baseline", _("Only a KPI of the table has a baseline."))]}
    return {}


def _record(type: str, rule: ThresholdRule, seat: Seat, at: datetime, **more: Any) -> None:
    data: dict[str, Any] = {"rule": rule.public_id, "name": rule.name, "kpi": rule.kpi.name}
    if rule.channel is not None:
        data["channel"] = rule.channel.name
    events.record(
        type,
        rule.kpi.public_id,
        workspace_id=rule.workspace_id,
        by=seat.user,
        at=at,
        data=data | more,
    )
