"""KPIs over days: baseline, path, shifts, divergence, thresholds, changes of level, trend."""

from experiments.stats.kpi.changes import change_points
from experiments.stats.kpi.divergence import Rule, Signal, signals, tell
from experiments.stats.kpi.path import Heading, Path, Standing, heading, needed_weekly, standing
from experiments.stats.kpi.ratio import Baseline, Ratio, baseline, ratio
from experiments.stats.kpi.shifts import Shift, cusum, shift, spikes
from experiments.stats.kpi.thresholds import Crossed, Crossing, Line, Week, crossing
from experiments.stats.kpi.trend import Trend, trend

__all__ = [
    "Baseline",
    "Crossed",
    "Crossing",
    "Heading",
    "Line",
    "Path",
    "Ratio",
    "Rule",
    "Shift",
    "Signal",
    "Standing",
    "Trend",
    "Week",
    "baseline",
    "change_points",
    "crossing",
    "cusum",
    "heading",
    "needed_weekly",
    "ratio",
    "shift",
    "signals",
    "spikes",
    "standing",
    "tell",
    "trend",
]
