"""The vocabulary of the plan: channels, pillars, formats, KPIs, goals, partners, labels.

Owners add, change, retire, restore and reorder; nothing that was ever in use is deleted.
"""

from production.plan.advice import warnings
from production.plan.connection import connected, reconnect
from production.plan.entries import add, change, reorder, restore, retire
from production.plan.words import WORDS, Entry, Word, word_of

__all__ = [
    "WORDS",
    "Entry",
    "Word",
    "add",
    "change",
    "connected",
    "reconnect",
    "reorder",
    "restore",
    "retire",
    "warnings",
    "word_of",
]
