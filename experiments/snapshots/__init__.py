"""What the numbers of an experiment said, each time they said something new."""

from experiments.snapshots.following import behind, end_what_is_due, follow
from experiments.snapshots.taking import take, take_all

__all__ = ["behind", "end_what_is_due", "follow", "take", "take_all"]
