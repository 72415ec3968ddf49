"""Which contrast to test next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from playbook.pooling.levels import Level


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two levels worth comparing, and by how much (any unit, larger is better)."""

    one: str
    other: str
    score: float


def next_contrasts(
    levels: Sequence[Level], usage: Mapping[str, float], most: int = 3
) -> list[Contrast]:
    """Pairs by the doubt about which is the best times how much both are used.

    The doubt of a level is p(1-p) of P(best); `usage` is its part of recent items. Ties keep the
    levels' order.
    """
    found = [
        Contrast(
            a.name,
            b.name,
            (_doubt(a) + _doubt(b)) * (usage.get(a.name, 0.0) + usage.get(b.name, 0.0)),
        )
        for a, b in combinations(levels, 2)
    ]
    return sorted((each for each in found if each.score > 0), key=lambda each: -each.score)[:most]


def _doubt(level: Level) -> float:
    return level.p_best * (1 - level.p_best)
