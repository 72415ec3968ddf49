"""When a digest is due, and when it is tried again. Pure; the moments are local."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

OFF, WEEKDAYS, DAILY = "off", "weekdays", "daily"
# After this long the day is no morning any more: a digest of it would be late, not useful.
WITHIN_HOURS = 6
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=45),
    timedelta(hours=1),
    timedelta(hours=2),
)


def is_quiet(hour: int, quiet_from: int, quiet_until: int) -> bool:
    """Whether the hour of the day is one of quiet; equal ends mean there is none."""
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def hour_of(hour: int, quiet_from: int, quiet_until: int) -> int:
    """The hour at which the digest goes out: the wanted one, or the end of quiet."""
    return quiet_until if is_quiet(hour, quiet_from, quiet_until) else hour


def day_due(
    local: datetime,
    *,
    wanted: str,
    hour: int,
    quiet_from: int,
    quiet_until: int,
    works: Callable[[date], bool],
) -> date | None:
    """The day whose digest may go out at this local moment, or None.

    `works` tells which days the team works on; whoever wants weekdays gets it on these.
    """
    if wanted not in (WEEKDAYS, DAILY):
        return None
    if wanted == WEEKDAYS and not works(local.date()):
        return None
    begins = hour_of(hour, quiet_from, quiet_until)
    is_time = begins <= local.hour < begins + WITHIN_HOURS
    return local.date() if is_time and not is_quiet(local.hour, quiet_from, quiet_until) else None


def pause(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
