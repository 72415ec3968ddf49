"""Which card needs somebody, why, how urgently, and the one action that helps. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why a line stands on the day's list, the most pressing first."""

    ALARM = "alarm"  # something went wrong on the way out
    PAST = "past"
    BLOCKED = "blocked"
    DOES_NOT_FIT = "does_not_fit"
    AGEING = "ageing"
    PLAN_SHORT = "plan_short"  # the week cannot hold its least any more
    STAGE_FULL = "stage_full"
    OVERLOADED = "overloaded"
    REVIEW = "review"


_ORDER = {reason: place for place, reason in enumerate(Reason)}
ALARMING = frozenset({Reason.ALARM, Reason.PAST, Reason.BLOCKED})


class Act(StrEnum):
    """The one action that helps most."""

    UNBLOCK = "unblock"
    REVIEW = "review"
    PUBLISH = "publish"
    ASSIGN = "assign"
    MOVE = "move"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one card stands; None where something does not apply or is not known.

    `left` is the time to the target, negative once past; `ahead` what the stages ahead usually
    take, as far as that is known; `usual` the age by which 85 % of published cards had left the
    stage; `blocked` and `review` for how long it has been so.
    """

    id: int
    left: timedelta | None = None
    ahead: timedelta = timedelta(0)
    age: timedelta | None = None
    usual: timedelta | None = None
    blocked: timedelta | None = None
    review: timedelta | None = None
    reviewer: int | None = None
    may_sign: bool = False
    assignees: tuple[int, ...] = ()
    is_publishing: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """A card that needs somebody: its reasons, the gravest first, with the hours of each."""

    standing: Standing
    reasons: tuple[tuple[Reason, timedelta], ...]
    act: Act
    ask: int | None = None  # whom, where the act is to ask

    @property
    def gravest(self) -> Reason:
        return self.reasons[0][0]

    @property
    def over(self) -> timedelta:
        """How far it is beyond what is usual or agreed, by its gravest reason."""
        return self.reasons[0][1]


def judge(standing: Standing, *, me: int) -> Need | None:
    """Why the card needs somebody and what `me`, a person, had best do; None when all is well."""
    reasons = tuple(sorted(_reasons(standing), key=lambda each: _ORDER[each[0]]))
    if not reasons:
        return None
    act, ask = _act(standing, me)
    return Need(standing, reasons, act, ask)


def in_order(needs: Iterable[Need]) -> list[Need]:
    """The gravest first, and among equals the one that is furthest over."""
    return sorted(needs, key=lambda need: (_ORDER[need.gravest], -need.over, need.standing.id))


def place_of(reason: Reason) -> int:
    """Where the reason stands among all, for lines that are no cards."""
    return _ORDER[reason]


def _reasons(card: Standing) -> list[tuple[Reason, timedelta]]:
    found = []
    if card.left is not None and card.left < timedelta(0):
        found.append((Reason.PAST, -card.left))
    elif card.left is not None and card.ahead > card.left:
        found.append((Reason.DOES_NOT_FIT, card.ahead - card.left))
    if card.blocked is not None:
        found.append((Reason.BLOCKED, card.blocked))
    if card.age is not None and card.usual is not None and card.age > card.usual:
        found.append((Reason.AGEING, card.age - card.usual))
    if card.review is not None:
        found.append((Reason.REVIEW, card.review))
    return found


def _act(card: Standing, me: int) -> tuple[Act, int | None]:
    if card.blocked is not None:
        return Act.UNBLOCK, None
    if card.review is not None:
        if card.may_sign or card.reviewer in (None, me):
            return Act.REVIEW, None
        return Act.ASK, card.reviewer
    if card.is_publishing:
        return Act.PUBLISH, None
    if not card.assignees:
        return Act.ASSIGN, None
    if card.is_waiting or me in card.assignees:
        return Act.MOVE, None
    return Act.ASK, card.assignees[0]
