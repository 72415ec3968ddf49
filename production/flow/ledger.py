"""The transition ledger of one item, and the stays in stages that are folded from it.

Definitions: the Kanban Guide (2020); the totals agree with Jira's own "Time in Status" field.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from production.flow.kinds import reaches


@dataclass(frozen=True, slots=True)
class Place:
    """A stage as it was when something happened there; two are equal when id and kind are.

    `position` orders the stages of one kind; where the log does not say it, all stand equal.
    """

    stage: Hashable
    kind: str
    name: str = field(default="", compare=False)
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the ledger. `voids` names the moves that it takes back, by their `seq`."""

    seq: int
    at: datetime
    source: Place
    target: Place
    migration: bool = False
    voids: frozenset[int] = frozenset()

    @property
    def backwards(self) -> bool:
        """Whether the item went to an earlier kind of work, or to an earlier stage of its kind."""
        if self.target.kind == self.source.kind:
            return self.target.position < self.source.position
        return not reaches(self.target.kind, self.source.kind)


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a stage; `left_at` is None while the item is still there."""

    stage: Hashable
    kind: str
    entered_at: datetime
    left_at: datetime | None = None
    name: str = field(default="", compare=False)

    def lasted(self, now: datetime) -> timedelta:
        """How long the stay was, or has been up to `now`; never negative."""
        return max((self.left_at or now) - self.entered_at, timedelta(0))


def standing(moves: Iterable[Move]) -> list[Move]:
    """The moves that count, in their order.

    An undone move and its undo both go; migrations (a stage renamed, split, mapped anew) are no
    moves. Raises ValueError when an undo names a move that is not in the ledger.
    """
    moves = list(moves)
    voided = frozenset[int]().union(*(move.voids for move in moves))
    if unknown := voided - {move.seq for move in moves}:
        raise ValueError(f"the ledger undoes moves that it does not hold: {sorted(unknown)}")
    return [m for m in moves if not m.voids and m.seq not in voided and not m.migration]


def visits(
    moves: Iterable[Move],
    created_at: datetime,
    *,
    first: Place,
    history_from: datetime | None = None,
) -> list[Visit]:
    """Every stay of one item, oldest first; the last one is open.

    `moves` stand in the order of the log, `first` is where the item was created. A move back is a
    new stay, a skipped stage is none. Where an import tells nothing before `history_from`, the
    first stay begins there. A migration does not end a stay: it goes on under the old name.
    Clocks of two machines may disagree; a move dated before the one it follows counts as made
    at the same moment.
    """
    stays: list[Visit] = []
    here, since = first, history_from or created_at
    for move in standing(moves):
        at = max(move.at, since)
        stays.append(Visit(here.stage, here.kind, since, at, here.name))
        here, since = move.target, at
    return [*stays, Visit(here.stage, here.kind, since, None, here.name)]


def time_in_stage(stays: Sequence[Visit], now: datetime) -> dict[Hashable, timedelta]:
    """The sum of all stays in each stage, the current one up to `now`, in order of first entry.

    The values add up to `now` − creation, exactly. A `now` before the last move counts as that
    move's moment. A stage never visited has no entry: there is nothing to say about it.
    """
    totals: dict[Hashable, timedelta] = {}
    for stay in stays:
        totals[stay.stage] = totals.get(stay.stage, timedelta(0)) + stay.lasted(now)
    return totals
