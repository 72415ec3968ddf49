"""The statistics of experiments and KPIs: numbers in, numbers out.

`analyse(data)` is the whole of an experiment, `planning` what can be said before it, `slots`
compares organic posts drawn by lot, `kpi` looks at days of a KPI. Every formula names its source;
how they were tried out stands in docs/statistics.md.
"""

from experiments.stats import kpi, planning, slots
from experiments.stats.analysis import METHOD_VERSION, Analysis, Compared, analyse
from experiments.stats.contrast import Estimate, Method
from experiments.stats.data import (
    ALPHA,
    Allocation,
    Daily,
    ExperimentData,
    Guardrail,
    Kind,
    Metric,
    Variant,
)
from experiments.stats.guardrails import Guard, Guarded
from experiments.stats.plain import plain
from experiments.stats.posts import comparable
from experiments.stats.srm import SRM
from experiments.stats.verdict import DECISIONS, State, Verdict

__all__ = [
    "ALPHA",
    "DECISIONS",
    "METHOD_VERSION",
    "SRM",
    "Allocation",
    "Analysis",
    "Compared",
    "Daily",
    "Estimate",
    "ExperimentData",
    "Guard",
    "Guarded",
    "Guardrail",
    "Kind",
    "Method",
    "Metric",
    "State",
    "Variant",
    "Verdict",
    "analyse",
    "comparable",
    "kpi",
    "plain",
    "planning",
    "slots",
]
