"""An item at seven days and the posts it can be compared with, from the readings of equal age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from experiments.kpis import formula
from experiments.models import PostReading
from experiments.outcomes import rules
from production.models import ContentItem, KpiDefinition, Publication

Age = PostReading.Age
ORGANIC, ALL = 1, 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A post's KPI at seven days, in the KPI's unit, and where it lies among `others` posts."""

    publication: Publication
    value: float | None
    median: float | None
    percentile: float | None
    others: int


def standing_of(item: ContentItem) -> Standing | None:
    """Where the item's publication stands; None before it is out or without a KPI of posts."""
    kpi, post = item.primary_kpi, publication_of(item)
    if kpi is None or post is None or not kpi.numerator_metrics:
        return None
    own = values(kpi, [post.pk]).get(post.pk)
    found = values(kpi, comparable(post, item))
    others = [each for key, each in found.items() if key != post.pk]
    rank = rules.percentile(own, others) if own is not None else None
    return Standing(post, own, rules.middle(others), rank, len(others))


def publication_of(item: ContentItem) -> Publication | None:
    """The publication by which an item is judged: the first one on its own channel, else any."""
    rows = Publication.objects.filter(item=item, published_at__isnull=False)
    found = list(rows.select_related("channel").order_by("published_at", "id"))
    own = [each for each in found if each.channel_id == item.channel_id]
    return next(iter(own or found), None)


def comparable(post: Publication, item: ContentItem) -> QuerySet[Publication]:
    """The posts of the same channel and format that came out in the 90 days before it."""
    return Publication.objects.filter(
        workspace=item.workspace_id,
        channel=post.channel_id,
        item__format=item.format_id,
        published_at__lt=post.published_at,
        published_at__gte=(post.published_at or item.created_at) - rules.LOOKS_BACK,
    ).exclude(pk=post.pk)


def values(
    kpi: KpiDefinition, publications: Collection[int] | QuerySet[Publication], age: int = Age.WEEK
) -> dict[int, float]:
    """The KPI of each of these publications at that age; without those it cannot be told of."""
    above, below = formula.sums(kpi.numerator_metrics, kpi.denominator_metrics)
    found = {}
    for post, told in readings(publications, age).items():
        value = rules.value(told, above, below, kpi.per)
        if value is not None:
            found[post] = value
    return found


def readings(
    publications: Collection[int] | QuerySet[Publication], age: int
) -> Mapping[int, dict[str, float]]:
    """What was told of each publication at that age: of all traffic, else of the organic."""
    rows: Any = PostReading.objects.filter(
        publication__in=publications, age_hours=age, traffic__in=(ALL, ORGANIC)
    ).order_by("-traffic")
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for post, metric, value in rows.values_list("publication", "metric", "value"):
        found[post][metric] = value
    return found
