"""Why an action was opened and what to do next, each in one sentence with its numbers."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from experiments.kpis.table import write
from experiments.models import Action, Crossing, ThresholdRule
from production import durations

Condition, Step = ThresholdRule.Condition, ThresholdRule.Step


def why(action: Action) -> str:
    """What the numbers were when it was opened; empty for one that no rule opened."""
    return crossed(action.crossing) if action.crossing is not None else ""


def crossed(crossing: Crossing) -> str:
    """What the numbers were when the rule came true."""
    rule, told = crossing.rule, crossing.numbers
    kpi = rule.kpi
    words = {
        "kpi": kpi.name,
        "value": write(kpi, told["value"]),
        "low": write(kpi, told["low"]),
        "high": write(kpi, told["high"]),
        "line": write(kpi, told.get("line")),
        "baseline": write(kpi, told.get("baseline")),
    }
    if "age_hours" in told:
        words |= {"title": told["title"], "hours": told["age_hours"]}
        words["n"] = durations.number(told["n"], 0, translation.get_language() or "en")
        return _(
            "“%(title)s”: %(kpi)s %(value)s at the age of %(hours)s h (n %(n)s); the line is "
            "%(line)s."
        ) % words  # fmt: skip
    if rule.condition == Condition.RISING:
        words["weekly"] = _percent(told["weekly"])
        return _("%(kpi)s rises %(weekly)s a week; %(value)s over 14 days.") % words
    if rule.condition == Condition.RISING_OTHER_FLAT and rule.other_kpi is not None:
        words |= {
            "weekly": _percent(told["weekly"]),
            "other": rule.other_kpi.name,
            "other_weekly": _percent(told["other_weekly"]),
        }
        return _("%(kpi)s changes %(weekly)s a week, but %(other)s %(other_weekly)s.") % words
    if rule.condition == Condition.WORSE:
        return _(
            "%(kpi)s is %(value)s over 14 days (80 %% interval %(low)s–%(high)s), worse than its "
            "baseline of %(baseline)s."
        ) % words  # fmt: skip
    return _(
        "%(kpi)s is %(value)s over 14 days (80 %% interval %(low)s–%(high)s); the line is "
        "%(line)s, the baseline %(baseline)s."
    ) % words  # fmt: skip


def next_step(action: Action) -> str:
    """What to do, with the figures that the action opened with."""
    told = action.proposal
    if action.step == Step.SHORTEN and told:
        return _("Shorten from %(usual)s s to %(low)s–%(high)s s and change the hook.") % told
    if action.step == Step.SEQUELS and action.item:
        return _("Make three sequels to “%(title)s” within seven days.") % {
            "title": action.item.title
        }
    if action.step == Step.OTHER:
        return action.note or _("Find the cause and agree on one change.")
    return str(action.get_step_display())


def _percent(part: float) -> str:
    language = translation.get_language() or "en"
    sign = "+" if part >= 0 else "−"
    return f"{sign}{durations.number(abs(part) * 100, 1, language)}\u00a0%"
