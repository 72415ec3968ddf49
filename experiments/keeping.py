"""What of measuring belongs to a workspace's export, in the order in which it can be written again.

A new model is one line here: `path` leads from it to the workspace.
"""

from __future__ import annotations

from experiments.models import (
    Action,
    Baseline,
    Budget,
    Crossing,
    DailyCheck,
    Experiment,
    ExperimentImport,
    Guardrail,
    HookSprint,
    HookTry,
    KpiAlert,
    KpiReview,
    MetricDay,
    MetricImport,
    MetricSource,
    MetricSubject,
    Observation,
    ObservationChange,
    Outcome,
    PostNote,
    PostReading,
    ReplacedDay,
    RetentionCurve,
    SlotDraw,
    Snapshot,
    Spend,
    ThresholdRule,
    TrackedKpi,
    Variant,
    VariantDay,
)
from production.exports.tables import Table

# A preview is nothing without its file; of what came in, the file is not needed any more.
_IN = (("state__in", ("applied", "undoing", "undone")),)
_FILE = frozenset({"file"})

TABLES = (
    Table(MetricSource, named_by="tool"),
    Table(MetricSubject),
    Table(MetricImport, skip=_FILE, only=_IN),
    Table(Observation),
    Table(ObservationChange, "subject__workspace"),
    Table(RetentionCurve, "subject__workspace"),
    Table(MetricDay),
    Table(PostReading),
    Table(TrackedKpi),
    Table(Baseline, "tracked__workspace"),
    Table(KpiReview, "tracked__workspace"),
    Table(DailyCheck),
    Table(ThresholdRule),
    Table(Crossing),
    Table(Action),
    Table(KpiAlert),
    Table(Budget, "cycle__workspace"),
    Table(ExperimentImport, skip=_FILE, only=_IN),
    Table(Experiment),
    Table(Guardrail, "experiment__workspace"),
    Table(Variant, "experiment__workspace"),
    Table(VariantDay, "variant__experiment__workspace"),
    Table(ReplacedDay, "run__workspace"),
    Table(Snapshot, "experiment__workspace"),
    Table(SlotDraw, "experiment__workspace"),
    Table(HookSprint),
    Table(HookTry, "sprint__workspace"),
    Table(Spend),
    Table(Outcome),
    Table(PostNote, "publication__item__workspace"),
)
