"""The rules of the register of experiments: plain values in, plain values out (R41)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

A_WEEK = 2  # experiments that a week has room for; a third is said, not refused
VARIANTS = range(2, 11)
DAYS = 14  # how long an experiment runs unless told otherwise
LETTERS = "ABCDEFGHIJ"

# attribute of a variant → what it is a part of; in an experiment only one of these may differ
PART_OF = {
    "hook": "hook",
    "hook_type": "hook",
    "opening": "opening",
    "title": "title",
    "length_seconds": "length",
    "thumbnail": "thumbnail",
    "cta": "cta",
    "cta_type": "cta",
}

# who decides who sees what → how far the answer carries
GRADES = {
    "platform_split": "R1",
    "own_random": "R2",
    "random_slots": "R3",
    "delivery": "O",
    "none": "O",
}


def grade(allocation: str) -> str:
    """R1 the platform's own split, R2 our own, R3 drawn slots, O only looked at."""
    return GRADES[allocation]


def is_randomised(allocation: str) -> bool:
    return grade(allocation) != "O"


def second_variable(variable: str, variants: Sequence[Mapping[str, Any]]) -> str | None:
    """What else than the variable differs between the variants' attributes; None if nothing."""
    names = sorted({name for each in variants for name in each})
    for name in names:
        part = PART_OF.get(name)
        values = {str(each[name]) for each in variants if each.get(name) not in (None, "")}
        if part and part != variable and len(values) > 1:
            return part
    return None


def monday(day: date) -> date:
    """The Monday of its ISO week."""
    return day - timedelta(days=day.weekday())
