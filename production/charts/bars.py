"""Upright bars over days: how many a day, days with none written as 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from production.charts.frame import Frame, Size, Write, left_margin, under_axis, vertical_axis
from production.charts.scales import Bands, Linear
from production.charts.svg import Drawn, box, drawing, hit, joined, words

ZEROS_SHOWN = 45


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `open` is a stretch that is not over yet: hatched."""

    value: float
    say: str
    href: str | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars in order. `marks` are (index, words) under the axis."""

    title: str
    desc: str
    bars: Sequence[Bar]
    marks: Sequence[tuple[int, str]]
    ticks: Sequence[float]
    write: Write

    def draw(self, key: str, size: Size) -> Drawn:
        texts = [self.write(tick) for tick in self.ticks]
        frame = Frame(left_margin(texts), 14, size.width - 8, size.height - 26)
        bands = Bands(len(self.bars), frame.left, frame.right, 0.28 if len(self.bars) < 60 else 0.1)
        y = Linear(0, self.ticks[-1], frame.bottom, frame.top)
        zeros = len(self.bars) <= (31 if size.narrow else ZEROS_SHOWN)
        return drawing(
            key,
            self.title,
            self.desc,
            size.width,
            size.height,
            hatch(key),
            vertical_axis(frame, self.ticks, y, texts),
            under_axis(frame, [(bands.left(n), text) for n, text in self.marks]),
            joined(
                hit(
                    bar.say,
                    box(
                        bands.start + bands.step * n,
                        frame.top,
                        bands.step,
                        frame.bottom - frame.top,
                        "hit-area",
                    ),
                    _bar(key, bar, bands.left(n), bands.width, y, frame),
                    words(bands.middle(n), frame.bottom - 5, "0", "tiny", "middle")
                    if zeros and not bar.value
                    else None,
                    href=bar.href,
                )
                for n, bar in enumerate(self.bars)
            ),
            links=any(bar.href for bar in self.bars),
        )


def hatch(key: str) -> Drawn:
    """The pattern of what waits or is not over, for `fill="url(#…)"` inside the same picture."""
    return Drawn(
        f'<defs><pattern id="{key}-hatch" width="5" height="5" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="hatch-ground" width="5" height="5"/>'
        '<line class="hatch-line" x1="0" y1="0" x2="0" y2="5"/></pattern></defs>'
    )


def _bar(key: str, bar: Bar, left: float, width: float, y: Linear, frame: Frame) -> Drawn | None:
    if not bar.value:
        return None
    top = y(bar.value)
    if bar.open:
        return box(left, top, width, frame.bottom - top, "outlined", fill=f"url(#{key}-hatch)")
    return box(left, top, width, frame.bottom - top, "active")
