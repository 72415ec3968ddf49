"""How reliably a channel delivers: published on time, of what was due. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from production.flow.interval import Share

LEAST = 5  # below so many a share says nothing


@dataclass(frozen=True, slots=True)
class Due:
    """One publication that was to go out: when, and when it did (None: it is not out)."""

    at: datetime
    out_at: datetime | None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """What became of everything that was due; `on_time` + `late` + `missing` are all of it."""

    on_time: int
    late: int
    missing: int

    @property
    def n(self) -> int:
        return self.on_time + self.late + self.missing

    @property
    def share(self) -> Share | None:
        """The share on time with its 95 % interval (Wilson); None where there are too few."""
        return Share(self.on_time, self.n) if self.n >= LEAST else None


def punctuality(dues: Iterable[Due], *, now: datetime, grace: timedelta) -> Punctuality:
    """How much went out within the grace after its time; early is on time.

    What is not out counts once its grace has passed; until then nothing can be said of it.
    """
    on_time = late = missing = 0
    for due in dues:
        if due.out_at is not None:
            is_on_time = due.out_at <= due.at + grace
            on_time, late = on_time + is_on_time, late + (not is_on_time)
        elif due.at + grace <= now:
            missing += 1
    return Punctuality(on_time, late, missing)
