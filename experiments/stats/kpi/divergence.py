"""KPIs that part from each other: five patterns, each with what it usually means.

Each rule gives a p: that all its parts hold (the largest of theirs: Berger, Technometrics 1982).
Over channels and rules of a week, Benjamini and Hochberg's 10 % decides, so that about one in
ten of what is told is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import log

from scipy.stats import norm

from experiments.stats.effects import benjamini_hochberg
from experiments.stats.kpi.shifts import Shift

SURE = 2.0
FALSE_PART = 0.10
FLAT = 0.02  # a change that is below +2 % for certain is none


class Rule(StrEnum):
    CONTENT_FLOOD = "flood"  # more impressions, less watched, less saved
    HOLLOW_GROWTH = "hollow"  # more followers, clicks do not follow
    LANDING_PAGE = "landing"  # more clicks, leads do not follow
    ALGORITHM = "algorithm"  # reach per post down on two formats or more at once
    NEGATIVE = "negative"  # a larger part of the comments is negative


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that could be asked on a channel: whether its pattern is there, how surely, and the
    KPIs it looked at. `is_told` once the week's signals are weighed together."""

    channel: str
    rule: Rule
    is_there: bool
    p: float
    kpis: tuple[str, ...]
    is_told: bool = False


def signals(channel: str, shifts: Mapping[str, Shift], reach: Mapping[str, Shift]) -> list[Signal]:
    """The rules that the channel's KPIs allow asking.

    `shifts` by KPI: impressions, view_share, saves, followers, ctr, leads, negative_share;
    `reach` per post by format. All of 14 days against the baseline.
    """
    asked = (
        (_flood, ("impressions", "view_share", "saves")),
        (_hollow, ("followers", "ctr")),
        (_landing, ("ctr", "leads")),
        (_negative, ("negative_share",)),
    )
    found = [
        Signal(channel, *rule(*(shifts[name] for name in names)), names)
        for rule, names in asked
        if all(name in shifts for name in names)
    ]
    if len(reach) >= 2:
        found.append(Signal(channel, *_algorithm(list(reach.values())), tuple(sorted(reach))))
    return found


def tell(of_week: Sequence[Signal]) -> list[Signal]:
    """All signals of a week, those marked that are to be told."""
    if not of_week:
        return []
    adjusted = benjamini_hochberg([each.p for each in of_week])
    return [
        replace(each, is_told=each.is_there and bool(p <= FALSE_PART))
        for each, p in zip(of_week, adjusted, strict=True)
    ]


def _flood(impressions: Shift, view: Shift, saves: Shift) -> tuple[Rule, bool, float]:
    is_there = impressions.z >= SURE and impressions.change >= 0.10
    is_there = is_there and view.z <= -SURE and saves.z <= -SURE
    return Rule.CONTENT_FLOOD, is_there, max(_up(impressions), _down(view), _down(saves))


def _hollow(followers: Shift, ctr: Shift) -> tuple[Rule, bool, float]:
    is_there = followers.z >= SURE and followers.change >= 0.05 and ctr.interval()[1] < FLAT
    return Rule.HOLLOW_GROWTH, is_there, max(_up(followers), _below(ctr, log(1 + FLAT)))


def _landing(ctr: Shift, leads: Shift) -> tuple[Rule, bool, float]:
    """Leads that for certain rise less than clicks do; leads are too few to be proven flat."""
    lags = Shift(leads.log_change - ctr.log_change, (leads.se**2 + ctr.se**2) ** 0.5)
    is_there = ctr.z >= SURE and leads.z < 1 and lags.interval()[1] < 0
    return Rule.LANDING_PAGE, is_there, max(_up(ctr), _down(lags))


def _negative(share: Shift) -> tuple[Rule, bool, float]:
    return Rule.NEGATIVE, share.z >= SURE, _up(share)


def _algorithm(reach: list[Shift]) -> tuple[Rule, bool, float]:
    """At least two formats fell: the second smallest p, corrected for the choice of formats
    (Benjamini and Heller, Biometrics 2008)."""
    fallen = [each for each in reach if each.z <= -SURE and each.change <= -0.20]
    second = sorted(_down(each) for each in reach)[1]
    return Rule.ALGORITHM, len(fallen) >= 2, min(1.0, second * (len(reach) - 1))


def _up(one: Shift) -> float:
    return float(norm.sf(one.z))


def _down(one: Shift) -> float:
    return float(norm.cdf(one.z))


def _below(one: Shift, line: float) -> float:
    """How likely so low a change is with the truth at the line (equivalence; Schuirmann 1987)."""
    return float(norm.cdf((one.log_change - line) / one.se)) if one.se > 0 else 1.0
