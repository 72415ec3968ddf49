"""The numbers that Putki knows: code, number in the database, unit, how it is added up. Pure.

A count adds up over days and publications. A share or a duration is a mean: it adds up only after
it is multiplied by what it is a mean of (`avg_view_pct*views`). A level (followers) does not add
up at all; its last value counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    SECONDS = "seconds"
    MONEY = "money"


class Sums(StrEnum):
    """How a number of a week comes from those of its days."""

    ADDED = "added"
    WEIGHTED = "weighted"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Metric:
    number: int  # never reused
    code: str
    unit: Unit = Unit.COUNT
    sums: Sums = Sums.ADDED
    weight: str = ""  # of a weighted one: what it is a mean over
    signed: bool = False  # may be below zero

    @property
    def product(self) -> str:
        """What is added up of a weighted one: `avg_view_pct*views`."""
        return f"{self.code}*{self.weight}"

    @property
    def weights(self) -> str:
        """The sum of the weights of only those whose mean is known: `views|avg_view_pct`."""
        return f"{self.weight}|{self.code}"

    def share(self, value: float) -> float:
        """The value as it is multiplied: percent as shares of 1."""
        return value / 100 if self.unit is Unit.PERCENT else value


def _mean(number: int, code: str, unit: Unit, weight: str) -> Metric:
    return Metric(number, code, unit, Sums.WEIGHTED, weight)


METRICS = (
    Metric(1, "impressions"),
    Metric(2, "reach"),
    Metric(3, "views"),
    _mean(4, "avg_view_pct", Unit.PERCENT, "views"),
    _mean(5, "avg_view_seconds", Unit.SECONDS, "views"),
    _mean(6, "hold_3s_pct", Unit.PERCENT, "views"),
    _mean(7, "retention_25_pct", Unit.PERCENT, "views"),
    Metric(8, "saves"),
    Metric(9, "likes"),
    Metric(10, "shares"),
    Metric(11, "comments"),
    Metric(12, "comments_positive"),
    Metric(13, "comments_negative"),
    Metric(14, "profile_clicks"),
    Metric(15, "profile_visits"),
    Metric(16, "link_clicks"),
    Metric(17, "reports"),
    Metric(18, "restrictions"),
    Metric(19, "follows"),
    Metric(20, "unfollows"),
    Metric(21, "net_follows", signed=True),
    Metric(22, "followers", sums=Sums.LAST),
    Metric(23, "leads"),
    Metric(24, "qualified_leads"),
    Metric(25, "spend", Unit.MONEY),
    Metric(26, "revenue", Unit.MONEY),
    Metric(27, "clicks"),
    Metric(28, "reactions"),
    Metric(29, "dislikes"),
    Metric(30, "engagements"),
    Metric(31, "watch_seconds"),
    Metric(32, "views_3s"),
    Metric(33, "views_1m"),
    Metric(34, "thumbnail_impressions"),
    _mean(35, "thumbnail_ctr_pct", Unit.PERCENT, "thumbnail_impressions"),
    Metric(36, "unique_viewers"),
    Metric(37, "new_viewers"),
    Metric(38, "returning_viewers"),
    Metric(39, "engaged_views"),
    Metric(40, "full_views"),
    Metric(41, "sessions"),
    Metric(42, "engaged_sessions"),
    Metric(43, "users"),
    Metric(44, "page_views"),
    Metric(45, "key_events"),
    _mean(46, "bounce_rate_pct", Unit.PERCENT, "sessions"),
    Metric(47, "phone_clicks"),
    Metric(48, "off_site_views"),
    Metric(49, "conversations"),
)
BY_CODE: Mapping[str, Metric] = {metric.code: metric for metric in METRICS}
BY_NUMBER: Mapping[int, Metric] = {metric.number: metric for metric in METRICS}
WEIGHTED = tuple(metric for metric in METRICS if metric.sums is Sums.WEIGHTED)
PRODUCTS: Mapping[str, Metric] = {metric.product: metric for metric in WEIGHTED}

MOST_PERCENT = 1_000.0  # audiences rewind: 117.3 % was really seen
MOST = 1e15


def partners(code: str) -> frozenset[str]:
    """The metrics whose values are needed to keep the sums of this one: itself and its weights."""
    metric = BY_CODE[code]
    near = {code, metric.weight} if metric.weight else {code}
    return frozenset(near | {each.code for each in WEIGHTED if each.weight == code})


def fault(code: str, value: float) -> str:
    """Why the value cannot be one of this metric, as a code; empty when it can."""
    metric = BY_CODE.get(code)
    if metric is None:
        return "unknown_metric"
    if not math.isfinite(value) or abs(value) > MOST or (value < 0 and not metric.signed):
        return "out_of_range"
    if metric.unit is Unit.PERCENT and value > MOST_PERCENT:
        return "out_of_range"
    if metric.unit is Unit.COUNT and value != int(value):
        return "not_whole"
    return ""


def contributions(values: Mapping[str, float]) -> dict[str, float]:
    """What the numbers of one subject for one period add to sums: plain ones and products."""
    added = dict(values)
    for metric in WEIGHTED:
        if metric.code not in values:
            continue
        added.pop(metric.code)
        if metric.weight in values:
            weight = values[metric.weight]
            added[metric.product] = metric.share(values[metric.code]) * weight
            added[metric.weights] = weight
    return added
