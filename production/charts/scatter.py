"""Points over time, each a link to what it stands for; where they are too many, shaded bins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from production.charts.frame import (
    Frame,
    Level,
    Size,
    Write,
    left_margin,
    levels,
    right_margin,
    under_axis,
    vertical_axis,
)
from production.charts.labels import Box, beside
from production.charts.scales import Linear, Time, mondays
from production.charts.svg import Drawn, box, drawing, hit, joined, mark, rule, words

LABELLED = 5
SHADES = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One thing at one moment. `say` names it in full, `label` is its short name beside it."""

    at: datetime
    value: float
    say: str
    href: str
    label: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Bin:
    """So many things between two moments and two values."""

    start: datetime
    end: datetime
    low: float
    high: float
    count: int
    say: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points by moment and value, or bins of them, the darker the more.

    Points above the highest tick are arrows at the upper edge. `write_day` words a Monday, in
    short when told so.
    """

    title: str
    desc: str
    points: Sequence[Point]
    start: datetime
    end: datetime
    zone: tzinfo
    ticks: Sequence[float]
    write: Write
    write_day: Callable[[datetime, bool], str]
    lines: Sequence[Level] = ()
    bins: Sequence[Bin] = ()

    def draw(self, key: str, size: Size) -> Drawn:
        texts = [self.write(tick) for tick in self.ticks]
        ends = [(size.narrow and each.short) or each.text for each in self.lines]
        frame = Frame(left_margin(texts), 14, size.width - right_margin(ends), size.height - 26)
        x = Time(self.start, self.end, frame.left + 8, frame.right - 8)
        y = Linear(0, self.ticks[-1], frame.bottom, frame.top)
        days = mondays(self.start, self.end, self.zone, 3 if size.narrow else 6)
        return drawing(
            key,
            self.title,
            self.desc,
            size.width,
            size.height,
            vertical_axis(frame, self.ticks, y, texts),
            joined(rule(x(day), frame.bottom, x(day), frame.bottom + 5, "axis") for day in days),
            under_axis(frame, [(x(day), self.write_day(day, size.narrow)) for day in days]),
            self._bins(x, y),
            levels(frame, self.lines, y, short=size.narrow),
            self._points(x, y),
            self._labels(frame, x, y, size),
            links=bool(self.points),
        )

    def _points(self, x: Time, y: Linear) -> Drawn:
        return joined(
            hit(
                each.say,
                mark(x(each.at), y(each.value), self._shape(each), "late" if each.bad else "point"),
                href=each.href,
            )
            for each in sorted(self.points, key=lambda point: point.at)
        )

    def _shape(self, point: Point) -> str:
        if point.value > self.ticks[-1]:
            return "arrow"
        return "diamond" if point.bad else "dot"

    def _labels(self, frame: Frame, x: Time, y: Linear, size: Size) -> Drawn:
        """The names of the worst few, where there is room."""
        worst = sorted((p for p in self.points if p.bad), key=lambda p: -p.value)
        worst = worst[: 3 if size.narrow else LABELLED]
        named = {id(p) for p in worst}
        taken = [_around(x(p.at), y(p.value)) for p in self.points if id(p) not in named]
        taken += [
            Box(frame.left, y(each.value) - 2, frame.right, y(each.value) + 2)
            for each in self.lines
        ]
        wanted = [(n, x(p.at), y(p.value), p.label) for n, p in enumerate(worst)]
        return joined(
            words(place.x, place.y, worst[place.index].label, "t", place.anchor)
            for place in beside(
                wanted, taken, Box(frame.left, frame.top - 12, frame.right, frame.bottom)
            )
        )

    def _bins(self, x: Time, y: Linear) -> Drawn:
        most = max((each.count for each in self.bins), default=1)
        return joined(
            hit(
                each.say,
                box(
                    x(each.start),
                    y(each.high),
                    x(each.end) - x(each.start) - 0.5,
                    y(each.low) - y(each.high) - 0.5,
                    f"heat{min(int(SHADES * (each.count / most) ** 0.5), SHADES - 1) + 1}",
                ),
            )
            for each in self.bins
        )


def _around(x: float, y: float) -> Box:
    return Box(x - 5, y - 5, x + 5, y + 5)
