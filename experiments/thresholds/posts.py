"""Rules on each publication by itself: its number at an age, beside a line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from experiments.kpis import formula
from experiments.models import Baseline, PostReading, ThresholdRule
from experiments.thresholds.judging import line_of
from production.models import Publication

LOOKS_BACK = timedelta(days=28)
# Days at which the numbers of publications are kept.
AGES = tuple(age // 24 for age in PostReading.Age.values if age)


@dataclass(frozen=True, slots=True)
class Post:
    """A publication whose number is beyond the line, with what its sentence is made of."""

    publication: Publication
    reached_at: datetime  # when it was that old
    numbers: dict[str, Any]


def beyond(rule: ThresholdRule, baseline: Baseline | None, since: datetime) -> list[Post]:
    """The publications that came to the rule's age after `since` and lie beyond its line."""
    drawn = line_of(rule, baseline)
    if drawn is None:
        return []
    age = timedelta(days=rule.for_days)
    told = _told(rule, since - age)
    posts = Publication.objects.filter(pk__in=told).select_related("item__workspace", "channel")
    found = []
    for post in posts.order_by("published_at", "id"):
        value, base = _value(rule, told[post.pk])
        if value is None or base < rule.min_base or post.published_at is None:
            continue
        if value < drawn.value if drawn.is_floor else value > drawn.value:
            numbers = {
                "value": value, "low": value, "high": value, "n": base, "line": drawn.value,
                "baseline": baseline.value if baseline else None, "age_hours": rule.for_days * 24,
                "title": post.item.title[:120],
            }  # fmt: skip
            found.append(Post(post, post.published_at + age, numbers))
    return found


def _told(rule: ThresholdRule, since: datetime) -> dict[int, dict[str, dict[int, float]]]:
    """Publication → metric → traffic → number, at the rule's age."""
    above, below = formula.sums(rule.kpi.numerator_metrics, rule.kpi.denominator_metrics)
    rows = PostReading.objects.filter(
        workspace=rule.workspace_id,
        metric__in=[*above, *below],
        age_hours=rule.for_days * 24,
        publication__published_at__gte=since,
        publication__item__archived_at=None,
    )
    if rule.channel_id:
        rows = rows.filter(publication__channel=rule.channel_id)
    if rule.format_id:
        rows = rows.filter(publication__item__format=rule.format_id)
    found: dict[int, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for post, metric, traffic, value in rows.values_list(
        "publication", "metric", "traffic", "value"
    ):
        found[post][metric][traffic] = value
    return found


def _value(rule: ThresholdRule, told: dict[str, dict[int, float]]) -> tuple[float | None, float]:
    """The KPI of one publication and what it is divided by; None where a sum is not known."""
    above, below = formula.sums(rule.kpi.numerator_metrics, rule.kpi.denominator_metrics)
    if not above or any(name not in told for name in (*above, *below)):
        return None, 0.0
    over = sum(_all_traffic(told[name]) for name in above)
    if not below:
        return over * rule.kpi.per, over
    under = sum(_all_traffic(told[name]) for name in below)
    return (over / under * rule.kpi.per if under > 0 else None), under


def _all_traffic(told: dict[int, float]) -> float:
    """What was told of all traffic; else organic and paid together."""
    return told[0] if 0 in told else sum(told.values())
