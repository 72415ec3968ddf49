"""When each invented item is born, worked on, published and learned from: plain values."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from production.models import Kind

PAST_ITEMS = 128
MAKERS = ("ben", "sari", "ann", "ben", "sari")
SITES = ("tiktok.example", "instagram.example", "youtube.example")
TARGETS = (62, 8, 48)
ORDER = (Kind.SCRIPT, Kind.SHOOT, Kind.EDIT, Kind.PUBLISH, Kind.LEARN, Kind.DONE)
# Hours spent before entering each kind, at the pace of the last weeks.
HOURS = {Kind.SCRIPT: 5, Kind.SHOOT: 13, Kind.EDIT: 9, Kind.PUBLISH: 19, Kind.LEARN: 10}
SPREAD = 0.42  # of the logarithm
SLOWEST = 2.6  # how much slower the first weeks were


@dataclass(frozen=True, slots=True)
class Path:
    """One item's way through the pipeline. Times after the present simply do not come."""

    number: int
    idea_at: datetime
    entries: tuple[tuple[Kind, datetime], ...]
    maker: str
    channel: int
    template: int
    target: float
    result: float
    site: str
    out_at: datetime | None = None
    blocked_at: datetime | None = None
    unblocked_at: datetime | None = None
    commented_at: datetime | None = None
    archived_at: datetime | None = None
    sent_back: bool = False
    waits_for_review: bool = False


def past_path(chance: random.Random, number: int, now: datetime, formats: int) -> Path:
    """An item of the past: born in working hours, slower the longer ago."""
    share = (number + chance.random()) / PAST_ITEMS  # 0: ninety days ago, 1: four days ago
    idea_at = _working_hour(now - timedelta(days=89 - 85 * share), chance)
    pace = SLOWEST - (SLOWEST - 1) * min(1, share * 1.15)
    at, entries = idea_at, []
    for kind in ORDER[:-1]:
        at += timedelta(hours=HOURS[kind] * pace * chance.lognormvariate(0, SPREAD))
        entries.append((kind, at))
    out_at = entries[-1][1]
    entries.append((Kind.DONE, out_at + timedelta(days=6 + 2 * chance.random())))
    channel = number % 3
    target = TARGETS[channel]
    trend = 0.82 + 0.3 * share
    blocked_at = unblocked_at = None
    if chance.random() < 0.14:
        blocked_at = entries[2][1] + timedelta(hours=1)
        unblocked_at = blocked_at + (entries[3][1] - blocked_at) * 0.6
    return Path(
        number=number,
        idea_at=idea_at,
        entries=tuple(entries),
        maker=MAKERS[number % len(MAKERS)],
        channel=channel,
        template=chance.randrange(formats),
        target=target,
        result=round(target * trend * chance.lognormvariate(0, 0.18), 1),
        site=SITES[channel],
        out_at=out_at if number % 4 == 0 else None,
        blocked_at=blocked_at,
        unblocked_at=unblocked_at,
        commented_at=entries[1][1] if chance.random() < 0.4 else None,
        archived_at=out_at + timedelta(days=24) if number % 5 else None,
        sent_back=chance.random() < 0.15,
    )


def today_path(
    now: datetime, hours: float, kind: Kind, in_stage: float, template: int, number: int
) -> Path:
    """An item that stands in `kind` now: born `hours` ago, there since `in_stage` hours."""
    idea_at, entered = now - timedelta(hours=hours), now - timedelta(hours=in_stage)
    reached = ORDER[: ORDER.index(kind) + 1] if kind in ORDER else ()
    step = (entered - idea_at) / max(1, len(reached))
    entries = tuple((each, idea_at + step * (place + 1)) for place, each in enumerate(reached))
    channel = number % 3
    is_blocked = kind == Kind.EDIT and in_stage > 24
    waits = kind == Kind.EDIT and not is_blocked and number % 2 == 0
    if waits:
        entries += ((Kind.PUBLISH, now - timedelta(minutes=20)),)
    return Path(
        number=number,
        idea_at=idea_at,
        entries=entries,
        maker=MAKERS[(number + 1) % len(MAKERS)],
        channel=channel,
        template=template,
        target=TARGETS[channel],
        result=0,
        site=SITES[channel],
        out_at=now + timedelta(hours=20) if number % 3 == 0 else None,
        blocked_at=entered + timedelta(hours=3) if is_blocked else None,
        commented_at=entered + (now - entered) / 2 if number % 3 == 1 else None,
        waits_for_review=waits,
    )


def family_path(chance: random.Random, born_at: datetime, count: int) -> Path:
    """A main piece (0) and its cuts: the main piece first, a cut every other day after it."""
    path = past_path(chance, PAST_ITEMS - 1 - count, born_at + timedelta(days=4), 1)
    shift = born_at + timedelta(days=2 * count, hours=1) - path.idea_at
    return replace(
        path,
        number=PAST_ITEMS + count,
        idea_at=born_at,
        entries=tuple((kind, at + shift) for kind, at in path.entries),
        maker="ann" if count == 0 else "sari",
        out_at=None,
        blocked_at=None,
        commented_at=None,
        archived_at=None,
    )


def _working_hour(moment: datetime, chance: random.Random) -> datetime:
    moment = moment.replace(hour=6 + chance.randrange(9), minute=chance.randrange(60), second=0)
    while moment.weekday() >= 5:
        moment -= timedelta(days=1)
    return moment.replace(microsecond=0)
