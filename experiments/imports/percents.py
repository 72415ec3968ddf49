"""Shares made percent: which scale a column has is known of the source, not guessed per value."""

from __future__ import annotations

from experiments.imports.numbers import Evidence, Style
from experiments.imports.values import Number

PERCENT, RATIO = "percent", "ratio"  # 0-100 (YouTube), 0-1 (Meta, GA4, LinkedIn)


def scale_is_clear(unit: str, seen: Evidence, style: Style) -> bool:
    """False for a column of ratios with values above 2 and no % sign: it is not what we know."""
    return unit != RATIO or style.percent or seen.largest <= 2.0


def as_percent(value: Number | None, unit: str, style: Style) -> Number | None:
    """0-100, whatever the column is written in; a written % sign settles it."""
    if value is None or unit == PERCENT or style.percent:
        return value
    return round(value * 100, 10)
