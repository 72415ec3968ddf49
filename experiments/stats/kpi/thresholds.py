"""A line that a KPI must not cross: when that opens an action, and when it is over.

Fires on certainty or on persistence and clears only at the baseline, so that a KPI that trembles
about the line opens one action, not ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Crossing(StrEnum):
    NONE = "none"
    FIRES = "fires"
    STAYS = "stays"
    CLEARS = "clears"


@dataclass(frozen=True, slots=True)
class Line:
    """`is_floor` when being below is bad. `at_least` is the denominator a week needs to count."""

    value: float
    baseline: float
    is_floor: bool = True
    at_least: float = 0.0


@dataclass(frozen=True, slots=True)
class Week:
    """A week's KPI, its 80 % interval and its denominator (impressions, views …)."""

    value: float
    low: float
    high: float
    n: float


@dataclass(frozen=True, slots=True)
class Crossed:
    """What happens, and the reason code: "certain", "two_weeks", "above_baseline", or ""."""

    crossing: Crossing
    reason: str = ""


def crossing(line: Line, weeks: Sequence[Week], is_open: bool) -> Crossed:
    """Judge the weeks, oldest first. `is_open` says that an action on this line is not closed.

    Fires when the last week's whole interval is beyond the line, or the last two weeks' values
    are; clears when the last week is better than the baseline. Weeks with too small an n say
    nothing.
    """
    counted = [week for week in weeks if week.n >= line.at_least]
    if not counted:
        return Crossed(Crossing.STAYS if is_open else Crossing.NONE)
    last = counted[-1]
    if is_open:
        is_over = _is_better(line, last.value, line.baseline)
        return Crossed(Crossing.CLEARS, "above_baseline") if is_over else Crossed(Crossing.STAYS)
    if _is_beyond(line, last.high if line.is_floor else last.low):
        return Crossed(Crossing.FIRES, "certain")
    if len(counted) >= 2 and all(_is_beyond(line, week.value) for week in counted[-2:]):
        return Crossed(Crossing.FIRES, "two_weeks")
    return Crossed(Crossing.NONE)


def _is_beyond(line: Line, value: float) -> bool:
    return value < line.value if line.is_floor else value > line.value


def _is_better(line: Line, value: float, than: float) -> bool:
    return value > than if line.is_floor else value < than
