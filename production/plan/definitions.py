"""What a KPI counts. Changing that makes a new version; the old ones stay (R71)."""

from __future__ import annotations

from typing import Any

from production.models import KpiDefinition

FIELDS = ("numerator", "denominator", "per", "unit", "kind", "direction", "source")


def definition_of(kpi: KpiDefinition) -> dict[str, Any]:
    """The definition as a version keeps it."""
    return {name: getattr(kpi, name) for name in FIELDS}
