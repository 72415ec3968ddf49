"""What the chip on a card says about the 72 hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from production.flow.kinds import DELIVERY, IDEA, reaches
from production.flow.times import TARGET, Stamped, fits, lead_time

# A card is tight when it fits with less than a twelfth of the target to spare (6 of 72 hours);
# where nobody knows how long the stages ahead take, when less than a quarter is left (18 hours).
SPARE_SHARE = 1 / 12
LEFT_SHARE = 1 / 4


class State(StrEnum):
    """What the chip says; its value never changes, programs and style sheets use it."""

    PLAIN = "plain"
    TIGHT = "tight"
    DOES_NOT_FIT = "does_not_fit"
    PAST = "past"
    IDEA = "idea"
    PUBLISHED = "published"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Countdown:
    """The chip: its state and the figures beside it; None where a figure means nothing.

    `left` is the time to the target, negative once past it; `used` the share of the target gone,
    0 to 1; `ahead` the usual time of the stages ahead; `spare` what of `left` remains after
    those; `elapsed` the age of an idea, or the lead time of a published item.
    """

    state: State
    left: timedelta | None = None
    used: float | None = None
    ahead: timedelta | None = None
    spare: timedelta | None = None
    elapsed: timedelta | None = None

    @property
    def hours(self) -> int | None:
        """The whole hours to show: left, past, or elapsed; never more than there are."""
        shown = self.left if self.left is not None else self.elapsed
        return None if shown is None else abs(shown) // timedelta(hours=1)

    @property
    def will_miss(self) -> bool:
        """Whether the card will miss its target: past it, or the stages ahead do not fit.

        Where nobody knows how long the stages ahead take, it is not said.
        """
        return self.state in (State.DOES_NOT_FIT, State.PAST)


def countdown(
    item: Stamped,
    kind: str,
    now: datetime,
    *,
    ahead: Iterable[timedelta | None] = (),
    target: timedelta = TARGET,
) -> Countdown:
    """The chip of an item whose stage is of this kind.

    It runs from commitment; an idea has no countdown, only its age, and a published item only its
    lead time. `ahead` holds the median time of each stage between this one and publication, None
    where it is not known. A commitment that nobody knows gives no countdown.
    """
    if item.published_at is not None or reaches(kind, DELIVERY):
        return Countdown(State.PUBLISHED, elapsed=lead_time(item))
    if kind == IDEA:
        return Countdown(State.IDEA, elapsed=max(now - item.idea_at, timedelta(0)))
    if item.committed_at is None:
        return Countdown(State.UNKNOWN)

    medians = list(ahead)
    gone = max(now - item.committed_at, timedelta(0))
    left = target - gone
    usual = sum((m for m in medians if m is not None), timedelta(0))
    knows_all = None not in medians
    return Countdown(
        state=_state(left, fits(left, medians), left - usual, target),
        left=left,
        used=min(gone / target, 1.0),
        ahead=usual if knows_all else None,
        spare=left - usual if knows_all else None,
    )


def _state(left: timedelta, does_fit: bool | None, spare: timedelta, target: timedelta) -> State:
    if left < timedelta(0):
        return State.PAST
    if does_fit is False:
        return State.DOES_NOT_FIT
    is_tight = spare < target * SPARE_SHARE if does_fit else left < target * LEFT_SHARE
    return State.TIGHT if is_tight else State.PLAIN
