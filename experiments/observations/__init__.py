"""Numbers as sources tell them: written down once, with their history, their sums kept."""

from experiments.observations.apply import apply
from experiments.observations.attach import attach
from experiments.observations.moments import follow_moments
from experiments.observations.push import push, record_imported
from experiments.observations.rebuilding import rebuild
from experiments.observations.rows import Applied, Curve, Row, UnknownPost, faults
from experiments.observations.sources import source_of
from experiments.observations.undo import undo_some

__all__ = [
    "Applied",
    "Curve",
    "Row",
    "UnknownPost",
    "apply",
    "attach",
    "faults",
    "follow_moments",
    "push",
    "rebuild",
    "record_imported",
    "source_of",
    "undo_some",
]
