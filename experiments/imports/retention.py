"""Who still watches, from Facebook's interval columns: the number is seconds, not percent.

A clip of n seconds fills the intervals 0..n, rounded up to a multiple of four. The base are
3-second views (the first intervals are 1), so this is not the hold of the first three seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from experiments.imports.values import Curve, Number

BASE = "views_3s"
Points = tuple[tuple[float, float], ...]


def points_of(values: Mapping[str, Number | None]) -> Points:
    """The filled intervals in order of seconds; `values` has them as `interval 7`."""
    found = [
        (float(name.rpartition(" ")[2]), float(value))
        for name, value in values.items()
        if value is not None and name.startswith("interval ")
    ]
    return tuple(sorted(found))


def at(points: Points, second: float) -> float | None:
    """The share still watching at that second, on a line between its neighbours.

    None outside the measured seconds: a clip longer than the intervals is not guessed at.
    """
    for (before, low), (after, high) in pairwise(points):
        if before <= second <= after:
            return low + (high - low) * (second - before) / (after - before)
    return points[0][1] if points and points[0][0] == second else None


def curve(points: Points) -> Curve:
    return Curve("seconds", BASE, points)
