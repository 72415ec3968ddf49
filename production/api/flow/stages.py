"""Where the time went, over the API."""

from __future__ import annotations

from typing import Any

from production import flowview
from production.api.flow import writing
from production.api.flow.asking import Asked

Plain = dict[str, Any]


def stages_of(asked: Asked) -> tuple[Plain, list[Plain]]:
    """The answer, and the stages of each group as the rows of a table."""
    found, where = asked.found, asked.found.where
    groups: dict[str, Any] = {"median": None, "slow_fifth": None, "all": None}
    if where is not None:
        groups = {
            "median": {
                "n": 1,
                "item": writing.point(where.median),
                "stages": writing.spent(where.of_median, found.time_columns),
            },
            "slow_fifth": {
                "n": where.of_slow.n,
                "stages": writing.spent(where.of_slow, found.time_columns),
                "items": asked.published(each.id for each in where.slow),
            },
            "all": {
                "n": where.all.n,
                "stages": writing.spent(where.all, found.time_columns),
            },
        }
    said = {
        **asked.frame(asked.clock, "publication"),
        "n": found.headline.now.n,
        "too_few": where is None,
        **groups,
        "bottleneck": _bottleneck(found),
        "items": asked.published(each.id for each in found.deliveries),
    }
    rows = [
        {"of": name, "n": group["n"], **stage}
        for name, group in groups.items()
        if group
        for stage in group["stages"]
    ]
    return said, rows


def _bottleneck(found: flowview.Flow) -> dict[str, Any] | None:
    bottleneck = found.bottleneck
    if bottleneck is None:
        return None
    column = next(each for each in found.time_columns if each.id == bottleneck.stage)
    return {
        **writing.column(column),
        **writing.split(bottleneck.split),
        "share": bottleneck.share,
        "traffic": [
            {
                "monday": each.monday,
                "arrivals": each.arrivals,
                "departures": each.departures,
                "net": each.net,
            }
            for each in found.bottleneck_traffic
        ],
    }
