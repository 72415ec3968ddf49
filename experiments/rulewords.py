"""A threshold rule in one sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiments.kpis.table import write
from experiments.models import ThresholdRule

Condition, Scope = ThresholdRule.Condition, ThresholdRule.Scope


def when(rule: ThresholdRule) -> str:
    """When it comes true."""
    words = {
        "kpi": rule.kpi.name,
        "line": write(rule.kpi, rule.line),
        "other": rule.other_kpi.name if rule.other_kpi else "",
        "days": rule.for_days,
    }
    if rule.scope == Scope.POST:
        return _post(rule) % (words | {"hours": rule.for_days * 24})
    return _series(rule) % words


def is_over(rule: ThresholdRule) -> str:
    """When it counts as cleared."""
    if rule.scope == Scope.POST:
        return _("A publication is judged once.")
    if rule.condition in (Condition.RISING, Condition.RISING_OTHER_FLAT):
        return _("Over when the trend is.")
    if rule.clear_line is not None and rule.condition != Condition.WORSE:
        return _("Over when back at %(line)s.") % {"line": write(rule.kpi, rule.clear_line)}
    return _("Over when better than its baseline.")


def needs(rule: ThresholdRule) -> str:
    """With how few numbers it says nothing."""
    parts = []
    if rule.min_posts and rule.scope == Scope.SERIES:
        text = ngettext("%(n)s publication", "%(n)s publications", rule.min_posts)
        parts.append(text % {"n": rule.min_posts})
    if rule.min_base:
        parts.append(f"{rule.kpi.denominator or rule.kpi.numerator} ≥ {rule.min_base}")
    return ", ".join(parts)


def step(rule: ThresholdRule) -> str:
    """What its owner does first."""
    if rule.step == ThresholdRule.Step.OTHER:
        return rule.step_text or _("Find the cause and agree on one change.")
    return str(rule.get_step_display())


def _post(rule: ThresholdRule) -> str:
    return {
        Condition.BELOW: _("A publication's %(kpi)s is below %(line)s at the age of %(hours)s h"),
        Condition.ABOVE: _("A publication's %(kpi)s is above %(line)s at the age of %(hours)s h"),
    }.get(
        Condition(rule.condition),
        _("A publication's %(kpi)s is worse than the baseline at the age of %(hours)s h"),
    )


def _series(rule: ThresholdRule) -> str:
    return {
        Condition.BELOW: _("%(kpi)s is below %(line)s for %(days)s days"),
        Condition.ABOVE: _("%(kpi)s is above %(line)s for %(days)s days"),
        Condition.WORSE: _("%(kpi)s is worse than its baseline for %(days)s days"),
        Condition.RISING: _("%(kpi)s rises for 28 days"),
        Condition.RISING_OTHER_FLAT: _("%(kpi)s rises for 28 days and %(other)s does not"),
    }[Condition(rule.condition)]
