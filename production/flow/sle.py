"""The service level expectation: "85 % within 81 h", and how often it was kept.

Kanban Guide (2020): a forecast of how long it should take an item to flow from start to finish,
with a probability; here from the items of a window, or the team's own number of hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from production.flow.interval import Share
from production.flow.published import Delivery, at_rank, timed
from production.flow.times import FEWEST

SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Sle:
    """`share` of the items within `within`; `hit` is the share that did, of `n`.

    `own` says that the team chose the hours. `within` is None when nobody chose and the items are
    too few to say; `hit` is None when they are too few. `misses` took longer, longest last.
    """

    share: float
    within: timedelta | None
    own: bool
    n: int
    hit: Share | None = None
    misses: tuple[Delivery, ...] = ()

    @property
    def is_kept(self) -> bool | None:
        """Whether at least the promised share held; None when that cannot be said."""
        if self.hit is None:
            return None
        return self.hit.hits >= round(self.share * self.hit.n, 9)


def sle(
    deliveries: Iterable[Delivery], *, share: float = SHARE, own: timedelta | None = None
) -> Sle:
    """The expectation over these items: the team's own time, or the nearest rank of the share."""
    ordered = timed(deliveries)
    n = len(ordered)
    if n < FEWEST:
        return Sle(share, own, own is not None, n)
    within = own if own is not None else at_rank(ordered, share).lead
    if within is None:
        raise ValueError("an item without a lead time has a rank")
    misses = tuple(each for each in ordered if each.lead is not None and each.lead > within)
    return Sle(share, within, own is not None, n, Share(n - len(misses), n), misses)
