"""Lines over columns of time: a trend by week, with gaps where there is no figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from production.charts import labels
from production.charts.frame import (
    LINE,
    Frame,
    Level,
    Size,
    Write,
    left_margin,
    right_margin,
    under_axis,
    vertical_axis,
)
from production.charts.labels import shortened
from production.charts.scales import Bands, Linear, evenly
from production.charts.svg import Drawn, box, drawing, hit, joined, mark, path, rule, words


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value for each column, None where there is none. `end` stands at its last one."""

    values: Sequence[float | None]
    name: str
    end: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of words under the columns, with its name."""

    name: str
    texts: Sequence[str]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Columns from `first` to `last` that something else is held against, shaded."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A trend. `heads` name the columns; `says` is what each of them tells when pointed at."""

    title: str
    desc: str
    heads: Sequence[str]
    says: Sequence[str]
    series: Sequence[Series]
    ticks: Sequence[float]
    write: Write
    rows: Sequence[Row] = ()
    target: Level | None = None
    basis: Stretch | None = None

    def draw(self, key: str, size: Size) -> Drawn:
        texts = [self.write(tick) for tick in self.ticks]
        ends = [self.target.text] if self.target and not size.narrow else []
        ends += [each.end for each in self.series] + [
            row.name for row in self.rows if not size.narrow
        ]
        frame = Frame(
            left=left_margin(texts),
            top=16,
            right=size.width - right_margin(ends),
            bottom=size.height - 22 - (LINE + 4) * len(self.rows) - (4 if self.rows else 0),
        )
        bands = Bands(len(self.heads), frame.left, frame.right, 0)
        widest = max((labels.width(each) for each in self.heads), default=1.0) + 8
        shown = evenly(len(self.heads), int((frame.right - frame.left) / widest))
        place = Linear(0, self.ticks[-1], frame.bottom, frame.top)
        return drawing(
            key,
            self.title,
            self.desc,
            size.width,
            size.height,
            self._basis(frame, bands),
            vertical_axis(frame, self.ticks, place, texts),
            self._target(frame, place, size),
            joined(_line(each, bands, place) for each in self.series),
            self._ends(frame, place, size),
            under_axis(frame, [(bands.middle(n), self.heads[n]) for n in shown]),
            self._rows(frame, bands, shown, size),
            joined(
                hit(
                    say,
                    box(
                        bands.start + bands.step * n,
                        frame.top,
                        bands.step,
                        frame.bottom - frame.top,
                        "hit-area",
                    ),
                )
                for n, say in enumerate(self.says)
            ),
        )

    def _basis(self, frame: Frame, bands: Bands) -> Drawn | None:
        if self.basis is None:
            return None
        left = bands.start + bands.step * self.basis.first
        wide = bands.step * (self.basis.last - self.basis.first + 1)
        text = shortened(self.basis.text, wide - 8)
        return joined(
            [
                box(left, frame.top - 16, wide, frame.bottom - frame.top + 16, "basis"),
                words(left + wide / 2, frame.top - 4, text, "t", "middle"),
            ]
        )

    def _target(self, frame: Frame, place: Linear, size: Size) -> Drawn | None:
        if self.target is None:
            return None
        y = place(self.target.value)
        line = rule(frame.left, y, frame.right, y, self.target.kind)
        if size.narrow:
            return joined([line, words(frame.left + 4, y - 5, self.target.text, "lab halo")])
        return line

    def _ends(self, frame: Frame, place: Linear, size: Size) -> Drawn:
        """The last value of each line and the target, at the right, moved apart."""
        ends: list[tuple[float, str, str]] = []
        for each in self.series:
            last = max(
                (n for n, value in enumerate(each.values) if value is not None), default=None
            )
            if last is not None and each.end:
                ends.append(
                    (place(each.values[last] or 0), each.end, "strong" if each.strong else "t")
                )
        if self.target and not size.narrow:
            ends.append((place(self.target.value), self.target.text, "lab"))
        places = labels.spread([y for y, _, _ in ends], LINE - 1, frame.top, frame.bottom)
        return joined(
            words(frame.right + 6, y + 4, text, kind)
            for y, (_, text, kind) in zip(places, ends, strict=True)
        )

    def _rows(self, frame: Frame, bands: Bands, shown: Sequence[int], size: Size) -> Drawn:
        found = []
        for number, row in enumerate(self.rows):
            y = frame.bottom + 26 + (LINE + 4) * (number + 1) - 4
            if number == 0:
                found.append(rule(0, y - 15, size.width, y - 15, "grid"))
            kind = "lab" if row.strong else "t"
            found += [words(bands.middle(n), y, row.texts[n], kind, "middle") for n in shown]
            if not size.narrow:
                found.append(words(frame.right + 6, y, row.name, kind))
        return joined(found)


def _line(series: Series, bands: Bands, place: Linear) -> Drawn:
    """The line in as many pieces as there are gaps, and its points."""
    kind = "line strong-line" if series.strong else "line"
    pieces: list[list[tuple[float, float]]] = [[]]
    for n, value in enumerate(series.values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((bands.middle(n), place(value)))
    dot = "point strong-point" if series.strong else "point"
    return joined(
        joined(
            [
                path(piece, kind) if len(piece) > 1 else "",
                *(mark(x, y, "dot", dot, 2.6) for x, y in piece),
            ]
        )
        for piece in pieces
    )
