"""The four phases of a cycle: which one a day lies in, and what extending one moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# Base and measurement, fast experiments, scaling, conversion (R30, R37, R43, R48): last days.
USUAL = (14, 42, 70, 90)
DAYS = 90


@dataclass(frozen=True, slots=True)
class Place:
    """Where a day lies in a cycle. `day` 1 is the first; `phase` counts from 1."""

    day: int
    days: int
    phase: int

    @property
    def left(self) -> int:
        """Days after this one."""
        return self.days - self.day


def place(starts_on: date, ends: Sequence[int], today: date) -> Place | None:
    """Where `today` lies; None before the first day and after the last.

    `ends` are the last days of the phases, rising, counted from 1.
    """
    day = (today - starts_on).days + 1
    if not ends or not 1 <= day <= ends[-1]:
        return None
    phase = next(number for number, last in enumerate(ends, start=1) if day <= last)
    return Place(day, ends[-1], phase)


def spans(ends: Sequence[int]) -> list[tuple[int, int]]:
    """First and last day of each phase."""
    begins = [1, *(last + 1 for last in ends[:-1])]
    return list(zip(begins, ends, strict=True))


def extended(ends: Sequence[int], phase: int, by_days: int) -> tuple[int, ...]:
    """The last days when `phase` is longer by `by_days` at the cost of the phases after it.

    The cycle keeps its length: what follows gives up days from its end backwards, and each phase
    keeps one day. Raises ValueError when there is not that much to give.
    """
    if by_days < 1 or not 1 <= phase < len(ends):
        raise ValueError("Only a phase with another one after it can be extended.")
    found = list(ends)
    found[phase - 1] += by_days
    for index in range(phase, len(found) - 1):
        found[index] = max(found[index], found[index - 1] + 1)
    if found[-2] >= found[-1]:
        raise ValueError("The phases after it do not have that many days.")
    return tuple(found)
