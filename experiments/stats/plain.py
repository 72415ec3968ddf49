"""Answers as plain values, to be stored or sent."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from math import isfinite
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Frozen answers as dicts, lists, numbers and words that JSON has.

    What is undefined or unbounded (NaN, infinite) is None; keys that are not words are joined.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {_key(key): plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value


def _key(key: Any) -> str:
    return "-".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
