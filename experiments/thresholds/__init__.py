"""Lines that a KPI must not cross, and the one action that a crossing opens (R66 to R69, R72)."""

from experiments.thresholds.following import evaluate_all, follow_news
from experiments.thresholds.keeping import add, change, drafted, restore, retire
from experiments.thresholds.opening import evaluate
from experiments.thresholds.presets import take_up
from experiments.thresholds.preview import Fired, would_have_fired

__all__ = [
    "Fired",
    "add",
    "change",
    "drafted",
    "evaluate",
    "evaluate_all",
    "follow_news",
    "restore",
    "retire",
    "take_up",
    "would_have_fired",
]
