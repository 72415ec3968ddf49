"""Writing the lines of a file down in bulk, noting what they replace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from experiments.archives.plan import Kept
from experiments.importing import progress
from experiments.models import ExperimentImport, ReplacedDay, VariantDay

NUMBERS = ("exposures", "total", "sum_squares", "viewers")


@dataclass(slots=True)
class Span:
    """The days that came to one experiment, and how many lines."""

    first: date
    last: date
    lines: int = 0


@dataclass(slots=True)
class Writing:
    """Lines on their way in, some thousand at a time."""

    run: ExperimentImport
    at: datetime
    variants: dict[tuple[int, str], int]  # of an experiment, by letter
    new: set[int]  # experiments that this very file made
    count: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "unchanged": 0})
    spans: dict[int, Span] = field(default_factory=dict)  # of experiments that were here before
    done: int = 0

    def write(self, some: Sequence[Kept]) -> None:
        """Keep the lines; of two for the same day the later one. What they replace is noted."""
        rows: dict[tuple[int, int, date], tuple[int, VariantDay]] = {}
        for each in some:
            experiment = each.experiment.existing or each.experiment.made
            row = self._row(each, self.variants[experiment, each.variant])
            rows[row.variant_id, row.kpi_id, row.day] = (experiment, row)
        known = self._known(rows)
        kept, noted = [], []
        for key, (experiment, row) in rows.items():
            there = known.get(key)
            if there and all(getattr(there, name) == getattr(row, name) for name in NUMBERS):
                self.count["unchanged"] += 1
                continue
            self.count["accepted"] += 1
            kept.append(row)
            if experiment not in self.new:
                noted.append(self._before(row, there))
                self._see(experiment, row.day)
        VariantDay.objects.bulk_create(
            kept,
            update_conflicts=True,
            unique_fields=["variant", "kpi", "day"],
            update_fields=[*NUMBERS, "origin", "received_at"],
            batch_size=500,
        )
        ReplacedDay.objects.bulk_create(noted, ignore_conflicts=True, batch_size=500)
        self.done += len(some)
        progress.tell(self.run, self.done, always=True)

    def _row(self, each: Kept, variant: int) -> VariantDay:
        told = each.told
        is_mean = each.kpi.statistic == each.kpi.Statistic.MEAN
        return VariantDay(
            variant_id=variant, kpi=each.kpi, day=told.day, exposures=told.exposures,
            total=told.total, sum_squares=told.sum_squares if is_mean else None,
            viewers=told.viewers, origin=VariantDay.Origin.FILE, received_at=self.at,
        )  # fmt: skip

    def _known(
        self, rows: dict[tuple[int, int, date], tuple[int, VariantDay]]
    ) -> dict[tuple[int, int, date], VariantDay]:
        old = {key[0] for key, (experiment, _row) in rows.items() if experiment not in self.new}
        if not old:
            return {}
        days = [key[2] for key in rows]
        there = VariantDay.objects.filter(variant__in=old, day__range=(min(days), max(days)))
        return {(row.variant_id, row.kpi_id, row.day): row for row in there}

    def _before(self, row: VariantDay, there: VariantDay | None) -> ReplacedDay:
        noted = ReplacedDay(run=self.run, variant_id=row.variant_id, kpi=row.kpi, day=row.day)
        for name in (*NUMBERS, "origin", "received_at"):
            if there is not None:
                setattr(noted, name, getattr(there, name))
        return noted

    def _see(self, experiment: int, day: date) -> None:
        span = self.spans.setdefault(experiment, Span(day, day))
        span.first, span.last = min(span.first, day), max(span.last, day)
        span.lines += 1
