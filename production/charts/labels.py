"""Labels that do not lie on each other: how wide words are, and where there is room for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SIZE = 12.0
_NARROW, _WIDE = frozenset("fijlrtI.,:;|!'()[]/ ·-\u00a0\u202f"), frozenset("mwMWGOQ%@—…≥≤")


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def width(text: str, size: float = SIZE) -> float:
    """About how wide the words are, rather too wide: the font is not known before it is chosen."""
    em = sum(0.36 if c in _NARROW else 0.9 if c in _WIDE else 0.6 for c in text)
    return em * size


def shortened(text: str, room: float, size: float = SIZE) -> str:
    """The text, cut with an ellipsis where it would be wider than the room; maybe nothing."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1].rstrip()
    return f"{text}…" if text else ""


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places moved as little as needed so that neighbours are `gap` apart, in the same order.

    They stay between low and high as long as there is room; without room they lie evenly.
    """
    order = sorted(range(len(places)), key=lambda n: places[n])
    if not order:
        return []
    room = high - low
    gap = min(gap, room / max(len(order) - 1, 1)) if len(order) > 1 else gap
    moved = [min(max(places[n], low), high) for n in order]
    for n in range(1, len(moved)):
        moved[n] = max(moved[n], moved[n - 1] + gap)
    if moved[-1] > high:
        moved[-1] = high
        for n in range(len(moved) - 2, -1, -1):
            moved[n] = min(moved[n], moved[n + 1] - gap)
    found = [0.0] * len(places)
    for n, place in zip(order, moved, strict=True):
        found[n] = place
    return found


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the label of the item `index` begins, and to which side of its point."""

    index: int
    x: float
    y: float
    anchor: str


def beside(
    wanted: Iterable[tuple[int, float, float, str]],
    taken: Iterable[Box],
    area: Box,
    size: float = SIZE,
) -> list[Placed]:
    """Labels (index, x, y, text) beside their points, the most wanted first.

    A label that finds no free place at the right, the left, above or below is left out: its point
    still tells it. `taken` are places that no label may cover.
    """
    used = list(taken)
    found = []
    for index, x, y, text in wanted:
        wide = width(text, size)
        for dx, dy, anchor in (
            (9, 4, "start"),
            (-9, 4, "end"),
            (0, -9, "middle"),
            (0, 18, "middle"),
        ):
            left = x + dx - {"start": 0.0, "end": wide, "middle": wide / 2}[anchor]
            place = Box(left, y + dy - size + 2, left + wide, y + dy + 3)
            inside = area.left <= place.left and place.right <= area.right
            inside = inside and area.top <= place.top and place.bottom <= area.bottom
            if inside and not any(place.meets(other) for other in used):
                used.append(place)
                found.append(Placed(index, x + dx, y + dy, anchor))
                break
    return found
