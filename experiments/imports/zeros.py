"""Zeros that mean missing: combinations that cannot be, such as no views but 37 people reached."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.imports.values import Number

# A metric that cannot be 0 while one of the others is more.
IMPOSSIBLE: Mapping[str, tuple[str, ...]] = {
    "views": ("reach", "views_3s", "views_1m", "watch_seconds"),
    "impressions": ("reach",),
    "reach": ("views", "impressions", "views_3s"),
    "views_3s": ("views_1m",),
    "avg_view_seconds": ("views_3s", "watch_seconds"),
    "avg_view_pct": ("avg_view_seconds",),
    "sessions": ("engaged_sessions",),
}


def made_missing(metrics: dict[str, Number | None]) -> list[str]:
    """Turn each impossible 0 of the row into None; which metrics that were.

    All are judged by the numbers as written, so one that is mended does not excuse another.
    """
    found = [
        metric
        for metric, others in IMPOSSIBLE.items()
        if metrics.get(metric) == 0 and any((metrics.get(other) or 0) > 0 for other in others)
    ]
    for metric in found:
        metrics[metric] = None
    return found
