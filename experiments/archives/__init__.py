"""Files of experiments: previewed, committed and taken back as one unit."""

from experiments.archives.committing import apply, apply_waiting, begin
from experiments.archives.receiving import Received, receive, settle
from experiments.archives.undoing import take_back, undo, undo_waiting

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
