"""The small picture of a KPI's row: its weeks, its path, where it stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from production.charts.svg import Drawn, box, drawing, mark, path, rule, words

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 252.0, 54.0, 4.0, 184.0, 7.0, 47.0


def draw(
    key: str,
    title: str,
    desc: str,
    weeks: Sequence[tuple[float, float | None]],
    way: Sequence[tuple[float, float]],
    now: tuple[float, float, float] | None,
    *,
    begins: float,
    ends: float,
    tone: str = "",
    goal: str = "",
) -> Drawn:
    """Weeks and way as (day, value), `now` as (day, low, high); day 0 is the first of the path."""
    values = [value for _day, value in weeks if value is not None]
    values += [value for _day, value in way]
    values += [each for each in (now[1:] if now else ()) if 0 < each < float("inf")]
    if not values:
        return drawing(key, title, desc, WIDTH, HEIGHT)
    low, high = min(values), max(values)
    room = (high - low) or 1.0

    def x(day: float) -> float:
        return LEFT + (RIGHT - LEFT) * (day - begins) / (ends - begins)

    def y(value: float) -> float:
        share = min(max((value - low) / room, 0.0), 1.0)
        return BOTTOM - (BOTTOM - TOP) * share

    pieces: list[list[tuple[float, float]]] = [[]]
    for day, value in weeks:
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((x(day), y(value)))
    marks: list[object] = [box(x(begins), 2, x(0) - x(begins), HEIGHT - 4, "basis")]
    if way:
        marks.append(path([(x(day), y(value)) for day, value in way], "path"))
        end = way[-1]
        marks.append(mark(x(end[0]), y(end[1]), "dot", "est", 3))
        marks.append(words(x(end[0]) + 8, y(end[1]) + 4, goal, "lab"))
    marks += [path(piece, "spark") for piece in pieces]
    if now:
        day, bottom, top = now
        marks.append(rule(x(day), y(bottom), x(day), y(min(top, high)), f"ci80 {tone}".strip()))
    return drawing(key, title, desc, WIDTH, HEIGHT, *marks)


def small(
    key: str, title: str, desc: str, values: Sequence[float | None], width: float = 120.0
) -> Drawn:
    """Values in a row as a line that breaks where one is missing; the last one is marked."""
    height, edge = 32.0, 5.0
    known = [value for value in values if value is not None]
    if not known:
        return drawing(key, title, desc, width, height)
    low, room = min(known), (max(known) - min(known)) or 1.0
    step = (width - 2 * edge) / max(len(values) - 1, 1)
    pieces: list[list[tuple[float, float]]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            y = height - edge - (height - 2 * edge) * (value - low) / room
            pieces[-1].append((edge + step * n, y))
    last = next(piece[-1] for piece in reversed(pieces) if piece)
    marks = [path(piece, "spark") for piece in pieces if len(piece) > 1]
    return drawing(key, title, desc, width, height, *marks, mark(*last, "dot", "est", 3))
