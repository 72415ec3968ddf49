"""The cumulative flow diagram, and work in progress over time, per local day end.

Replayed from the log and never forced to rise: a card that goes back is no longer that far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from production.flow.kinds import DELIVERY, KINDS, reaches
from production.flow.period import Period
from production.flow.pieces import Piece, Spell, by_item, progress_of
from production.flow.throughput import Day

OUT = "out"
# The kinds before publication, then everything that is out.
LADDER: tuple[str, ...] = (*(kind for kind in KINDS if not reaches(kind, DELIVERY)), OUT)

Change = tuple[date, int, int]


@dataclass(frozen=True, slots=True)
class DayEnd:
    """How many items stood on each rung of the ladder or a higher one when the day ended."""

    day: date
    reached: tuple[int, ...]


def cfd(
    pieces: Iterable[Piece], period: Period, ladder: Sequence[Hashable] = LADDER
) -> list[DayEnd]:
    """Per local day end, the items on rung k of the ladder or above, for every k.

    The ladder holds kinds, or stages in the order of the board; its last rung is OUT. A stage
    that is skipped counts as passed when the later one is entered. What is out stays out, moved
    back or archived; what is archived before that leaves. The day that is not over ends now.
    Raises ValueError for a piece that has no rung.
    """
    rungs = {rung: index for index, rung in enumerate(ladder)}
    changes: list[Change] = []
    for piece in pieces:
        if piece.archived and not piece.is_out:
            continue
        index = _rung(piece, rungs)
        changes.append((period.day_of(piece.entered_at), index, 1))
        if piece.left_at is not None:
            changes.append((period.day_of(piece.left_at), index, -1))
    return cumulative(changes, period, len(ladder))


def cumulative(changes: Iterable[Change], period: Period, rungs: int) -> list[DayEnd]:
    """The diagram from (local day, rung, items that came less those that went) in any order.

    Changes before the period are where it begins; those after it do not count.
    """
    sums: Counter[tuple[date, int]] = Counter()
    for day, rung, change in changes:
        sums[max(day, period.start), rung] += change
    here = [0] * rungs
    ends = []
    for day in period.days:
        here = [count + sums[day, rung] for rung, count in enumerate(here)]
        reached = tuple(accumulate(reversed(here)))[::-1]
        ends.append(DayEnd(day, reached))
    return ends


def wip(pieces: Iterable[Piece], period: Period) -> list[Day]:
    """Work in progress at each local day end; `pieces` are all those of the items, in any order."""
    return wip_of((spell for own in by_item(pieces) for spell in progress_of(own)), period)


def wip_of(spells: Iterable[Spell], period: Period) -> list[Day]:
    """The same from the spells in which items were in progress; None is an open end."""
    changes: list[Change] = []
    for began, ended in spells:
        changes.append((period.day_of(began), 0, 1))
        if ended is not None:
            changes.append((period.day_of(ended), 0, -1))
    return [Day(end.day, end.reached[0]) for end in cumulative(changes, period, 1)]


def _rung(piece: Piece, rungs: dict[Hashable, int]) -> int:
    if piece.is_out:
        return rungs[OUT]
    found = rungs.get(piece.stage, rungs.get(piece.kind))
    if found is None:
        raise ValueError(f"{piece.stage!r} ({piece.kind}) is not on the ladder")
    return found
