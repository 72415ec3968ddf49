"""Slots: places in the calendar that need no item yet and start no clock."""

from production.slots.change import FIELDS, cancel, change, restore, undo_change
from production.slots.filling import candidates, empty, fill, unplanned
from production.slots.making import MOST_DAYS, add, repeat

__all__ = [
    "FIELDS",
    "MOST_DAYS",
    "add",
    "cancel",
    "candidates",
    "change",
    "empty",
    "fill",
    "repeat",
    "restore",
    "undo_change",
    "unplanned",
]
