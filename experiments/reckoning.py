"""The statistics, loaded when first asked for.

SciPy takes half a second and 60 MB that a web process which shows kept results need not pay.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def statistics() -> Any:
    """`experiments.stats`, with all of its names."""
    return import_module("experiments.stats")


@cache
def drawn_slots() -> Any:
    """`experiments.stats.slots`: drawing publishing slots, and comparing their posts."""
    return import_module("experiments.stats.slots")
