"""What changed between two texts, word by word, in bounded time whatever the texts are.

Long texts are first compared by paragraph lines, and only the lines that changed by word. The
comparison is the greedy one of E. W. Myers, "An O(ND) Difference Algorithm and Its Variations"
(Algorithmica 1, 1986), whose work grows with the square of the differences; so it runs in windows
of so many differences, and when a fixed number of steps is spent, the rest is told as removed and
added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, Literal, NamedTuple

SAME: Final = "same"
REMOVED: Final = "removed"
ADDED: Final = "added"
Op = Literal["same", "removed", "added"]

STEPS = 3_000_000  # about a second; every comparison of one diff draws from it
WINDOW = 128  # edits after which the search settles for the furthest point and goes on there
LONG = 2_000  # words above which lines are compared first

# A word with its apostrophes, hyphens and combining accents; a run of spaces; a line break; else
# a run of signs. Joined together the tokens are the text.
_TOKEN = re.compile(r"\w[\w\u0300-\u036f'’\-]*|\r?\n|[^\S\n]+|[^\w\s]+")


class Piece(NamedTuple):
    """A stretch of text that is the same in both, only in the old, or only in the new."""

    op: Op
    text: str


def diff(old: str, new: str) -> list[Piece]:
    """The pieces that turn the old text into the new.

    Same and removed pieces joined are the old text, same and added ones the new, to the letter.
    No piece is empty and no two neighbours have the same op; where both change, the removed
    piece comes first.
    """
    budget = _Budget(STEPS)
    before, after = _tokens(old), _tokens(new)
    if max(len(before), len(after)) <= LONG:
        return _tidy(_compare(before, after, budget))
    return _tidy(_by_line(old, new, budget))


def _by_line(old: str, new: str, budget: _Budget) -> Iterator[Piece]:
    """Equal lines as they are, and between them word by word."""
    removed = added = ""
    for op, text in _compare(_lines(old), _lines(new), budget):
        if op == REMOVED:
            removed += text
        elif op == ADDED:
            added += text
        else:
            yield from _compare(_tokens(removed), _tokens(added), budget)
            removed = added = ""
            yield Piece(op, text)
    yield from _compare(_tokens(removed), _tokens(added), budget)


class _Budget:
    """How many more steps may be taken."""

    def __init__(self, steps: int) -> None:
        self.steps = steps


def _compare(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Piece]:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield Piece(SAME, "".join(old[:head]))
    yield from _middle(old[head : len(old) - tail], new[head : len(new) - tail], budget)
    yield Piece(SAME, "".join(old[len(old) - tail :]))


def _middle(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Piece]:
    """Two stretches that differ at both ends, compared window after window."""
    x = y = 0
    while x < len(old) and y < len(new) and budget.steps > 0:
        trail, end_x, end_y = _search(old, new, x, y, budget)
        yield from reversed(list(_walk_back(old, new, trail, (x, y), (end_x, end_y))))
        x, y = end_x, end_y
    yield Piece(REMOVED, "".join(old[x:]))
    yield Piece(ADDED, "".join(new[y:]))


def _search(
    old: Sequence[str], new: Sequence[str], x0: int, y0: int, budget: _Budget
) -> tuple[list[dict[int, int]], int, int]:
    """Myers' forward search from (x0, y0): the trail, and the furthest point it found.

    For each number of edits the trail says how far into `old` each diagonal had come before. The
    search ends at the end of both texts or after `WINDOW` edits, and always gets on.
    """
    reach = {1: 0}
    trail: list[dict[int, int]] = []
    width, height = len(old) - x0, len(new) - y0
    for edits in range(WINDOW + 1):
        trail.append(dict(reach))
        budget.steps -= 2 * edits + 1  # the copy and the diagonals
        for k in range(-edits, edits + 1, 2):
            x = _step(reach, k, edits)
            start = x
            while x < width and x - k < height and old[x0 + x] == new[y0 + x - k]:
                x += 1
            budget.steps -= x - start
            reach[k] = x
            if x >= width and x - k >= height:
                return trail, x0 + x, y0 + x - k
    inside = [(2 * x - k, x, k) for k, x in reach.items() if _reached(x, k, width, height)]
    _, x, k = max(point for point in inside if (point[2] - WINDOW) % 2 == 0)
    return trail, x0 + x, y0 + x - k


def _step(reach: dict[int, int], k: int, edits: int) -> int:
    """Where the next edit leads on diagonal k: one word added (same x) or one removed."""
    if _adds(reach, k, edits):
        return reach[k + 1]
    return reach[k - 1] + 1


def _adds(reach: dict[int, int], k: int, edits: int) -> bool:
    return k == -edits or (k != edits and reach[k - 1] < reach[k + 1])


def _reached(x: int, k: int, width: int, height: int) -> bool:
    return 0 <= x <= width and 0 <= x - k <= height


def _walk_back(
    old: Sequence[str],
    new: Sequence[str],
    trail: Sequence[dict[int, int]],
    start: tuple[int, int],
    end: tuple[int, int],
) -> Iterator[Piece]:
    """The pieces of the path from end to start, last one first."""
    (x0, y0), (x, y) = start, (end[0] - start[0], end[1] - start[1])
    for edits in range(len(trail) - 1, 0, -1):
        reach, k = trail[edits], x - y
        adds = _adds(reach, k, edits)
        from_k = k + 1 if adds else k - 1
        from_x = reach[from_k]
        edited_x = from_x if adds else from_x + 1
        while x > edited_x:
            x, y = x - 1, y - 1
            yield Piece(SAME, old[x0 + x])
        x, y = from_x, from_x - from_k
        yield Piece(ADDED, new[y0 + y]) if adds else Piece(REMOVED, old[x0 + x])
    while x > 0:
        x -= 1
        yield Piece(SAME, old[x0 + x])


def _tidy(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours joined; a mere space between two changes belongs to the change."""
    runs = [
        Piece(op, "".join(piece.text for piece in group))
        for op, group in groupby((p for p in pieces if p.text), key=lambda piece: piece.op)
    ]
    parted: list[Piece] = []
    for n, run in enumerate(runs):
        if 0 < n < len(runs) - 1 and _is_gap(run) and runs[n - 1].op != runs[n + 1].op:
            parted += [Piece(REMOVED, run.text), Piece(ADDED, run.text)]
        else:
            parted.append(run)
    tidy: list[Piece] = []
    kinds: tuple[Op, ...] = (SAME, REMOVED, ADDED)
    for _, group in groupby(parted, key=lambda piece: piece.op == SAME):
        stretch = list(group)
        for op in kinds:
            if text := "".join(piece.text for piece in stretch if piece.op == op):
                tidy.append(Piece(op, text))
    return tidy


def _is_gap(piece: Piece) -> bool:
    """Spaces within a line; a line break keeps changes of two lines apart."""
    return piece.op == SAME and piece.text.isspace() and "\n" not in piece.text


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
