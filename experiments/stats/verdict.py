"""What to do with a variant: one pure rule over the numbers, no words.

States are told by codes; the sentences that people read belong to the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SAME = 0.05  # what is within 5 % is the same for every purpose here


class State(StrEnum):
    INVALID = "invalid"
    TOO_EARLY = "too_early"
    REPEAT = "repeat"
    DROP = "drop"
    SAME = "no_difference"
    IMPROVE = "improve"
    RUNNING = "running"


DECISIONS: Mapping[State, str] = {
    State.REPEAT: "repeat",
    State.DROP: "drop",
    State.SAME: "improve",
    State.IMPROVE: "improve",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule looks at; lifts and bounds on the log scale, oriented so that + is good.

    `days` have data in both variants, `events` are those of both (exposures of a mean).
    `is_decided` says that the evidence holds after correcting for several variants. `harm` are
    guardrails that are hurt, `invalid` reasons to withhold the result: "srm", "zero_traffic",
    "tracking_gap", "edited".
    """

    days: int
    min_days: int
    events: float
    min_events: int
    lift: float
    low: float
    high: float
    width: float
    realistic: float
    delta: float
    is_decided: bool
    ended: bool = False
    planned_lift: float | None = None
    is_fading: bool = False
    harm: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state, why (codes, the deciding one first), and the numbers that it rests on."""

    state: State
    reasons: tuple[str, ...]
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def decision(self) -> str | None:
        """repeat, drop or improve; None while nothing is to be decided."""
        return DECISIONS.get(self.state)


def verdict(facts: Facts) -> Verdict:
    """The first that holds: withheld, too early, repeat, drop, no difference, improve, running."""
    state, reasons = _withheld(facts) or _too_early(facts) or _decided(facts)
    numbers = {
        "days": facts.days,
        "min_days": facts.min_days,
        "events": facts.events,
        "min_events": facts.min_events,
        "lift": facts.lift,
        "low": facts.low,
        "high": facts.high,
        "realistic": facts.realistic,
        "delta": facts.delta,
        "same_within": max(SAME, facts.delta),
    }
    if facts.planned_lift is not None:
        numbers["planned_lift"] = facts.planned_lift
    return Verdict(state, reasons, numbers)


def _withheld(facts: Facts) -> tuple[State, tuple[str, ...]] | None:
    return (State.INVALID, facts.invalid) if facts.invalid else None


def _too_early(facts: Facts) -> tuple[State, tuple[str, ...]] | None:
    reasons = []
    if facts.days < facts.min_days:
        reasons.append("few_days")
    if facts.events < facts.min_events:
        reasons.append("few_events")
    if facts.planned_lift and not facts.ended and facts.width > 4 * facts.planned_lift:
        reasons.append("too_wide")
    return (State.TOO_EARLY, tuple(reasons)) if reasons else None


def _decided(facts: Facts) -> tuple[State, tuple[str, ...]]:
    same = max(SAME, facts.delta)
    if facts.is_decided and facts.lift > 0 and facts.realistic >= facts.delta:
        if not (facts.harm or facts.is_fading):
            return State.REPEAT, ("better",)
    elif facts.is_decided and facts.lift < 0:
        return State.DROP, ("worse",)
    if -same < facts.low and facts.high < same:
        return State.SAME, ("within_margin",)
    return _undecided(facts)


def _undecided(facts: Facts) -> tuple[State, tuple[str, ...]]:
    codes = tuple(f"guardrail:{name}" for name in facts.harm)
    if facts.is_fading:
        return State.IMPROVE, ("fading", *codes)
    if facts.ended:
        return State.IMPROVE, ("planned_end", *codes)
    return State.RUNNING, ("undecided", *codes)
