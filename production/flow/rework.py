"""Work that went backwards: moves back, and items re-opened after they were out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from production.flow.interval import Share
from production.flow.times import FEWEST


class Backwards(NamedTuple):
    """One item with the counts that it carries: moves back, and returns after publication."""

    id: str
    rework_count: int
    reopened_count: int


@dataclass(frozen=True, slots=True)
class Rework:
    """Of `n` items: those that went back at least once, those re-opened, and all moves back."""

    n: int
    reworked: tuple[str, ...]
    reopened: tuple[str, ...]
    moves_back: int

    @property
    def share(self) -> Share | None:
        """Of the items that went back; None when they are too few to say."""
        return Share(len(self.reworked), self.n) if self.n >= FEWEST else None


def rework(items: Iterable[Backwards]) -> Rework:
    """The rework in these items; `reworked` and `reopened` are their ids, in the given order."""
    items = list(items)
    return Rework(
        n=len(items),
        reworked=tuple(each.id for each in items if each.rework_count),
        reopened=tuple(each.id for each in items if each.reopened_count),
        moves_back=sum(each.rework_count for each in items),
    )
