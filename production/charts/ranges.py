"""Ranges: what is likely, as lines. By thing (a forest plot) and by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from production.charts import labels
from production.charts.frame import Frame, Size, Write, left_margin, under_axis
from production.charts.scales import Bands, Linear, evenly
from production.charts.svg import Drawn, drawing, hit, joined, mark, rule, words


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high (None: open), the point measured; `tone` is "", good or bad."""

    name: str
    say: str
    low: float | None = None
    high: float | None = None
    point: float | None = None
    text: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Forest:
    """One line for each thing on a common axis; `ticks` from the lowest to the highest."""

    title: str
    desc: str
    ranges: Sequence[Range]
    ticks: Sequence[float]
    write: Write

    def draw(self, key: str, size: Size) -> Drawn:
        step = 44.0
        left = 0.0 if size.narrow else min(size.width * 0.42, 300.0)
        right = 8.0 if size.narrow else max(labels.width(each.text) for each in self.ranges) + 14
        frame = Frame(left + 8, 8, size.width - right, 8 + step * len(self.ranges))
        place = Linear(self.ticks[0], self.ticks[-1], frame.left, frame.right)
        lines = [
            rule(place(tick), frame.top, place(tick), frame.bottom, "axis" if tick == 0 else "grid")
            for tick in self.ticks
        ]
        rows = [
            self._row(each, frame.top + step * (n + 0.5), frame, place, size)
            for n, each in enumerate(self.ranges)
        ]
        axis = under_axis(frame, [(place(tick), self.write(tick)) for tick in self.ticks])
        height = frame.bottom + 26
        return drawing(
            key, self.title, self.desc, size.width, height, joined(lines), joined(rows), axis
        )

    def _row(self, each: Range, y: float, frame: Frame, place: Linear, size: Size) -> Drawn:
        room = size.width - 4 if size.narrow else frame.left - 16
        name = labels.shortened(each.name, room)
        named = words(0, y - 10 if size.narrow else y + 4, name, "lab halo")
        told = words(frame.right + 8, y + 4, each.text, "strong")
        return hit(each.say, named, _line(each, place, y), None if size.narrow else told)


@dataclass(frozen=True, slots=True)
class RangesByDay:
    """The range as it stood on each day; `hidden` days at the left are shaded, not drawn."""

    title: str
    desc: str
    ranges: Sequence[Range]
    ticks: Sequence[float]
    write: Write
    hidden: int = 0
    hidden_text: str = ""

    def draw(self, key: str, size: Size) -> Drawn:
        texts = [self.write(tick) for tick in self.ticks]
        frame = Frame(left_margin(texts), 14, size.width - 8, size.height - 24)
        columns = Bands(len(self.ranges), frame.left, frame.right, 0)
        place = Linear(self.ticks[0], self.ticks[-1], frame.bottom, frame.top)
        grid = [
            joined(
                [
                    rule(frame.left, place(tick), frame.right, place(tick),
                         "axis" if tick == 0 else "grid"),
                    words(frame.left - 6, place(tick) + 4, text, "t", "end"),
                ]
            )
            for tick, text in zip(self.ticks, texts, strict=True)
        ]  # fmt: skip
        shown = [
            hit(each.say, _upright(each, place, columns.middle(n)))
            for n, each in enumerate(self.ranges)
            if n >= self.hidden
        ]
        some = evenly(len(self.ranges), 6)
        heads = [(columns.middle(n), self.ranges[n].name) for n in some]
        note = words(frame.left + 4, frame.top + 10, self.hidden_text, "t") if self.hidden else None
        return drawing(
            key, self.title, self.desc, size.width, size.height, joined(grid), note,
            joined(shown), under_axis(frame, heads),
        )  # fmt: skip


def _line(each: Range, place: Linear, y: float) -> Drawn:
    if each.point is None:
        return Drawn("")
    low = each.low if each.low is not None else place.low
    high = each.high if each.high is not None else place.high
    return joined(
        [
            rule(place(low), y, place(high), y, f"range {each.tone}".strip()),
            mark(place(each.point), y, "dot", "estimate", 4.5),
        ]
    )


def _upright(each: Range, place: Linear, x: float) -> Drawn:
    if each.point is None:
        return Drawn("")
    low = each.low if each.low is not None else place.low
    high = each.high if each.high is not None else place.high
    return joined(
        [
            rule(x, place(low), x, place(high), f"range {each.tone}".strip()),
            mark(x, place(each.point), "dot", "estimate", 2.6),
        ]
    )
