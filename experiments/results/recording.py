"""Writing down results: line by line, so that one that cannot be does not sink the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from experiments.models import Experiment, Variant, VariantDay
from experiments.register.held import State, hold, require_state
from experiments.register.held import record as tell
from experiments.results.line import Line, Told, problem
from production.models import KpiDefinition
from production.permissions import Seat

_NUMBERS = ("exposures", "total", "sum_squares", "viewers")


@transaction.atomic
def record(
    experiment: Experiment,
    lines: Sequence[Line],
    *,
    seat: Seat,
    at: datetime,
    origin: VariantDay.Origin,
) -> list[Told]:
    """Keep the lines; each answered in its place. The same line again changes nothing.

    What a day said before is replaced: its later number is the truer one. Refused before the
    start and after a cancellation; after the decision late numbers are still taken.
    """
    seat.require("experiment.change")
    experiment = hold(experiment)
    require_state(experiment, State.RUNNING, State.ENDED, State.DECIDED)
    kpis = _kpis(experiment)
    variants = {each.label: each for each in experiment.variants.all()}
    variants |= {each.public_id: each for each in variants.values()}
    known = {
        (row.variant_id, row.kpi_id, row.day): row
        for row in VariantDay.objects.filter(variant__experiment=experiment)
    }
    told, days, fresh, changed = [], set[date](), [], []
    for line in lines:
        variant, kpi = variants.get(line.variant), kpis.get(line.kpi)
        if code := _unknown(variant, kpi) or problem(line, kpi.statistic, at.date()):  # type: ignore[union-attr]
            told.append(Told("rejected", code))
            continue
        row = _row(variant, kpi, line, origin, at)  # type: ignore[arg-type]
        there = known.get((row.variant_id, row.kpi_id, row.day))
        if there and _same(there, row):
            told.append(Told("unchanged"))
            continue
        told.append(Told("accepted"))
        days.add(line.day)
        if there is None:
            fresh.append(row)
        else:
            row.pk = there.pk
            if there.pk:  # not one of this very batch, which is written once, as it is last
                changed.append(row)
            else:
                fresh[fresh.index(there)] = row
        known[row.variant_id, row.kpi_id, row.day] = row
    VariantDay.objects.bulk_create(fresh, batch_size=500)
    VariantDay.objects.bulk_update(changed, [*_NUMBERS, "origin", "received_at"], batch_size=500)
    if days:
        count = Counter(each.status for each in told)
        tell(
            "experiment.results", experiment, seat=seat, at=at, origin=origin,
            accepted=count["accepted"], unchanged=count["unchanged"], rejected=count["rejected"],
            first_day=min(days).isoformat(), last_day=max(days).isoformat(),
        )  # fmt: skip
    return told


def _kpis(experiment: Experiment) -> dict[str, KpiDefinition]:
    """The deciding KPI (also without a name) and the guardrails, by code."""
    rails = experiment.guardrails.select_related("kpi")
    found = {rail.kpi.code: rail.kpi for rail in rails}
    return found | {"": experiment.kpi, experiment.kpi.code: experiment.kpi}


def _unknown(variant: Variant | None, kpi: KpiDefinition | None) -> str:
    if variant is None:
        return "unknown_variant"
    return "unknown_kpi" if kpi is None else ""


def _row(
    variant: Variant, kpi: KpiDefinition, line: Line, origin: VariantDay.Origin, at: datetime
) -> VariantDay:
    return VariantDay(
        variant=variant, kpi=kpi, day=line.day, exposures=line.exposures, total=line.total,
        sum_squares=line.sum_squares if kpi.statistic == KpiDefinition.Statistic.MEAN else None,
        viewers=line.viewers, origin=origin, received_at=at,
    )  # fmt: skip


def _same(one: VariantDay, other: VariantDay) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _NUMBERS)
