"""Title formulas: text with slots in braces. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SLOT = re.compile(r"\{([^{}]+)\}")


def slots(formula: str) -> list[str]:
    """The names of the slots, each once, in the order in which they stand."""
    return list(dict.fromkeys(name.strip() for name in _SLOT.findall(formula) if name.strip()))


def broken(formula: str) -> bool:
    """Whether braces stand without their partner or around nothing."""
    rest = _SLOT.sub("", formula)
    return "{" in rest or "}" in rest or any(not name.strip() for name in _SLOT.findall(formula))


def fill(formula: str, values: Mapping[str, str]) -> str:
    """The title with the slots filled; a slot without a value shows its name in ‹…›."""
    return _SLOT.sub(lambda found: _value(found[1].strip(), values), formula)


def _value(name: str, values: Mapping[str, str]) -> str:
    return values.get(name, "").strip() or f"‹{name}›"
