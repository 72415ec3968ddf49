"""Names that the platforms have changed, and since when a number means something else.

Where the definition changed with the name, numbers before and after must not share a baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from experiments.imports.headers import normal


@dataclass(frozen=True, slots=True)
class Alias:
    """`old` and `new` are headers of a source; from `since` on, `metric` is counted anew."""

    source: str
    metric: str
    old: str
    new: str
    since: date
    redefined: bool


ALIASES = (
    Alias("instagram", "impressions", "Impressions", "Views", date(2025, 4, 21), True),
    Alias("instagram", "views", "Plays", "Views", date(2025, 4, 21), True),
    Alias(
        "youtube", "impressions", "Impressions", "Thumbnail impressions", date(2026, 1, 1), False,
    ),
    Alias(
        "youtube", "thumbnail_ctr_pct", "Impressions click-through rate (%)",
        "Thumbnail click-through rate (%)", date(2026, 1, 1), False,
    ),
    Alias("youtube", "avg_view_pct", "Average % viewed", "Average percentage viewed (%)",
          date(2021, 1, 1), False),
    Alias("ga4", "key_events", "Conversions", "Key events", date(2024, 3, 20), False),
)  # fmt: skip


def of_header(source: str, name: str) -> Alias | None:
    """The change that a header under its older name points to, or None."""
    key = normal(name)
    for alias in ALIASES:
        if alias.source == source and normal(alias.old) == key:
            return alias
    return None


def break_of(source: str, metric: str) -> date | None:
    """Since when the metric of this source is counted anew: a baseline must not span it."""
    days = [a.since for a in ALIASES if (a.source, a.metric) == (source, metric) and a.redefined]
    return max(days, default=None)
