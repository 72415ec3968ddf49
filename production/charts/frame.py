"""The paper of a chart: how large it is, its margins, its two axes with their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from production.charts import labels
from production.charts.svg import Drawn, box, joined, rule, words

Write = Callable[[float], str]
LINE = 16.0


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture is drawn, in CSS pixels. `narrow` is the one for a phone."""

    width: float
    height: float
    narrow: bool = False


FULL, HALF, NARROW = Size(880, 400), Size(640, 300), Size(328, 280, narrow=True)


@dataclass(frozen=True, slots=True)
class Frame:
    """The place for the marks inside a picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> labels.Box:
        return labels.Box(self.left, self.top, self.right, self.bottom)


@dataclass(frozen=True, slots=True)
class Level:
    """A line across the chart with its words: a target (dashed) or a percentile."""

    value: float
    text: str
    kind: str = "target"
    short: str = ""


def left_margin(texts: Iterable[str]) -> float:
    """Room for the words of the vertical axis."""
    return max((labels.width(each) for each in texts), default=0.0) + 10


def right_margin(texts: Iterable[str]) -> float:
    """Room for labels at the end of lines."""
    widest = max((labels.width(each) for each in texts), default=0.0)
    return widest + 12 if widest else 8.0


def vertical_axis(
    frame: Frame, ticks: Sequence[float], place: Callable[[float], float], texts: Sequence[str]
) -> Drawn:
    """Hairlines across the chart with their values at the left, the zero line a little darker."""
    return joined(
        joined(
            [
                rule(
                    frame.left, place(tick), frame.right, place(tick), "axis" if n == 0 else "grid"
                ),
                words(frame.left - 6, place(tick) + 4, text, "t", "end"),
            ]
        )
        for n, (tick, text) in enumerate(zip(ticks, texts, strict=True))
    )


def under_axis(frame: Frame, at: Iterable[tuple[float, str]], line: int = 1) -> Drawn:
    """Words under the chart, centred on their places, kept inside the picture, none on another."""
    found: list[Drawn] = []
    free_from = 0.0
    for x, text in at:
        half = labels.width(text) / 2
        x = min(max(x, half), max(frame.right, half) + 4 if half < 40 else frame.right)
        if x - half >= free_from:
            found.append(words(x, frame.bottom + LINE * line + 2, text, "t", "middle"))
            free_from = x + half + 6
    return joined(found)


def levels(
    frame: Frame, lines: Sequence[Level], place: Callable[[float], float], *, short: bool = False
) -> Drawn:
    """The lines across, each with its words at the right end, moved apart where they are close."""
    ends = labels.spread([place(each.value) for each in lines], LINE - 1, frame.top, frame.bottom)
    return joined(
        joined(
            [
                rule(frame.left, place(each.value), frame.right, place(each.value), each.kind),
                words(frame.right + 6, end + 4, (short and each.short) or each.text, "lab"),
            ]
        )
        for each, end in zip(lines, ends, strict=True)
    )


def key(x: float, y: float, entries: Sequence[tuple[str, str]], most: float) -> tuple[Drawn, float]:
    """Little squares with their words in rows of at most `most` pixels, and where the rows end."""
    found, left = [], x
    for kind, text in entries:
        wide = 16 + labels.width(text) + 16
        if left > x and left + wide > x + most:
            left, y = x, y + LINE + 2
        found += [box(left, y - 9, 10, 10, kind), words(left + 16, y, text, "t")]
        left += wide
    return joined(found), y
