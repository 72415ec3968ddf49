"""The checklist of each phase. Pure: what is counted comes in as numbers, what is said is a state.

A line is done when as many are there as the method asks for, or, where people may vouch for it,
when one of them did and said by what.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of how many; more than `most` are too many."""

    have: int
    of: int
    most: int | None = None

    @property
    def is_enough(self) -> bool:
        too_many = self.most is not None and self.have > self.most
        return 0 < self.of <= self.have and not too_many

    @property
    def shown(self) -> int:
        """What is beyond enough is not said, unless it is too many."""
        return self.have if self.most is not None else min(self.have, self.of)


class State(StrEnum):
    DONE = "done"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what holds, where it is done, whether the exit decision looks at it."""

    code: str
    phase: int
    name: Any
    page: str = ""  # the name of its address
    is_exit: bool = False
    by_hand: bool = False  # a person may vouch for it


@dataclass(frozen=True, slots=True)
class Read:
    """A line as it stands."""

    line: Line
    count: Count | None
    state: State
    vouched: bool

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE


LINES = (
    # days 1–14: base and measurement (R1 to R36, R53, R54, R57)
    Line("strategy", 1, _("The strategy has no gaps"), "strategy"),
    Line("responsible", 1, _("Data, production and community each have a person"), "strategy"),
    Line("channels", 1, _("Two primary channels and one for support are locked")),
    Line("conversion", 1, _("One core conversion is chosen"), by_hand=True),
    Line("signals", 1, _("Three signals for each primary channel"), "settings-channels"),
    Line("winning", 1, _("One winning KPI for each primary channel"), "settings-channels"),
    Line("pillars", 1, _("Three to five pillars, each with its KPI"), "settings-pillars"),
    Line("formats", 1, _("Eight formats with title formula, B-roll and call to action"),
         "settings-formats"),
    Line("utm", 1, _("Links are named by a UTM template"), "settings-links"),
    Line("gate", 1, _("Nothing is scheduled before a second person signed"), "settings-gates"),
    Line("owners", 1, _("Every KPI has an owner and a day of review"), "kpis"),
    Line("thresholds", 1, _("Every KPI has a threshold that opens an action"), "actions"),
    Line("risks", 1, _("Five risks have an owner and a day of review"), "risks"),
    Line("budget", 1, _("The media budget is set, 10–20 % of it for tests"), by_hand=True),
    Line("hooks", 1, _("Ten openings for each of the two main themes"), by_hand=True),
    Line("calendar", 1, _("Fourteen days are planned, each piece with one KPI"), "calendar"),
    Line("numbers", 1, _("Numbers of the last eight days for every primary channel"), "kpis",
         is_exit=True),
    Line("baselines", 1, _("The baseline of every KPI is frozen"), "kpis", is_exit=True),
    Line("audit", 1, _("The 20 best and the 20 worst of 90 days have a reason"), is_exit=True,
         by_hand=True),
    # days 15–42: fast experiments (R37 to R42, R55)
    Line("rhythm", 2, _("At least four pieces a week on every primary channel"), "calendar"),
    Line("hypotheses", 2, _("Every piece that is out has a hypothesis"), "board"),
    Line("outcomes", 2, _("Every piece out for a week has result and decision"), "board"),
    Line("reviews", 2, _("A weekly review every week"), by_hand=True),
    Line("experiments", 2, _("Two experiments a week"), "experiments", is_exit=True),
    Line("proven", 2, _("Two formats are proven"), "settings-formats", is_exit=True),
    # days 43–70: scaling (R43 to R47, R24)
    Line("windows", 3, _("Two publishing windows are locked on every primary channel"),
         "settings-windows"),
    Line("mix", 3, _("Weeks with 70 % in proven formats"), "calendar"),
    Line("tests", 3, _("Weeks with at least 20 % new tests"), "calendar"),
    Line("message", 3, _("Weeks with a new message"), "calendar"),
    Line("lead_time", 3, _("Half of what is out took at most the target time"), "flow"),
    Line("funnel", 3, _("The way from viewer to lead is counted at every step"), by_hand=True),
    Line("cpl", 3, _("A lead costs less than at the baseline"), "kpis", is_exit=True),
    Line("viewed", 3, _("The share viewed is above its baseline"), "kpis", is_exit=True),
    # days 71–90: conversion, community, standards (R48 to R52, R77)
    Line("conversions", 4, _("Weeks with at least two conversion posts"), "calendar"),
    Line("questions", 4, _("Weeks with at least two questions"), "calendar"),
    Line("community", 4, _("Working days on which the routines were done"), by_hand=True),
    Line("reality", 4, _("A reality check every month"), by_hand=True),
    Line("plays", 4, _("Three rules of the playbook are adopted"), "playbook", by_hand=True),
    Line("transfer", 4, _("Somebody new has worked by what is written down"), is_exit=True,
         by_hand=True),
    Line("retrospective", 4, _("The retrospective is written"), is_exit=True, by_hand=True),
)  # fmt: skip
BY_CODE: Mapping[str, Line] = {line.code: line for line in LINES}


def read(phase: int, counts: Mapping[str, Count], vouched: Collection[str]) -> list[Read]:
    """The lines of a phase in their order."""
    found = []
    for line in LINES:
        if line.phase == phase:
            count = counts.get(line.code)
            by_hand = line.by_hand and line.code in vouched
            done = by_hand or (count is not None and count.is_enough)
            state = State.DONE if done else State.OPEN
            found.append(Read(line, count, state, by_hand))
    return found
