"""The time zones that people choose from."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_AREAS = (
    "Africa/",
    "America/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def names() -> tuple[str, ...]:
    """Zones named after a place, and UTC, in alphabetical order."""
    places = sorted(name for name in available_timezones() if name.startswith(_AREAS))
    return ("UTC", *places)
