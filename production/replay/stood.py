"""Where an item stood how long, told from the lines that changed its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

NUMBER = {"idea": 0, "script": 1, "shoot": 2, "edit": 3, "publish": 4, "learn": 5, "done": 6}

Stop = tuple[datetime, bool]


@dataclass(frozen=True, slots=True)
class Stood:
    """How long an item stood in one stage; `arrived` and `departed` unless publication cut it."""

    stage: str
    kind: str
    entered_at: datetime
    left_at: datetime | None
    arrived: bool
    departed: bool
    archived: bool
    committed: bool
    in_progress: bool
    after_publication: bool
    published_at: datetime | None
    blocked: timedelta


@dataclass(slots=True)
class Step:
    """A move that counts: the numbers of the kinds it led from and to, and the place it led to."""

    seq: int
    at: datetime
    left: int
    entered: int
    back: bool
    place: tuple[str, str]


@dataclass(slots=True)
class Mark:
    """Anything but a move that ends a stretch of time: archive, restoring, a retired stage.

    `only_from` names the stage that was retired: an item elsewhere does not care.
    """

    seq: int
    at: datetime
    place: tuple[str, str] | None = None
    only_from: str | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """Since when an item stands in a stage; `came` unless it stood there before already."""

    at: datetime
    place: tuple[str, str]
    archived: bool = False
    came: bool = True
    commits: bool = False


def stood(
    start: Bound,
    lines: Iterable[Step | Mark],
    stops: Sequence[Stop],
    published_at: datetime | None,
) -> Iterator[Stood]:
    """The stretches between the moments that an item's time is cut at, oldest first."""
    bounds = _bounds(start, lines)
    if published_at is not None:
        bounds = _with_publication(bounds, published_at)
    committed = 1 <= NUMBER[start.place[1]] < 5
    for number, bound in enumerate(bounds):
        until = bounds[number + 1] if number + 1 < len(bounds) else None
        here = NUMBER[bound.place[1]]
        committed = committed or bound.commits
        is_out = published_at is not None and bound.at >= published_at
        yield Stood(
            stage=bound.place[0],
            kind=bound.place[1],
            entered_at=bound.at,
            left_at=until.at if until else None,
            arrived=bound.came,
            departed=until.came if until else False,
            archived=bound.archived,
            committed=committed,
            in_progress=committed and here < 5 and not is_out and not bound.archived,
            after_publication=is_out,
            published_at=None if is_out else published_at,
            blocked=_stopped(stops, bound.at, until.at) if until else timedelta(0),
        )


def _bounds(start: Bound, lines: Iterable[Step | Mark]) -> list[Bound]:
    bounds = [start]
    for line in sorted(lines, key=lambda line: line.seq):
        last = bounds[-1]
        at = max(last.at, line.at)
        if isinstance(line, Step):
            commits = line.left < 5 and line.entered >= 1
            bounds.append(Bound(at, line.place, last.archived, commits=commits))
        elif line.only_from is not None:
            if line.only_from == last.place[0] and line.place is not None:
                bounds.append(Bound(at, line.place, last.archived))
        elif line.archived is not last.archived:
            bounds.append(Bound(at, line.place or last.place, bool(line.archived)))
    return bounds


def _with_publication(bounds: list[Bound], published_at: datetime) -> list[Bound]:
    """One boundary more where the publication falls between two of them."""
    earlier = [bound for bound in bounds if bound.at < published_at]
    if not earlier or any(bound.at == published_at for bound in bounds):
        return bounds
    cut = replace(earlier[-1], at=published_at, came=False)
    return [*earlier, cut, *bounds[len(earlier) :]]


def _stopped(stops: Sequence[Stop], since: datetime, until: datetime) -> timedelta:
    """For how long of the stretch something held the item up; twice at once counts once."""
    edges: list[tuple[datetime, int]] = []
    for number, (at, blocked) in enumerate(stops):
        end = stops[number + 1][0] if number + 1 < len(stops) else until
        begin, end = max(at, since), min(end, until)
        if blocked and begin < end:
            edges += [(begin, 1), (end, -1)]
    time, depth, last = timedelta(0), 0, since
    for at, change in sorted(edges):
        if depth:
            time += at - last
        depth, last = depth + change, at
    return time
