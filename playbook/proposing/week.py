"""How many pieces of which kind a week needs. The week's own meter (`mix.read`) is the judge.

From what each channel owes, one piece is changed, added or left out at a time, and only when the
meter says that less is wrong then. What is planned already counts and is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from production import mix

Counts = mix.Counts
STEPS = 200
_EVEN = 1e-9
_KIND = {counts: kind for kind, counts in mix.BY_TYPE.items()}


class Why(StrEnum):
    """Why a promise is not kept."""

    NO_ROOM = "no_room"  # no free time inside the windows
    NO_PROVEN = "no_proven"  # no format is proven
    TOO_MANY = "too_many"  # what is planned already is over the most
    CLASH = "clash"  # another promise stands against it


@dataclass(frozen=True, slots=True)
class Shape:
    """A format."""

    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What a slot is for, so far as the week's mix asks."""

    channel: str
    role: str
    kind: str = ""
    state: str = ""  # of its format
    is_experiment: bool = False
    is_new: bool = False

    @property
    def traits(self) -> frozenset[Counts]:
        kinds = [self.kind] if self.kind else []
        return mix.traits(
            kinds,
            format_state=self.state,
            is_experiment=self.is_experiment,
            is_new=self.is_new,
        )

    @property
    def weight(self) -> int:
        """How much it has to carry already."""
        return bool(self.kind) + self.is_experiment + self.is_new


@dataclass(frozen=True, slots=True)
class Week:
    """What a week is made under."""

    rules: Sequence[mix.Rule]
    channels: Sequence[mix.Channel]
    room: Mapping[str, int]  # channel → how many slots it has time for
    states: frozenset[str]  # of the formats at hand
    had: Sequence[mix.Piece] = ()
    phase: int | None = None

    def read(self, pieces: Sequence[Piece]) -> list[mix.Reading]:
        """The meter with these pieces in the plan."""
        ours = [
            mix.Piece(mix.Stand.PLANNED, each.channel, each.role, each.traits) for each in pieces
        ]
        return mix.read(self.rules, self.channels, [*self.had, *ours], phase=self.phase)

    def wrong(self, pieces: Sequence[Piece]) -> list[mix.Reading]:
        return [each for each in self.read(pieces) if _off(each) > _EVEN]

    def state_for(self, *, proven: bool) -> str | None:
        fitting = [each for each in sorted(self.states) if (each == "proven") == proven]
        return fitting[0] if fitting else None


def plan_week(week: Week) -> tuple[list[Piece], list[tuple[mix.Reading, Why]]]:
    """The pieces, and which promises they do not keep and why."""
    pieces = [
        _plain(week, channel)
        for channel in week.channels
        if week.room[channel.id] and not _has_something(week, channel)
    ]
    for _step in range(STEPS):
        better = _better(week, pieces)
        if better is None:
            break
        pieces = better
    return pieces, [(each, _why(week, each)) for each in week.wrong(pieces)]


def _has_something(week: Week, channel: mix.Channel) -> bool:
    return any(each.channel == channel.id for each in week.had)


def _plain(week: Week, channel: mix.Channel) -> Piece:
    state = week.state_for(proven=False) or week.state_for(proven=True) or ""
    return Piece(channel.id, channel.role, state=state)


def _better(week: Week, pieces: list[Piece]) -> list[Piece] | None:
    """The first change after which less is wrong; None when there is none."""
    wrong = week.wrong(pieces)
    now = sum(map(_off, wrong))
    # What is asked of one channel first: whatever serves it serves the whole week too.
    for reading in sorted(wrong, key=lambda each: each.channel is None):
        for tried in _moves(week, reading, pieces):
            if sum(map(_off, week.wrong(tried))) < now - _EVEN:
                return tried
    return None


def _off(reading: mix.Reading) -> float:
    """How many pieces a needle lacks or has too many."""
    rule = reading.rule
    if rule.is_share and not reading.pieces:
        return 0
    per = reading.pieces / 100 if rule.is_share else 1
    short = (rule.at_least - reading.value) * per if rule.at_least is not None else 0
    over = (reading.value - rule.at_most) * per if rule.at_most is not None else 0
    return max(short, over, 0)


def _moves(week: Week, reading: mix.Reading, pieces: list[Piece]) -> Iterator[list[Piece]]:
    counts = reading.rule.counts
    channel = reading.channel.id if reading.channel else None
    here = [
        place for place, each in enumerate(pieces) if channel is None or each.channel == channel
    ]
    here.sort(key=lambda place: (pieces[place].weight, _turn(pieces, place)))
    short = reading.is_short
    if counts != Counts.POSTS:
        for place in here:
            for changed in _changes(week, pieces[place], counts, short=short):
                yield [*pieces[:place], changed, *pieces[place + 1 :]]
    if short and counts == Counts.TESTS:
        yield from _handed_over(pieces)
    if short:
        for new in _added(week, channel, pieces):
            if counts == Counts.POSTS:
                yield [*pieces, new]
            else:
                yield from ([*pieces, each] for each in _changes(week, new, counts, short=True))
    else:
        yield from ([*pieces[:place], *pieces[place + 1 :]] for place in here)


def _handed_over(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """An experiment in a format that is no proven one becomes one in a proven format."""
    givers = [
        place
        for place, each in enumerate(pieces)
        if each.is_experiment and each.state in mix.UNPROVEN
    ]
    takers = [
        place
        for place, each in enumerate(pieces)
        if each.state == "proven" and not each.is_experiment
    ]
    for giver, taker in product(givers, takers):
        found = list(pieces)
        found[giver] = replace(found[giver], is_experiment=False)
        found[taker] = replace(found[taker], is_experiment=True)
        yield found


def _turn(pieces: Sequence[Piece], place: int) -> int:
    """Which piece of its channel it is: what is asked goes round the channels."""
    return sum(each.channel == pieces[place].channel for each in pieces[:place])


def _changes(week: Week, piece: Piece, counts: Counts, *, short: bool) -> Iterator[Piece]:
    """The piece so that it counts, or counts no longer."""
    kind = _KIND.get(counts)
    if kind and short and not piece.kind:
        yield replace(piece, kind=kind)
    elif kind and not short and piece.kind == kind:
        yield replace(piece, kind="")
    elif counts == Counts.NEW_MESSAGE and piece.is_new != short:
        yield replace(piece, is_new=short)
    elif counts == Counts.EXPERIMENTS and piece.is_experiment != short:
        yield replace(piece, is_experiment=short)
    elif counts in mix.SHARES:
        yield from _reshaped(week, piece, counts, short=short)


def _reshaped(week: Week, piece: Piece, counts: Counts, *, short: bool) -> Iterator[Piece]:
    """The piece in a format of the other kind, or as an experiment in the one it has."""
    state = week.state_for(proven=(counts == Counts.PROVEN) == short)
    if state is not None and (state == "proven") != (piece.state == "proven"):
        yield replace(piece, state=state)
        if not piece.is_experiment:  # a test still, in a proven format
            yield replace(piece, state=state, is_experiment=True)
    if counts == Counts.TESTS and piece.is_experiment != short:
        yield replace(piece, is_experiment=short)


def _added(week: Week, channel: str | None, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """One more piece where there is time for it: primary channels and those with little first."""
    used = {each.id: sum(one.channel == each.id for one in pieces) for each in week.channels}
    open_ = [
        each
        for each in week.channels
        if channel in (None, each.id) and used[each.id] < week.room[each.id]
    ]
    open_.sort(key=lambda each: (each.role != "primary", used[each.id]))
    states = [week.state_for(proven=proven) for proven in (False, True)]
    for each in open_:
        plain = _plain(week, each)
        for is_experiment in (False, True):
            for state in [one for one in states if one is not None] or [""]:
                yield replace(plain, state=state, is_experiment=is_experiment)


def _why(week: Week, reading: mix.Reading) -> Why:
    alone = mix.read([reading.rule], week.channels, week.had)
    if any(each.is_over and each.channel == reading.channel for each in alone):
        return Why.TOO_MANY
    if reading.is_short and reading.rule.counts == Counts.PROVEN and "proven" not in week.states:
        return Why.NO_PROVEN
    asked = [each.id for each in week.channels if reading.channel in (None, each)]
    room = sum(week.room[each] for each in asked)
    if reading.is_short and not reading.rule.is_share and room < (reading.rule.at_least or 0):
        return Why.NO_ROOM
    return Why.CLASH
