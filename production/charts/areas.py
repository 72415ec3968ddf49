"""Stacked areas over days: the cumulative flow diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from production.charts import labels
from production.charts.frame import (
    LINE,
    Frame,
    Size,
    Write,
    left_margin,
    right_margin,
    under_axis,
    vertical_axis,
)
from production.charts.scales import Bands, Linear
from production.charts.svg import Drawn, box, drawing, hit, joined, path, words


@dataclass(frozen=True, slots=True)
class Area:
    """One layer: its upper edge for each day, and what stands beside its end."""

    upper: Sequence[float]
    name: str
    end: str


@dataclass(frozen=True, slots=True)
class Areas:
    """Layers from the top one down, each drawn over the one before it. `marks` are (day, words)."""

    title: str
    desc: str
    layers: Sequence[Area]
    marks: Sequence[tuple[int, str]]
    says: Sequence[str]
    ticks: Sequence[float]
    write: Write
    note: str = ""

    def draw(self, key: str, size: Size) -> Drawn:
        texts = [self.write(tick) for tick in self.ticks]
        right = size.width - right_margin([each.end for each in self.layers])
        frame = Frame(left_margin(texts), 14, right, size.height - 26)
        days = Bands(len(self.says), frame.left, frame.right, 0)
        y = Linear(0, self.ticks[-1], frame.bottom, frame.top)
        return drawing(
            key,
            self.title,
            self.desc,
            size.width,
            size.height,
            vertical_axis(frame, self.ticks, y, texts),
            words(frame.left + 8, frame.top + 10, self.note, "t") if self.note else None,
            joined(self._layer(n, each, frame, days, y) for n, each in enumerate(self.layers)),
            self._ends(frame, y),
            under_axis(frame, [(days.middle(n), text) for n, text in self.marks]),
            joined(
                hit(
                    say,
                    box(
                        days.start + days.step * n,
                        frame.top,
                        days.step,
                        frame.bottom - frame.top,
                        "hit-area",
                    ),
                )
                for n, say in enumerate(self.says)
            ),
        )

    def _layer(self, index: int, area: Area, frame: Frame, days: Bands, y: Linear) -> Drawn:
        edge = [(days.middle(n), y(value)) for n, value in enumerate(area.upper)]
        if not edge:
            return Drawn("")
        floor = [(edge[-1][0], frame.bottom), (edge[0][0], frame.bottom)]
        return path([*edge, *floor], f"layer layer{_shade(index, len(self.layers))}", closed=True)

    def _ends(self, frame: Frame, y: Linear) -> Drawn:
        """Beside the middle of what each layer is at the end."""
        uppers = [each.upper[-1] if each.upper else 0 for each in self.layers]
        lowers = [*uppers[1:], 0]
        middles = [y((a + b) / 2) for a, b in zip(uppers, lowers, strict=True)]
        places = labels.spread(middles, LINE - 1, frame.top, frame.bottom)
        return joined(
            words(frame.right + 6, place + 4, each.end, "lab")
            for place, each in zip(places, self.layers, strict=True)
        )


def _shade(index: int, count: int) -> int:
    """Light at the top to dark; the last one, what is out, is lightest of all: 0."""
    return 0 if index == count - 1 else min(index + 1, 5)
