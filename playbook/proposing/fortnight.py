"""Two weeks of proposed slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from playbook.proposing.moments import Way, free, spread
from playbook.proposing.week import Piece, Shape, Week, Why, plan_week
from production import mix

WEEKS = 2


@dataclass(frozen=True, slots=True)
class Theme:
    """A pillar, with the KPI that judges it."""

    id: str
    kpi: str


@dataclass(frozen=True, slots=True)
class Place:
    """One empty slot: when on which channel, and what it is for. `at` is a wall time."""

    at: datetime
    piece: Piece
    format: str = ""
    pillar: str = ""
    kpi: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A promise of a week that the plan does not keep, and why."""

    monday: date
    reading: mix.Reading
    why: Why


@dataclass(frozen=True, slots=True)
class Proposal:
    places: tuple[Place, ...]
    reasons: tuple[Reason, ...]


def propose(
    ways: Sequence[Way],
    rules: Sequence[mix.Rule],
    shapes: Sequence[Shape],
    themes: Sequence[Theme],
    *,
    monday: date,
    after: datetime,
    zone: str,
    had: Mapping[date, Sequence[mix.Piece]],
    phases: Mapping[date, int | None],
) -> Proposal:
    """Slots for the two weeks from `monday` on, later than the wall time `after`.

    `had` is what each week (by its Monday) has already, `phases` the phase whose rules it follows.
    The same asked twice gives the same.
    """
    found: list[tuple[datetime, Piece]] = []
    reasons: list[Reason] = []
    channels = [mix.Channel(each.id, each.name, each.role) for each in ways]
    for week in range(WEEKS):
        begins = monday + timedelta(weeks=week)
        tiers = {each.id: free(each, begins, zone=zone, after=after) for each in ways}
        asked = Week(
            rules,
            channels,
            {way: sum(map(len, tier)) for way, tier in tiers.items()},
            frozenset(each.state for each in shapes),
            had.get(begins, ()),
            phases.get(begins),
        )
        pieces, unkept = plan_week(asked)
        reasons += [Reason(begins, reading, why) for reading, why in unkept]
        for way in ways:
            mine = [each for each in pieces if each.channel == way.id]
            found += zip(spread(tiers[way.id], len(mine)), mine, strict=True)
    found.sort(key=lambda each: (each[0], each[1].channel))
    return Proposal(tuple(_described(found, ways, shapes, themes)), tuple(reasons))


def _described(
    found: Sequence[tuple[datetime, Piece]],
    ways: Sequence[Way],
    shapes: Sequence[Shape],
    themes: Sequence[Theme],
) -> list[Place]:
    """Pillars in turn, and the formats of each state in turn; the KPI is the pillar's."""
    judged = {each.id: each.kpi for each in ways}
    turns = {True: count(), False: count()}
    places = []
    for turn, (at, piece) in enumerate(found):
        proven = piece.state == "proven"
        fitting = [each for each in shapes if (each.state == "proven") == proven]
        shape = fitting[next(turns[proven]) % len(fitting)].id if fitting else ""
        theme = themes[turn % len(themes)] if themes else Theme("", "")
        kpi = theme.kpi or judged[piece.channel]
        places.append(Place(at, piece, shape, theme.id, kpi))
    return places
