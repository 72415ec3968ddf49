"""Lines that a KPI must not cross, and the one action that a crossing opens (R66 to R69, R72)."""

from experiments.thresholds.following import evaluate_all, follow_news
from experiments.thresholds.judging import evaluate
from experiments.thresholds.presets import take_up

__all__ = ["evaluate", "evaluate_all", "follow_news", "take_up"]
