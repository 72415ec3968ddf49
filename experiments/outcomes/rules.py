"""The rules of outcomes: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from experiments import metrics

AGE = timedelta(days=7)  # when an item is judged (R42)
LOOKS_BACK = timedelta(days=90)  # how old a post may be to be compared with
LEAST = 5  # fewer are no company to be ranked in
CARRIES_ON = ("repeat", "improve")


def due_at(published_at: datetime) -> datetime:
    """From when on the item can be judged."""
    return published_at + AGE


def value(
    told: Mapping[str, float], above: Collection[str], below: Collection[str], per: float
) -> float | None:
    """A KPI of one post from the metrics told of it at one age; None where a part is missing.

    `told` maps metric codes to values. A count has nothing below. Nothing below 0 divides.
    """
    sums = metrics.contributions(told)
    if not above or any(name not in sums for name in [*above, *below]):
        return None
    over = sum(sums[name] for name in above)
    if not below:
        return over * per
    under = sum(sums[name] for name in below)
    return over / under * per if under > 0 else None


def middle(others: Sequence[float]) -> float | None:
    """The median of the comparable posts; None without any."""
    return median(others) if others else None


def percentile(value: float, others: Sequence[float]) -> float | None:
    """Above how many of a hundred of the others it lies, ties counting half.

    None among fewer than five: a rank there says nothing.
    """
    if len(others) < LEAST:
        return None
    below = sum(each < value for each in others)
    same = sum(each == value for each in others)
    return 100 * (below + same / 2) / len(others)
