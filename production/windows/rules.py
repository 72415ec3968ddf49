"""May something go out on this channel at this time?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from production.models import Channel, Window
from production.rules import Refusal
from production.windows.hours import Hours, next_beginnings, respects

MOST = 20  # windows of one channel


def hours_of(channel: Channel) -> list[Hours]:
    """The channel's windows in use, as plain values."""
    return hours_of_channels([channel])[channel.pk]


def hours_of_channels(channels: Collection[Channel]) -> dict[int, list[Hours]]:
    """Channel's key → its windows in use, in one query; every channel asked for is there."""
    found: dict[int, list[Hours]] = defaultdict(list, {channel.pk: [] for channel in channels})
    for row in Window.objects.filter(channel__in=list(found), retired_at=None).order_by("id"):
        found[row.channel_id].append(as_hours(row))
    return found


def as_hours(row: Window) -> Hours:
    return Hours(
        frozenset(row.weekdays), row.begins, row.ends, row.locked_until, str(row.public_id)
    )


def refusal_for(
    channel: Channel, at: datetime, *, zone: str, now: datetime, hours: Iterable[Hours]
) -> Refusal | None:
    """None inside a window; `window_locked` or `outside_window` otherwise.

    `zone` is the workspace's. Both may be waived by an owner who says why.
    """
    known = list(hours)
    if respects(known, at, zone):
        return None
    today = now.astimezone(ZoneInfo(zone)).date()
    lasting = [each.locked_until for each in known if each.is_locked(today)]
    nearest = next_beginnings(known, max(at, now), zone, 1)
    params = {
        "channel": channel.name,
        "next": nearest[0].isoformat(timespec="minutes") if nearest else "",
    }
    if lasting:
        return Refusal(
            "window_locked", params | {"until": max(day for day in lasting if day).isoformat()}
        )
    return Refusal("outside_window", params)
