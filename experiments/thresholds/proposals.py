"""What an action opens with: a shorter length, or the card whose theme goes on."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from statistics import median
from typing import Any

from experiments.kpis import formula
from experiments.models import PostReading, ThresholdRule
from production.models import ContentItem

RECENT_DAYS = 28
SHORTER = (0.8, 0.9)  # R67: by 10 to 20 %


def proposal_of(
    rule: ThresholdRule, today: date, *, item: ContentItem | None = None
) -> tuple[ContentItem | None, dict[str, Any]]:
    """The card that the step is about, if it is about one, and the figures of the step.

    `item` is the one whose publication crossed, where the rule looks at each by itself.
    """
    if rule.step == ThresholdRule.Step.SEQUELS:
        return item or _best_post(rule, today), {}
    if rule.step == ThresholdRule.Step.SHORTEN:
        lengths = _lengths(rule, today) if item is None else _length(item)
        return item, _shorter(lengths)
    return item, {}


def _length(item: ContentItem) -> list[int]:
    length = item.length_actual_seconds or item.length_max_seconds
    return [length] if length else []


def _lengths(rule: ThresholdRule, today: date) -> list[int]:
    """How long what came out lately is."""
    rows = ContentItem.objects.filter(
        workspace=rule.workspace_id,
        published_at__date__gte=today - timedelta(days=RECENT_DAYS),
        content_type=ContentItem.ContentType.SHORT,
    ).values_list("length_actual_seconds", "length_max_seconds")
    return [length for actual, planned in rows if (length := actual or planned)]


def _shorter(lengths: list[int]) -> dict[str, Any]:
    """The usual length, and that length shortened."""
    if not lengths:
        return {}
    usual = median(lengths)
    low, high = (round(usual * part) for part in SHORTER)
    return {"usual": round(usual), "low": low, "high": high}


def _best_post(rule: ThresholdRule, today: date) -> ContentItem | None:
    """The card of the recent publication with the highest rate, at its newest numbers."""
    above, below = formula.sums(rule.kpi.numerator_metrics, rule.kpi.denominator_metrics)
    rows = PostReading.objects.filter(
        workspace=rule.workspace_id,
        metric__in=[*above, *below],
        age_hours=PostReading.Age.NEWEST,
        traffic=0,
        publication__published_at__date__gte=today - timedelta(days=RECENT_DAYS),
        publication__item__archived_at=None,
    ).values_list("publication__item", "metric", "value")
    told: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for item, metric, value in rows:
        told[item][metric] += value
    rates = {
        item: sum(each[name] for name in above) / under
        for item, each in told.items()
        if (under := sum(each[name] for name in below)) > 0
    }
    if not rates:
        return None
    return ContentItem.objects.get(pk=max(rates, key=lambda item: (rates[item], item)))
