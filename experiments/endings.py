"""What must go before a workspace can: whatever points at what goes with it."""

from __future__ import annotations

from experiments.models import (
    Action,
    Experiment,
    ExperimentImport,
    HookSprint,
    MetricImport,
    MetricSource,
    MetricSubject,
    Outcome,
    Spend,
    ThresholdRule,
    TrackedKpi,
)
from production.models import Workspace

# From the twigs to the root; the rest falls with these.
IN_ORDER = (
    Outcome,
    Action,
    ThresholdRule,
    TrackedKpi,
    Experiment,
    ExperimentImport,
    HookSprint,
    Spend,
    MetricSubject,
    MetricImport,
    MetricSource,
)


def forget(workspace: Workspace) -> None:
    """Delete the numbers, KPIs and experiments of a workspace that is being deleted."""
    for model in IN_ORDER:
        model.objects.filter(workspace=workspace).delete()
