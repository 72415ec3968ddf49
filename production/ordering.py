"""The order of cards within a stage: whole numbers with room between them.

A card dropped between two others takes the number half way; when two neighbours have no number
between them, all cards of the stage move to fresh numbers (`seat` says which).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP = 65_536
LARGEST = 2**63 - 1  # what the database column holds


@dataclass(frozen=True, slots=True)
class Seat:
    """The rank of the placed card, and new ranks for all the others when room had run out.

    `others` is None when nobody has to move; else it has one rank for each of the others, in
    their order, none of which any card of the stage has at present.
    """

    rank: int
    others: tuple[int, ...] | None = None


def seat(ranks: Sequence[int], index: int, *, also_taken: Sequence[int] = ()) -> Seat:
    """The rank that puts a card after `index` of the given ranks, which are rising.

    When there is no room between the neighbours, everyone gets a rank in a fresh range, so that
    at no moment of the change two cards share one; `also_taken` are ranks that fresh ones must keep
    clear of as well, such as the one the card leaves. Raises ValueError when `ranks` do not rise,
    IndexError when `index` is not a place among them.
    """
    if any(upper >= lower for upper, lower in pairwise(ranks)):
        raise ValueError("the ranks of a stage must rise from top to bottom")
    if not 0 <= index <= len(ranks):
        raise IndexError(f"place {index} in a stage of {len(ranks)} cards")
    above = ranks[index - 1] if index else None
    below = ranks[index] if index < len(ranks) else None
    if (rank := between(above, below)) is not None:
        return Seat(rank)
    taken = [*ranks, *also_taken]
    fresh = spread(len(ranks) + 1, occupied=(min(taken), max(taken)))
    return Seat(fresh.pop(index), tuple(fresh))


def between(above: int | None, below: int | None) -> int | None:
    """A rank between two neighbours, or None when there is no room left.

    None for a neighbour means there is none: the top or the bottom of the stage.
    """
    if above is None and below is None:
        return 0
    if above is None:
        return _held(below - GAP)  # type: ignore[operator]
    if below is None:
        return _held(above + GAP)
    middle = (above + below) // 2
    return middle if above < middle < below else None


def spread(count: int, *, occupied: tuple[int, int] | None = None) -> list[int]:
    """`count` rising ranks with a gap between them, all outside the occupied range.

    Of the two sides of `occupied` (lowest and highest rank in use) it takes the one nearer to
    zero, so that ranks do not wander off however often a stage is spread.
    """
    if occupied is None:
        return [GAP * n for n in range(count)]
    lowest, highest = occupied
    over = [highest + GAP * n for n in range(1, count + 1)]
    under = [lowest - GAP * n for n in range(count, 0, -1)]
    nearer = min(over, under, key=lambda ranks: max(map(abs, ranks), default=0))
    if any(_held(rank) is None for rank in nearer):
        raise OverflowError(f"no room for {count} ranks beside {lowest} to {highest}")
    return nearer


def _held(rank: int) -> int | None:
    return rank if abs(rank) <= LARGEST else None
