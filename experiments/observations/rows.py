"""What somebody tells of one subject: plain values, and why they may not be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from experiments import metrics
from experiments.models import Grain, Traffic


@dataclass(frozen=True, slots=True)
class UnknownPost:
    """A post that no publication is known for, as the source describes it."""

    platform: str
    external_id: str = ""
    permalink: str = ""
    title: str = ""
    published_at: datetime | None = None

    @property
    def key(self) -> str:
        """What tells it from other unknown posts of the channel."""
        told = self.external_id or self.permalink
        if not told:
            moment = self.published_at.isoformat() if self.published_at else ""
            told = f"{moment} {self.title}"
        return told[:200]


@dataclass(frozen=True, slots=True)
class Curve:
    """How many of the viewers were still there: (place, share) from the beginning on."""

    axis: str  # of RetentionCurve.Axis
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of one subject for one period.

    The subject is a publication or a channel by its key, an unknown post (of a channel, when that
    is known), or the workspace when none is named. A value of None is not available: nothing is
    stored.
    """

    as_of: datetime
    period: date  # the day, in the source's zone; of a lifetime number the day of `as_of`
    values: Mapping[str, float | None]
    grain: int = Grain.LIFETIME
    traffic: int = Traffic.ALL
    publication: int | None = None
    channel: int | None = None
    unknown: UnknownPost | None = None
    currency: str = ""  # of amounts of money
    curve: Curve | None = None

    def known(self) -> Iterator[tuple[metrics.Metric, float]]:
        """The metrics that have a value."""
        for code, value in self.values.items():
            if value is not None:
                yield metrics.BY_CODE[code], float(value)


@dataclass(slots=True)
class Applied:
    """How many numbers a telling changed, and how many posts of it nobody knows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    unmatched: int = 0
    channels: set[int] = field(default_factory=set)  # whose numbers changed

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)


def faults(row: Row) -> list[tuple[str, str]]:
    """Why the row cannot be taken, as (field, code); empty when it can."""
    found = [
        (code, why)
        for code, value in row.values.items()
        if (why := _fault(code, value))
    ]  # fmt: skip
    if row.curve is not None and not _is_curve(row.curve):
        found.append(("curve", "invalid_curve"))
    return found


def _fault(code: str, value: float | None) -> str:
    if value is None:
        return "" if code in metrics.BY_CODE else "unknown_metric"
    return metrics.fault(code, value)


def _is_curve(curve: Curve) -> bool:
    places = [place for place, _share in curve.points]
    shares = [share for _place, share in curve.points]
    return (
        2 <= len(places) <= 1_000
        and all(0 <= share <= 20 for share in shares)
        and places[0] >= 0
        and all(one < other for one, other in pairwise(places))
        and (curve.axis != "fraction" or places[-1] <= 1)
    )
