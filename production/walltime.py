"""Wall time: the hour on the clock of a place, and the moment in UTC that makes. Pure.

Twice a year a place's clock jumps. An hour that is skipped is read with the offset that held
before, so that it lands as far behind the jump as it was meant behind the hour (RFC 5545, 3.3.5);
an hour that comes twice is read as the first one (`fold=0`, PEP 495). Both are said, never silent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

GAP, FOLD = "gap", "fold"  # as `Publication.TimeNote`
YEARS = range(2000, 2200)
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class WallTime:
    """What was meant, and what it is."""

    local: str  # as it was meant: 2026-03-30T18:00
    zone: str  # an IANA name: Europe/Helsinki
    at: datetime  # in UTC
    note: str = ""  # GAP or FOLD on the nights when that needed a decision

    @property
    def shown(self) -> datetime:
        """The moment on the clock of the place; after a gap later than what was meant."""
        return self.at.astimezone(ZoneInfo(self.zone))


def resolve(local: str, zone: str) -> WallTime:
    """The moment of `2026-03-30T18:00` in a zone, to the minute.

    Raises ValueError("unknown_zone"), ("invalid") for what is no wall time, or ("out_of_range").
    """
    place = zone_of(zone)
    if not isinstance(local, str) or not _LOCAL.fullmatch(local):
        raise ValueError("invalid")
    try:
        naive = datetime.fromisoformat(local)
    except ValueError:
        raise ValueError("invalid") from None
    if naive.year not in YEARS:
        raise ValueError("out_of_range")
    first, second = (naive.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    at = first.astimezone(UTC)
    note = ""
    if first.utcoffset() != second.utcoffset():
        there_and_back = at.astimezone(place).replace(tzinfo=None)
        note = FOLD if there_and_back == naive else GAP
    return WallTime(local, zone, at, note)


def of_moment(moment: datetime, zone: str) -> WallTime:
    """The wall time of a moment there, to the minute below.

    Raises ValueError for a zone that is none, a moment without an offset, or out of range.
    """
    place = zone_of(zone)
    if moment.tzinfo is None:
        raise ValueError("naive_datetime")
    if not YEARS[0] < moment.year < YEARS[-1]:
        raise ValueError("out_of_range")
    there = moment.astimezone(place).replace(second=0, microsecond=0)
    return WallTime(there.strftime("%Y-%m-%dT%H:%M"), zone, there.astimezone(UTC))


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; ValueError("unknown_zone") for one the IANA database lacks."""
    if not is_zone(name):
        raise ValueError("unknown_zone")
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    return isinstance(name, str) and name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
