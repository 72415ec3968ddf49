"""Files of numbers: previewed, committed and taken back as one unit."""

from experiments.importing.committing import apply, apply_waiting, begin, undo
from experiments.importing.receiving import Received, receive, settle

__all__ = ["Received", "apply", "apply_waiting", "begin", "receive", "settle", "undo"]
