"""The pooling, loaded when first asked for: NumPy is nothing a page of kept results needs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def pooling() -> Any:
    """`playbook.pooling`, with all of its names."""
    return import_module("playbook.pooling")
