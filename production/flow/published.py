"""What a set of published items says: the headline, and how it compares with the time before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from production.flow.interval import Share
from production.flow.times import FEWEST, TARGET, Stamped, cycle_time, lead_time


@dataclass(frozen=True, slots=True)
class Delivery:
    """One item that is out: one point of the scatter plot.

    `lead` counts from where the workspace starts its clock; None where its beginning is unknown,
    and then the item counts in the throughput and in no percentile. `cycle` is from commitment.
    """

    id: str
    key: str
    published_at: datetime
    lead: timedelta | None
    cycle: timedelta | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Thousands are kept in the cache: read back at a third of what slots would cost."""
        return Delivery, (self.id, self.key, self.published_at, self.lead, self.cycle)

    def from_commitment(self) -> Delivery:
        """The same item for a workspace that starts its clock at commitment."""
        return replace(self, lead=self.cycle)


@dataclass(frozen=True, slots=True)
class Figures:
    """What `n` items with a known lead time say; None where they are fewer than FEWEST.

    `p50` and `p85` are the real items at those ranks (nearest rank), so that each can be opened.
    `hits` items took no longer than `target`; `within` is that as a share with its interval.
    `no_history` more are out without a known beginning.
    """

    n: int
    target: timedelta
    no_history: int
    hits: int
    within: Share | None = None
    p50: Delivery | None = None
    p85: Delivery | None = None
    mean: timedelta | None = None

    @property
    def too_few(self) -> bool:
        return self.n < FEWEST


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same figures of a period and of the one before; a change is now − before.

    A change is None when either side has too few items.
    """

    now: Figures
    before: Figures

    @property
    def p50_change(self) -> timedelta | None:
        return _change(self.now.p50, self.before.p50)

    @property
    def p85_change(self) -> timedelta | None:
        return _change(self.now.p85, self.before.p85)

    @property
    def share_change(self) -> float | None:
        """Of the share within target, −1 to 1."""
        if self.now.within is None or self.before.within is None:
            return None
        return self.now.within.value - self.before.within.value


def delivery(id: str, key: str, item: Stamped) -> Delivery | None:
    """The item as a delivery with its clock started at the idea; None when it is not out."""
    if item.published_at is None:
        return None
    return Delivery(id, key, item.published_at, lead_time(item), cycle_time(item))


def timed(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Those with a known lead time, shortest first; equal ones by publication, then by id."""
    known = [each for each in deliveries if each.lead is not None]
    return sorted(known, key=lambda each: (each.lead, each.published_at, each.id))


def at_rank(ordered: Sequence[Delivery], share: float) -> Delivery:
    """The item at the nearest rank, x[⌈share · n⌉], of a list in the order of `timed`.

    Raises ValueError for no items and for a share outside (0, 1].
    """
    if not ordered:
        raise ValueError("no items to take a percentile of")
    if not 0 < share <= 1:
        raise ValueError(f"a share lies above 0 and is at most 1, not {share}")
    # 0.07 * 100 is 7.000000000000001 in binary: rounding first keeps the ceiling honest.
    return ordered[math.ceil(round(share * len(ordered), 9)) - 1]


def figures(deliveries: Iterable[Delivery], target: timedelta = TARGET) -> Figures:
    """The headline of these items: share within target, p50, p85, mean, each with n."""
    deliveries = list(deliveries)
    ordered = timed(deliveries)
    leads = [each.lead for each in ordered if each.lead is not None]
    hits = sum(lead <= target for lead in leads)
    n = len(leads)
    if n < FEWEST:
        return Figures(n, target, len(deliveries) - n, hits)
    return Figures(
        n=n,
        target=target,
        no_history=len(deliveries) - n,
        hits=hits,
        within=Share(hits, n),
        p50=at_rank(ordered, 0.50),
        p85=at_rank(ordered, 0.85),
        mean=sum(leads, timedelta(0)) / n,
    )


def compared(
    now: Iterable[Delivery], before: Iterable[Delivery], target: timedelta = TARGET
) -> Comparison:
    """The figures of a period beside those of the period before."""
    return Comparison(figures(now, target), figures(before, target))


def _change(now: Delivery | None, before: Delivery | None) -> timedelta | None:
    if now is None or before is None or now.lead is None or before.lead is None:
        return None
    return now.lead - before.lead
