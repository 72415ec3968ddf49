"""Columns of points against bands of their own: work in progress by stage and age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from production.charts import labels
from production.charts.frame import LINE, Frame, Size, Write, left_margin, vertical_axis
from production.charts.scales import Bands, Linear
from production.charts.svg import Drawn, box, drawing, hit, joined, mark, rule, words

LABELLED = 12


@dataclass(frozen=True, slots=True)
class Dot:
    """One item. `state` is "" or "warn" or "bad"; each has a shape of its own."""

    value: float
    say: str
    href: str
    label: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A column: its points, and its bands as (value, words) from the lowest up; maybe none."""

    name: str
    text: str
    bands: Sequence[tuple[float, str]]
    dots: Sequence[Dot]


@dataclass(frozen=True, slots=True)
class Strips:
    """Columns on one scale. Points above the highest tick are arrows at its edge."""

    title: str
    desc: str
    strips: Sequence[Strip]
    ticks: Sequence[float]
    write: Write

    def draw(self, key: str, size: Size) -> Drawn:
        texts = [self.write(tick) for tick in self.ticks]
        frame = Frame(left_margin(texts), 14, size.width - 2, size.height - 40)
        columns = Bands(len(self.strips), frame.left, frame.right, 0.06)
        y = Linear(0, self.ticks[-1], frame.bottom, frame.top)
        return drawing(
            key,
            self.title,
            self.desc,
            size.width,
            size.height,
            vertical_axis(frame, self.ticks, y, texts),
            joined(
                self._bands(each, columns.left(n), columns.width, y, size)
                for n, each in enumerate(self.strips)
            ),
            joined(
                self._dots(each, columns.left(n), columns.width, y, frame, size)
                for n, each in enumerate(self.strips)
            ),
            joined(
                self._names(each, columns.middle(n), columns.step, frame)
                for n, each in enumerate(self.strips)
            ),
            links=any(each.dots for each in self.strips),
        )

    def _bands(self, strip: Strip, left: float, width: float, y: Linear, size: Size) -> Drawn:
        found, below = [], 0.0
        for n, (value, _) in enumerate(strip.bands):
            found.append(box(left, y(value), width, y(below) - y(value), f"zone{n + 1}"))
            below = max(below, value)
        if size.narrow:
            return joined(found)
        places = labels.spread(
            [y(value) for value, _ in strip.bands], 11, y(self.ticks[-1]) - 4, y(0)
        )
        for place, (value, text) in zip(places, strip.bands, strict=True):
            found.append(rule(left, y(value), left + width, y(value), "zone-line"))
            found.append(words(left + width - 3, place - 2, text, "tiny", "end"))
        return joined(found)

    def _dots(
        self, strip: Strip, left: float, width: float, y: Linear, frame: Frame, size: Size
    ) -> Drawn:
        dots = sorted(strip.dots, key=lambda dot: -dot.value)
        places = _beside(dots, left + min(14, width / 4), width, y)
        marks = [
            hit(dot.say, mark(x, place, self._shape(dot), _kind(dot)), href=dot.href)
            for dot, (x, place) in zip(dots, places, strict=True)
        ]
        if size.narrow and width < 56:
            wanted: list[tuple[int, float, float, str]] = []
        else:
            shown = sorted(range(len(dots)), key=lambda n: (not dots[n].state, -dots[n].value))
            wanted = [(n, *places[n], dots[n].label) for n in shown[:LABELLED]]
        taken = [labels.Box(x - 4, place - 4, x + 4, place + 4) for x, place in places]
        if not size.narrow:
            taken += [
                labels.Box(
                    left + width - 3 - labels.width(text, 10.5),
                    y(value) - 12,
                    left + width,
                    y(value),
                )
                for value, text in strip.bands
            ]
        area = labels.Box(left, frame.top - 12, left + width, frame.bottom)
        return joined(
            [
                *marks,
                *(
                    words(
                        place.x,
                        place.y,
                        dots[place.index].label,
                        "lab halo" if dots[place.index].state else "t halo",
                        place.anchor,
                    )
                    for place in labels.beside(wanted, taken, area)
                ),
            ]
        )

    def _shape(self, dot: Dot) -> str:
        if dot.value > self.ticks[-1]:
            return "arrow"
        return "diamond" if dot.state == "bad" else "dot"

    def _names(self, strip: Strip, middle: float, step: float, frame: Frame) -> Drawn:
        name = labels.shortened(strip.name, step - 4)
        text = labels.shortened(strip.text, step - 4)
        return joined(
            [
                words(middle, frame.bottom + LINE, name, "lab", "middle"),
                words(middle, frame.bottom + 2 * LINE, text, "t", "middle"),
            ]
        )


def _kind(dot: Dot) -> str:
    return {"bad": "late", "warn": "tight"}.get(dot.state, "point")


def _beside(dots: Sequence[Dot], left: float, width: float, y: Linear) -> list[tuple[float, float]]:
    """Where the points lie: those of nearly one age step to the right, round again when full."""
    found: list[tuple[float, float]] = []
    steps = max(int((width - 24) / 10), 1)
    shift = 0
    for dot in dots:
        place = y(dot.value)
        shift = (shift + 1) % steps if found and abs(found[-1][1] - place) < 7 else 0
        found.append((left + shift * 10, place))
    return found
