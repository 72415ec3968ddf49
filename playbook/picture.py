"""The lift of a level as a small picture in a table, and the axis at the table's head."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from experiments.verdictwords import lift
from playbook.models import PooledLevel
from production.charts.scales import Linear
from production.charts.svg import Drawn, drawing, joined, mark, rule, words

WIDTH, HEIGHT, MARGIN = 252.0, 32.0, 20.0
WIDEST = 1.0  # what lies beyond +100 % is cut
_STEPS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
_TONES = {"proven": " cig", "losing": " cib"}


@dataclass(frozen=True, slots=True)
class Axis:
    """The common scale of all lifts on a page."""

    ticks: Sequence[float]

    @property
    def place(self) -> Linear:
        return Linear(self.ticks[0], self.ticks[-1], MARGIN, WIDTH - MARGIN)

    def draw(self) -> Drawn:
        """The head of the column."""
        marks = [words(self.place(each), 12, lift(each), "t", "middle") for each in self.ticks]
        desc = _("From %(low)s to %(high)s") % {
            "low": lift(self.ticks[0]), "high": lift(self.ticks[-1]),
        }  # fmt: skip
        return drawing("axis", _("Axis of the lift"), desc, WIDTH, 16, *marks)


def axis_of(rows: Sequence[PooledLevel]) -> Axis:
    """Round lifts around every interval, 0 among them."""
    low = max(min([0.0, *(row.low95 for row in rows)]), -WIDEST)
    high = min(max([0.0, *(row.high95 for row in rows)]), WIDEST)
    step = next((s for s in _STEPS if (high - low) / s <= 5), _STEPS[-1])
    first = min(math.floor(low / step + 1e-9), -1)
    last = max(math.ceil(high / step - 1e-9), 1)
    return Axis([round(n * step, 4) for n in range(first, last + 1)])


def draw(row: PooledLevel, name: str, axis: Axis) -> Drawn:
    """Thin: 95 %, thick: 80 %, ring: the best guess."""
    place, tone, middle = axis.place, _TONES.get(row.label, ""), HEIGHT / 2
    grid = [
        rule(place(each), 0, place(each), HEIGHT, "grid" if each else "zero") for each in axis.ticks
    ]

    def at(value: float) -> float:
        return place(min(max(value, axis.ticks[0]), axis.ticks[-1]))

    title = _("%(level)s: pooled lift %(lift)s") % {"level": name, "lift": lift(row.lift)}
    desc = _("80 %% interval %(low80)s to %(high80)s, 95 %% interval %(low95)s to %(high95)s") % {
        part: lift(getattr(row, part)) for part in ("low80", "high80", "low95", "high95")
    }
    return drawing(
        f"pool-{row.pk}", title, desc, WIDTH, HEIGHT, joined(grid),
        rule(at(row.low95), middle, at(row.high95), middle, f"ci{tone}"),
        rule(at(row.low80), middle, at(row.high80), middle, f"ci80{tone}"),
        mark(at(row.lift), middle, "dot", "est", 4.5),
    )  # fmt: skip
