"""From the rows of experiments to the plain numbers that the statistics take."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log1p
from typing import Any

from experiments import rules
from experiments.models import Experiment, VariantDay
from experiments.reckoning import statistics
from production.models import KpiDefinition

Allocation, State = Experiment.Allocation, Experiment.State
# kpi, variant's position, day → exposures, total, squares, viewers
MOST_COMPARED = max(rules.VARIANTS)
Lines = dict[tuple[int, int, date], tuple[float, float, float | None, int | None]]


@dataclass
class Gathered:
    """One experiment with all its lines."""

    experiment: Experiment
    lines: Lines = field(default_factory=dict)

    @property
    def variants(self) -> list[Any]:
        """The variants that are compared, the control first; archives may hold more than ten."""
        found = sorted(self.experiment.variants.all(), key=lambda each: each.position)
        return found[:MOST_COMPARED]

    @property
    def days(self) -> list[date]:
        """Days with numbers of the deciding KPI."""
        kpi = self.experiment.kpi_id
        return sorted({day for of, _place, day in self.lines if of == kpi})

    def digest(self, until: date | None = None) -> str:
        """A fingerprint of the lines (up to a day), of how they are read and of the method.

        With `until` only of the lines.
        """
        lines = sorted(
            [self._codes[kpi], place, day.isoformat(), *numbers]
            for (kpi, place, day), numbers in self.lines.items()
            if until is None or day <= until
        )
        text = json.dumps([lines, None if until else self._read_as()], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def _codes(self) -> dict[int, str]:
        """By what a KPI is known everywhere: keys differ where a workspace is restored."""
        return {each.pk: each.code for each in (self.experiment.kpi, *self._kpis_of_rails())}

    def _kpis_of_rails(self) -> list[KpiDefinition]:
        return [rail.kpi for rail in self._rails()]

    def _read_as(self) -> list[Any]:
        row = self.experiment
        rails = sorted((rail.kpi.code, rail.margin, rail.kpi.version) for rail in self._rails())
        shares = [each.share for each in self.variants]
        return [
            row.kpi.version, statistics().METHOD_VERSION, row.allocation, shares, rails,
            row.detectable, self.is_over, row.invalid_reason, row.waived,
        ]  # fmt: skip

    @property
    def is_over(self) -> bool:
        """The planned end is reached: what is not decided now is an answer, too."""
        return self.experiment.state in (State.ENDED, State.DECIDED)

    def _rails(self) -> list[Any]:
        return list(self.experiment.guardrails.all())

    def data(self) -> Any:
        """The numbers as `experiments.stats.ExperimentData`."""
        stats, row, days = statistics(), self.experiment, self.days
        lift = row.detectable
        variants = self.variants
        viewers = [
            [self.lines.get((row.kpi_id, each.position, day), (0, 0, 0, None))[3] for day in days]
            for each in variants
        ]
        has_viewers = days and all(value is not None for line in viewers for value in line)
        allocation = (
            stats.Allocation.SLOTS
            if row.allocation == Allocation.RANDOM_SLOTS
            else stats.Allocation(row.allocation)
        )
        return stats.ExperimentData(
            metric=_metric(row.kpi, row.waived),
            variants=tuple(
                stats.Variant(each.label, self._daily(row.kpi, each.position, days), each.share)
                for each in variants
            ),
            allocation=allocation,
            has_control=not row.waived.get("no_control"),
            guardrails=tuple(
                stats.Guardrail(
                    rail.kpi.code,
                    _metric(rail.kpi, row.waived),
                    tuple(self._daily(rail.kpi, each.position, days) for each in variants),
                    log1p(rail.margin),
                )
                for rail in self._rails()
                if self._has(rail.kpi)
            ),
            randomised=tuple(viewers) if has_viewers else None,
            planned_lift=log1p(lift) if lift else None,
            ended=self.is_over,
            edited=bool(row.invalid_reason),
            seed=0 if row.waived.get("totals_only") else row.number,
        )

    def _has(self, kpi: KpiDefinition) -> bool:
        return any(of == kpi.pk for of, _place, _day in self.lines)

    def _daily(self, kpi: KpiDefinition, place: int, days: Sequence[date]) -> Any:
        rows = [self.lines.get((kpi.pk, place, day), (0.0, 0.0, 0.0, None)) for day in days]
        is_mean = kpi.statistic == KpiDefinition.Statistic.MEAN
        squares = [row[2] or 0.0 for row in rows] if is_mean else None
        return statistics().Daily.of([row[0] for row in rows], [row[1] for row in rows], squares)


def gather(experiments: Sequence[Experiment]) -> list[Gathered]:
    """The experiments with their lines, in one query for all lines.

    The experiments come with `kpi`, `variants` and `guardrails__kpi` fetched.
    """
    found = {each.pk: Gathered(each) for each in experiments}
    places = {
        variant.pk: (row.pk, variant.position)
        for row in experiments
        for variant in row.variants.all()
    }
    columns = ("variant_id", "kpi_id", "day", "exposures", "total", "sum_squares", "viewers")
    rows = VariantDay.objects.filter(variant__experiment__in=list(found)).values_list(*columns)
    grouped: dict[int, Lines] = defaultdict(dict)
    for variant, kpi, day, *numbers in rows:
        experiment, place = places[variant]
        grouped[experiment][kpi, place, day] = tuple(numbers)  # type: ignore[assignment]
    for pk, lines in grouped.items():
        found[pk].lines = lines
    return list(found.values())


def _metric(kpi: KpiDefinition, waived: dict[str, Any]) -> Any:
    stats = statistics()
    return stats.Metric(
        stats.Kind(kpi.statistic),
        direction=1 if kpi.direction == KpiDefinition.Direction.UP else -1,
        min_events=int(waived.get("min_events", kpi.min_events)),
        min_days=max(int(waived.get("min_days", kpi.min_days)), 1),
    )
