"""The board as the log alone tells it, to be compared with the rows."""

from production.replay.fold import Item, Replayed, replay
from production.replay.stood import Stood

__all__ = ["Item", "Replayed", "Stood", "replay"]
