"""Results read from what is known of the publications that show the variants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from experiments.models import Experiment, PostReading, VariantDay
from experiments.results.line import Line, Told
from experiments.results.recording import record
from production.models import KpiDefinition
from production.permissions import Seat

ALL_TRAFFIC = 0
# Of means the squares are not told by any platform; only counts and proportions can be read.
READABLE = (KpiDefinition.Statistic.COUNT, KpiDefinition.Statistic.PROPORTION)


def read_publications(experiment: Experiment, *, seat: Seat, at: datetime) -> list[Told]:
    """Keep, for each variant, the sums of its publications at equal age (7 days, else newest).

    One line a publication day: posts of the same day are added up. Nothing is made up for a
    publication without numbers.
    """
    kpis = [experiment.kpi, *(rail.kpi for rail in experiment.guardrails.select_related("kpi"))]
    lines = [line for kpi in kpis for line in _lines(experiment, kpi, at)]
    if not lines:
        return []
    return record(experiment, lines, seat=seat, at=at, origin=VariantDay.Origin.READ)


def _lines(experiment: Experiment, kpi: KpiDefinition, at: datetime) -> Iterable[Line]:
    if kpi.statistic not in READABLE or not kpi.denominator_metrics:
        return
    for variant in experiment.variants.prefetch_related("publications"):
        posts = [each for each in variant.publications.all() if each.published_at]
        read = _readings([each.pk for each in posts])
        days: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for post in posts:
            top = _sum(kpi.numerator_metrics, read[post.pk])
            under = _sum(kpi.denominator_metrics, read[post.pk])
            if top is None or under is None or post.published_at is None:
                continue
            sums = days[post.published_at.date()]
            sums[0], sums[1] = sums[0] + under, sums[1] + top
        for day, (exposures, total) in sorted(days.items()):
            yield Line(variant.label, day, exposures, total, kpi.code)


def _readings(publications: list[int]) -> dict[int, dict[str, float]]:
    """Metric → value of each, at seven days where that is known, else the newest."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    ages = (PostReading.Age.NEWEST, PostReading.Age.WEEK)
    rows = PostReading.objects.filter(
        publication__in=publications, traffic=ALL_TRAFFIC, age_hours__in=ages
    )
    for row in rows.order_by("age_hours"):  # the newest first, then what replaces it
        found[row.publication_id][row.metric] = row.value
    return found


def _sum(metrics: str, read: dict[str, float]) -> float | None:
    """`comments+saves` added up; None when any of them is unknown."""
    values = [read.get(each.strip()) for each in metrics.split("+") if each.strip()]
    if not values or any(each is None for each in values):
        return None
    return sum(each for each in values if each is not None)
