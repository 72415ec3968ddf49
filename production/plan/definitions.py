"""What a KPI counts. Changing that makes a new version; the old ones stay (R71)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max

from production.models import KpiDefinition, KpiDefinitionVersion, User

FIELDS = (
    "numerator",
    "denominator",
    "per",
    "unit",
    "kind",
    "direction",
    "source",
    "numerator_metrics",
    "denominator_metrics",
    "basis",
    "age_hours",
    "statistic",
    "min_events",
    "min_days",
)


def definition_of(kpi: KpiDefinition) -> dict[str, Any]:
    """The definition as a version keeps it."""
    return {name: getattr(kpi, name) for name in FIELDS}


def number(kpi: KpiDefinition) -> int:
    """The number of the definition that holds now."""
    return kpi.versions.aggregate(last=Max("number"))["last"] or 0


def keep(kpi: KpiDefinition, *, by: User, at: datetime) -> int:
    """Write down the definition as it is now, under the next number. Part of a verb."""
    version = KpiDefinitionVersion.objects.create(
        kpi=kpi, number=number(kpi) + 1, definition=definition_of(kpi), at=at, by=by
    )
    return version.number
