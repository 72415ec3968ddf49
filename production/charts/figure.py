"""A chart with everything around it: what it shows, how it was measured, the table view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from production.charts.frame import HALF, NARROW, Size
from production.charts.svg import Drawn
from production.charts.table import Table


class Chart(Protocol):
    """Whatever can be drawn at a size, under a key that no other picture of the page has."""

    def draw(self, key: str, size: Size, /) -> Drawn: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """`title` says what the chart shows, `note` how it is measured; `foot` stands below.

    Without a chart, `empty` says why there is none. The picture is drawn twice: for a desk and
    for a phone; the page shows the one that has room. `over_time` charts get a cross-hair.
    """

    key: str
    title: str
    note: str = ""
    chart: Chart | None = None
    table: Table | None = None
    foot: str = ""
    empty: str = ""
    size: Size = HALF
    narrow_size: Size = NARROW
    over_time: bool = True

    @property
    def wide(self) -> Drawn | None:
        return self.chart.draw(self.key, self.size) if self.chart else None

    @property
    def narrow(self) -> Drawn | None:
        return self.chart.draw(f"{self.key}-n", self.narrow_size) if self.chart else None
