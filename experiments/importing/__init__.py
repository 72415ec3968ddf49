"""Files of numbers: previewed, committed and taken back as one unit."""

from experiments.importing.committing import apply, apply_waiting, begin
from experiments.importing.receiving import Received, receive, settle
from experiments.importing.undoing import take_back, undo, undo_waiting

__all__ = [
    "Received",
    "apply",
    "apply_waiting",
    "begin",
    "receive",
    "settle",
    "take_back",
    "undo",
    "undo_waiting",
]
