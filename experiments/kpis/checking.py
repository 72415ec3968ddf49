"""Whether the sums of a KPI can be made at all; asked before a definition is written (R71)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from experiments.kpis import formula
from production.models import KpiDefinition

Faults = dict[str, list[tuple[str, str]]]


def check(kpi: KpiDefinition) -> Faults:
    """What cannot be added up, by field; empty when all is well."""
    found: Faults = {}
    for field in ("numerator_metrics", "denominator_metrics"):
        if wrong := formula.faults(getattr(kpi, field)):
            sentence = _(
                "Not a sum of known metrics: %(terms)s. Write codes joined by +, as in "
                "comments+saves; a mean times what it is a mean over, as in avg_view_pct*views."
            )
            found[field] = [("unknown_metric", sentence % {"terms": ", ".join(wrong)[:120]})]
    has_denominator = bool(formula.terms(kpi.denominator_metrics))
    if not found and has_denominator and not formula.terms(kpi.numerator_metrics):
        sentence = _("Say what is counted above, too.")
        found["numerator_metrics"] = [("required", sentence)]
    ratios = (KpiDefinition.Kind.RATIO, KpiDefinition.Kind.MEAN)
    if not found and kpi.kind in ratios and kpi.numerator_metrics and not has_denominator:
        sentence = _("Say what it is divided by, too.")
        found["denominator_metrics"] = [("required", sentence)]
    return found
