"""When a channel publishes: hours of the week, locked for three weeks once chosen (R46)."""

from production.windows.change import add, add_usual, change, lock, retire, unlock
from production.windows.hours import LOCK_DAYS, Hours, next_beginnings, on_day, respects
from production.windows.rules import MOST, hours_of, hours_of_channels, refusal_for

__all__ = [
    "LOCK_DAYS",
    "MOST",
    "Hours",
    "add",
    "add_usual",
    "change",
    "hours_of",
    "hours_of_channels",
    "lock",
    "next_beginnings",
    "on_day",
    "refusal_for",
    "respects",
    "retire",
    "unlock",
]
