"""Lead time by ISO week of publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from production.flow.period import DAY, Period, monday
from production.flow.published import Delivery, Figures, figures
from production.flow.times import TARGET


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO 8601 week: its figures (None under FEWEST items) and its items, oldest first.

    `whole` is false where the period has only some days of the week.
    """

    monday: date
    figures: Figures
    items: tuple[Delivery, ...]
    whole: bool

    @property
    def year(self) -> int:
        """The ISO year, which may differ from that of the Monday."""
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        """1 to 53."""
        return self.monday.isocalendar().week


def trend(deliveries: Iterable[Delivery], period: Period, target: timedelta = TARGET) -> list[Week]:
    """Every ISO week of the period, oldest first, weeks without items included.

    The day of a publication is the local day of the period's zone; items outside it are left out.
    """
    weeks: dict[date, list[Delivery]] = defaultdict(list)
    for each in sorted(deliveries, key=lambda each: (each.published_at, each.id)):
        if each.published_at in period:
            weeks[monday(period.day_of(each.published_at))].append(each)
    return [
        Week(
            monday=first,
            figures=figures(weeks[first], target),
            items=tuple(weeks[first]),
            whole=period.start <= first and first + 6 * DAY <= period.end,
        )
        for first in period.weeks
    ]
