"""Bars that lie, cut into the stretches a duration is made of: active, waiting, blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from production.charts.bars import hatch
from production.charts.frame import LINE, Level, Size, key
from production.charts.labels import shortened, width
from production.charts.scales import Linear
from production.charts.svg import Drawn, box, drawing, hit, joined, rule, words

HEIGHT = 28.0


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one kind (active, waiting, blocked) inside a piece; `text` may stand on it."""

    value: float
    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A named stretch, a stage, and its parts in order."""

    name: str
    text: str
    say: str
    parts: Sequence[Part]

    @property
    def value(self) -> float:
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar: its name, its whole in words, its pieces."""

    name: str
    text: str
    pieces: Sequence[Piece]

    @property
    def value(self) -> float:
        return sum(piece.value for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Shares:
    """Bars under each other on one scale, with a line for the target and the key of the kinds."""

    title: str
    desc: str
    stacks: Sequence[Stack]
    kinds: Sequence[tuple[str, str]]
    target: Level | None = None

    def draw(self, key_: str, size: Size) -> Drawn:
        most = max(
            [stack.value for stack in self.stacks] + ([self.target.value] if self.target else [])
        )
        x = Linear(0, most * 1.02 or 1, 0, size.width - 1)
        marks, y = [], 12.0 if self.target is None else 36.0
        tops = []
        for n, stack in enumerate(self.stacks):
            drawn, below = _stack(f"{key_}-{n}", stack, x, y, size)
            marks.append(drawn)
            tops.append(y + 10)
            y = below + 20
        entries, end = key(
            0, y + 6, [(f"key-{kind}", text) for kind, text in self.kinds], size.width
        )
        return drawing(
            key_,
            self.title,
            self.desc,
            size.width,
            end + 8,
            joined(hatch(f"{key_}-{n}") for n in range(len(self.stacks))),
            joined(marks),
            self._target(x, tops),
            entries,
        )

    def _target(self, x: Linear, tops: Sequence[float]) -> Drawn | None:
        """The line across each bar, its words above them all: it runs through no other words."""
        if self.target is None:
            return None
        place, wide = x(self.target.value), width(self.target.text)
        fits = place + wide / 2 < x.end and place > wide / 2
        anchor = "middle" if fits else "end" if place > wide else "start"
        return joined(
            [
                words(place, 12, self.target.text, "lab", anchor),
                rule(place, 16, place, 21, "target"),
                *(rule(place, top - 5, place, top + HEIGHT + 5, "target over") for top in tops),
            ]
        )


def _stack(key_: str, stack: Stack, x: Linear, y: float, size: Size) -> tuple[Drawn, float]:
    """The bar with its name above and the names of its pieces below, and where it ends."""
    top = y + 10
    found: list[object] = [words(0, y + 2, f"{stack.name} · {stack.text}", "lab")]
    at, rows = 0.0, [-8.0, -8.0]
    deepest = 0
    for piece in stack.pieces:
        if not piece.value:
            continue
        begin, end = x(at), x(at + piece.value)
        found.append(
            hit(
                piece.say,
                *_parts(key_, piece, x, at, top),
                box(begin, top, end - begin, HEIGHT, "hit-area"),
            )
        )
        wide = max(width(piece.name), width(piece.text)) + 8
        # Small pieces beside each other tell their names in two rows, or only when pointed at.
        row = next(
            (n for n, free in enumerate(rows) if begin >= free and begin + wide <= size.width + 8),
            None,
        )
        if row is not None and (end - begin > 12 or wide < 2 * (end - begin)):
            below = top + HEIGHT + LINE + row * (2 * LINE + 2)
            if row:
                found.append(rule(begin + 0.5, top + HEIGHT, begin + 0.5, below - 10, "tick"))
            found += [
                words(begin, below, piece.name, "t"),
                words(begin, below + LINE - 1, piece.text, "lab"),
            ]
            rows[row] = begin + wide
            deepest = max(deepest, row)
        at += piece.value
    return joined(found), top + HEIGHT + (deepest + 1) * (2 * LINE + 2)


def _parts(key_: str, piece: Piece, x: Linear, at: float, top: float) -> list[Drawn]:
    found = []
    for part in piece.parts:
        begin, end = x(at), x(at + part.value)
        wide = end - begin - 1
        if part.kind == "waiting":
            found.append(box(begin, top, wide, HEIGHT, "outlined", fill=f"url(#{key_}-hatch)"))
        else:
            found.append(box(begin, top, wide, HEIGHT, part.kind))
        text = shortened(part.text, wide - 6)
        if text and text == part.text:
            found.append(words(begin + wide / 2, top + HEIGHT / 2 + 4, text, "on", "middle"))
        at += part.value
    return found
