"""When a risk is coming true: one rule for each symptom of the method (R74 to R78). Pure.

Two weeks are held against the two before. What is not known can fire nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RISES, FALLS = 0.10, -0.10
WORSENS = 0.50  # tone, reports and unfollows are small numbers: half more is a change
LEAST_EVENTS = 10
REACH_FALLS = -0.20
RHYTHM_FALLS = -0.25
UNLEARNT = 0.30


@dataclass(frozen=True, slots=True)
class Change:
    """Something in the two weeks before, and in the last two."""

    before: float
    now: float
    events: float = 0.0  # of now, where it is a rate

    @property
    def share(self) -> float | None:
        """By how much it changed: 0.1 is 10 % more; None where there was nothing."""
        return (self.now - self.before) / self.before if self.before > 0 else None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the workspace tells. None: it tells nothing of that."""

    impressions: Change | None = None
    viewed: Change | None = None
    saves: Change | None = None
    clicks: Change | None = None
    leads: Change | None = None
    negative: Change | None = None
    reports: Change | None = None
    unfollows: Change | None = None
    reach: Mapping[str, Change] = field(default_factory=dict)  # per post, by format
    published: Change | None = None
    lead_hours: Change | None = None
    target_hours: float = 72.0
    due: int = 0  # cards out for a week and more
    unlearnt: int = 0  # of them without result and decision


@dataclass(frozen=True, slots=True)
class Found:
    """Whether it fires, and the numbers of its sentence."""

    fires: bool
    numbers: dict[str, Any]


def flood(seen: Seen) -> Found | None:
    """Impressions rise by a tenth while the share viewed or the saves fall by a tenth."""
    up = _share(seen.impressions)
    falls = {"viewed": _share(seen.viewed), "saves": _share(seen.saves)}
    known = {name: share for name, share in falls.items() if share is not None}
    if up is None or not known:
        return None
    fires = up >= RISES and min(known.values()) <= FALLS
    return Found(fires, {"impressions": up, **known})


def algorithm(seen: Seen) -> Found | None:
    """Two formats and more lose a fifth of their reach per post at once."""
    shares = {name: change.share for name, change in seen.reach.items()}
    known = {name: share for name, share in shares.items() if share is not None}
    if len(known) < 2:
        return None
    falling = {name: share for name, share in known.items() if share <= REACH_FALLS}
    worst = dict(sorted(falling.items(), key=lambda pair: pair[1])[:3])
    return Found(len(falling) >= 2, {"formats": worst, "falling": len(falling), "of": len(known)})


def trust(seen: Seen) -> Found | None:
    """Negative comments, reports or unfollows rise by half, on ten events at least."""
    parts = {"negative": seen.negative, "reports": seen.reports, "unfollows": seen.unfollows}
    known = {name: each for name, each in parts.items() if each is not None}
    if not known:
        return None
    worse = {
        name: share
        for name, each in known.items()
        if (share := each.share) is not None and share >= WORSENS and each.events >= LEAST_EVENTS
    }
    told = {name: share for name, each in known.items() if (share := each.share) is not None}
    return Found(bool(worse), told)


def measurement(seen: Seen) -> Found | None:
    """Impressions rise by a tenth while neither clicks nor leads do."""
    up = _share(seen.impressions)
    follow = {"clicks": _share(seen.clicks), "leads": _share(seen.leads)}
    known = {name: share for name, share in follow.items() if share is not None}
    if up is None or not known:
        return None
    return Found(up >= RISES and max(known.values()) <= 0, {"impressions": up, **known})


def overload(seen: Seen) -> Found | None:
    """Two of three: a quarter less comes out, lead time is over target and longer, cards wait."""
    signs = 0
    numbers: dict[str, Any] = {}
    if seen.published is not None and (share := seen.published.share) is not None:
        numbers["published"] = share
        signs += share <= RHYTHM_FALLS
    if seen.lead_hours is not None:
        numbers |= {"hours": seen.lead_hours.now, "was_hours": seen.lead_hours.before}
        longer = seen.lead_hours.now > seen.lead_hours.before
        signs += longer and seen.lead_hours.now > seen.target_hours
    if seen.due:
        numbers |= {"unlearnt": seen.unlearnt, "due": seen.due}
        signs += seen.unlearnt > UNLEARNT * seen.due
    return Found(signs >= 2, numbers | {"signs": signs}) if numbers else None


RULES: Mapping[str, Any] = {
    "flood": flood,
    "algorithm": algorithm,
    "trust": trust,
    "measurement": measurement,
    "overload": overload,
}


def detect(detector: str, seen: Seen) -> Found | None:
    """What a detector says; None where nobody watches or too little is known."""
    rule = RULES.get(detector)
    return rule(seen) if rule else None


def _share(change: Change | None) -> float | None:
    return change.share if change is not None else None
