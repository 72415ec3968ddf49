"""What went out in the weeks of a phase, counted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Span = tuple[date, date]  # first and last day


@dataclass(frozen=True, slots=True)
class Out:
    """One piece that is out."""

    day: date
    channel: int | None
    is_primary: bool
    is_proven: bool = False
    is_test: bool = False
    is_new: bool = False
    kind: str = ""


def weeks_of(first: date, last: date) -> list[Span]:
    """Seven days at a time from the first day; what is left over at the end belongs to the last."""
    count = max(((last - first).days + 1) // 7, 1)
    begins = [first + timedelta(days=7 * n) for n in range(count)]
    ends = [day - timedelta(days=1) for day in begins[1:]]
    return list(zip(begins, [*ends, last], strict=True))


def with_enough(
    pieces: Collection[Out], weeks: Sequence[Span], least: int, counts: Callable[[Out], bool]
) -> int:
    """In how many weeks at least so many count."""
    return sum(
        sum(begins <= each.day <= ends and counts(each) for each in pieces) >= least
        for begins, ends in weeks
    )


def with_share(
    pieces: Collection[Out], weeks: Sequence[Span], share: float, counts: Callable[[Out], bool]
) -> int:
    """In how many weeks at least this share of what went out counts; none in an empty week."""
    found = 0
    for begins, ends in weeks:
        here = [each for each in pieces if begins <= each.day <= ends]
        found += bool(here) and sum(map(counts, here)) >= share * len(here) - 1e-9
    return found
