"""The mix of a week: what is planned, scheduled and out against what was promised. Pure.

A piece counts in the ISO week of its moment, in the zone of the team. R40 (pieces a week per
primary channel), R41 (experiments), R44 (a new message), R45 (proven formats), R50 (conversion
posts), R51 (questions), R79 (new tests). Shares are of all pieces of the week, in per cent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Counts(StrEnum):
    """What a rule counts; the values are those of `MixRule.Counts`."""

    POSTS = "posts"
    EXPERIMENTS = "experiments"
    PROVEN = "proven"
    TESTS = "tests"
    NEW_MESSAGE = "new_message"
    CONVERSION = "conversion"
    QUESTIONS = "questions"


SHARES = frozenset({Counts.PROVEN, Counts.TESTS})
BY_TYPE = {"conversion": Counts.CONVERSION, "question": Counts.QUESTIONS}
UNPROVEN = frozenset({"candidate", "testing"})
WEDNESDAY = 3


class Stand(StrEnum):
    """How far a piece is on its way out."""

    PLANNED = "planned"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Piece:
    """One publication of the week, or what is planned to become one."""

    stand: Stand
    channel: str
    role: str  # primary or support
    traits: frozenset[Counts] = frozenset()  # what else it counts as


@dataclass(frozen=True, slots=True)
class Open:
    """An empty slot that is still to come, and what it would count as."""

    channel: str
    role: str
    traits: frozenset[Counts] = frozenset()


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Rule:
    """At least so many, at most so many; of a channel role per channel, else over all of them."""

    counts: Counts
    at_least: int | None = None
    at_most: int | None = None
    role: str = ""
    phase: int | None = None  # None: in every phase

    @property
    def is_share(self) -> bool:
        return self.counts in SHARES


@dataclass(frozen=True, slots=True)
class Reading:
    """One needle of the meter. For a share the three parts are per cent of all pieces too."""

    rule: Rule
    channel: Channel | None  # None: all channels together
    published: float
    scheduled: float
    planned: float
    pieces: int  # how many the shares are of
    open_slots: int  # that would count here

    @property
    def value(self) -> float:
        return self.published + self.scheduled + self.planned

    @property
    def is_short(self) -> bool:
        return self.rule.at_least is not None and self.value < self.rule.at_least

    @property
    def is_over(self) -> bool:
        return self.rule.at_most is not None and self.value > self.rule.at_most

    @property
    def missing(self) -> int:
        """How many pieces the least lacks; for a share in pieces, were all of them added."""
        least = self.rule.at_least or 0
        if not self.is_short:
            return 0
        if not self.rule.is_share:
            return int(least - self.value)
        if not self.pieces or least >= 100:
            return 1
        # (have + x) / (pieces + x) >= least / 100, solved for the smallest whole x
        have = round(self.value * self.pieces / 100)
        return -(-(least * self.pieces - 100 * have) // (100 - least))


def traits(
    kinds: Iterable[str],
    *,
    format_state: str = "",
    is_experiment: bool = False,
    is_new: bool = False,
) -> frozenset[Counts]:
    """What else than a piece it counts as: by its type, its format's state, what it is for."""
    found = {BY_TYPE[kind] for kind in kinds if kind in BY_TYPE}
    if is_experiment:
        found.add(Counts.EXPERIMENTS)
    if format_state == "proven":
        found.add(Counts.PROVEN)
    if is_experiment or format_state in UNPROVEN:
        found.add(Counts.TESTS)
    if is_new:
        found.add(Counts.NEW_MESSAGE)
    return frozenset(found)


def holding(rules: Iterable[Rule], phase: int | None) -> list[Rule]:
    """The rules that hold in a phase; without one every rule, where phases differ the first."""
    if phase is not None:
        return [rule for rule in rules if rule.phase in (None, phase)]
    first: dict[tuple[Counts, str], Rule] = {}
    for rule in rules:
        first.setdefault((rule.counts, rule.role), rule)
    return list(first.values())


def read(
    rules: Iterable[Rule],
    channels: Sequence[Channel],
    pieces: Collection[Piece],
    open_slots: Collection[Open] = (),
    *,
    phase: int | None = None,
) -> list[Reading]:
    """The needles of one week, in the order of the rules; a rule for a role has one per channel.

    `phase` is that of the 90-day cycle in the week; None, without a cycle, holds the team to every
    rule, and where phases differ to the first.
    """
    found: list[Reading] = []
    for rule in holding(rules, phase):
        if rule.role:
            found += [
                _read(rule, channel, pieces, open_slots)
                for channel in channels
                if channel.role == rule.role
            ]
        else:
            found.append(_read(rule, None, pieces, open_slots))
    return found


def is_told(monday: date, today: date) -> bool:
    """Whether what a week lacks is said yet: from its Wednesday until its Sunday."""
    return monday + timedelta(days=WEDNESDAY - 1) <= today < monday + timedelta(days=7)


def short(readings: Iterable[Reading], *, monday: date, today: date) -> list[Reading]:
    """The needles whose least the plan, as it stands, does not reach; empty before Wednesday.

    A share of nothing is not short: there is no piece that could be of the wrong kind.
    """
    if not is_told(monday, today):
        return []
    return [
        each for each in readings if each.is_short and not (each.rule.is_share and not each.pieces)
    ]


def _read(
    rule: Rule, channel: Channel | None, pieces: Collection[Piece], open_slots: Collection[Open]
) -> Reading:
    here = [each for each in pieces if channel is None or each.channel == channel.id]
    counted = [each for each in here if _counts(rule, each.traits)]
    per = 100 / len(here) if rule.is_share and here else 1
    of = {stand: per * sum(each.stand == stand for each in counted) for stand in Stand}
    return Reading(
        rule,
        channel,
        published=of[Stand.PUBLISHED],
        scheduled=of[Stand.SCHEDULED],
        planned=of[Stand.PLANNED],
        pieces=len(here),
        open_slots=sum(
            (channel is None or each.channel == channel.id) and _counts(rule, each.traits)
            for each in open_slots
        ),
    )


def _counts(rule: Rule, traits: frozenset[Counts]) -> bool:
    return rule.counts == Counts.POSTS or rule.counts in traits
