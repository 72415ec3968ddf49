"""The register of experiments: planned, started, ended, decided (R41, R42)."""

from experiments.register.deciding import decide, fits
from experiments.register.drawing import draw
from experiments.register.making import VALUES, create, edit, link
from experiments.register.running import cancel, discount, end, note_platform, start
from experiments.register.weeks import in_week, is_over_full

__all__ = [
    "VALUES",
    "cancel",
    "create",
    "decide",
    "discount",
    "draw",
    "edit",
    "end",
    "fits",
    "in_week",
    "is_over_full",
    "link",
    "note_platform",
    "start",
]
