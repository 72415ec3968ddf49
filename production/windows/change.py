"""Choosing the windows of a channel, and locking them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from production import changes as changing
from production import events, parts, presets
from production.errors import Invalid, Refused
from production.models import Channel, Window, Workspace
from production.permissions import Seat
from production.rules import Refusal
from production.windows.hours import LOCK_DAYS
from production.windows.rules import MOST, as_hours

FIELDS = ("weekdays", "begins", "ends")
WEEKDAYS = range(1, 8)  # ISO 8601: Monday is 1


@transaction.atomic
def add(
    channel: Channel,
    *,
    weekdays: Iterable[int],
    begins: time,
    ends: time,
    seat: Seat,
    at: datetime,
    reason: str = "",
) -> Window:
    """One more window of the channel, in the workspace's zone; locked as its others are.

    Raises Invalid, and Refused while the channel's windows are locked and no reason is given.
    """
    held, reason = _asked(channel, seat, at, reason)
    if len(held) >= MOST:
        raise Refused([Refusal("limit_reached", {"limit": MOST})])
    window = Window(
        workspace=seat.workspace,
        channel=channel,
        weekdays=_days(weekdays),
        begins=begins,
        ends=ends,
        locked_until=_lasting(held, _today(seat.workspace, at)),
        created_at=at,
    )
    _check(window)
    window.save(force_insert=True)
    _record("window.added", channel, seat, at, reason, window=window.public_id, **_told(window))
    return window


@transaction.atomic
def add_usual(channel: Channel, *, seat: Seat, at: datetime) -> list[Window]:
    """The usual hours of the channel's platform, where it has no windows yet."""
    seat.require("window.change")
    if _held(channel, seat):
        return []
    made = presets.add_windows([channel], at)
    for window in made:
        _record("window.added", channel, seat, at, "", window=window.public_id, **_told(window))
    return made


@transaction.atomic
def change(
    window: Window,
    changes: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
    reason: str = "",
) -> Window:
    """Change weekdays or hours. Raises Invalid, Stale, and Refused while locked, as `add`."""
    held, reason = _asked(window.channel, seat, at, reason)
    window = _found(held, window)
    changing.require_version(window, version, changes)
    wanted = dict(changes)
    if "weekdays" in wanted:
        wanted["weekdays"] = _days(wanted["weekdays"])
    noted = changing.apply(window, wanted, fields=FIELDS)
    if not noted:
        return window
    _check(window)
    window.version += 1
    window.save()
    _record(
        "window.changed", window.channel, seat, at, reason,
        window=window.public_id, changes=_plain(noted),
    )  # fmt: skip
    return window


@transaction.atomic
def retire(window: Window, *, seat: Seat, at: datetime, reason: str = "") -> None:
    """Publish there no more. Raises Refused while locked, as `add`."""
    held, reason = _asked(window.channel, seat, at, reason)
    window = _found(held, window)
    window.retired_at, window.version = at, window.version + 1
    window.save(update_fields=["retired_at", "version"])
    _record("window.retired", window.channel, seat, at, reason, window=window.public_id)


@transaction.atomic
def lock(channel: Channel, *, seat: Seat, at: datetime) -> date:
    """Keep the channel's windows as they are for three weeks; answers the last day.

    A lock is never made shorter. Raises Refused where there is nothing to lock.
    """
    seat.require("window.change")
    held = _held(channel, seat)
    if not held:
        raise Refused([Refusal("no_windows", {"channel": channel.name})])
    until = _today(seat.workspace, at) + timedelta(days=LOCK_DAYS)
    until = max([until, *(each.locked_until for each in held if each.locked_until)])
    if all(each.locked_until == until for each in held):
        return until
    _lock_until(held, until)
    _record("window.locked", channel, seat, at, "", until=until.isoformat())
    return until


@transaction.atomic
def unlock(channel: Channel, *, seat: Seat, at: datetime, reason: str) -> None:
    """Let the windows be changed before their time, and say why. Unlocked already is fine."""
    seat.require("window.change")
    held = _held(channel, seat)
    if _lasting(held, _today(seat.workspace, at)) is None:
        return
    reason = parts.line_of("reason", reason, limit=300, required=True)
    _lock_until(held, None)
    _record("window.unlocked", channel, seat, at, reason)


def _asked(channel: Channel, seat: Seat, at: datetime, reason: str) -> tuple[list[Window], str]:
    """The channel's windows, held, once the person may change them at all."""
    seat.require("window.change")
    held = _held(channel, seat)
    reason = parts.line_of("reason", reason, limit=300)
    until = _lasting(held, _today(seat.workspace, at))
    if until and not reason:
        params = {"channel": channel.name, "until": until.isoformat()}
        raise Refused([Refusal("windows_kept", params)])
    return held, reason if until else ""


def _held(channel: Channel, seat: Seat) -> list[Window]:
    """The channel's windows in use, once its row is ours: two owners do not both add the last."""
    Channel.objects.select_for_update(no_key=True).get(pk=channel.pk, workspace=seat.workspace)
    rows = Window.objects.filter(channel=channel, retired_at=None).select_related("channel")
    return list(rows.order_by("id"))


def _found(held: list[Window], window: Window) -> Window:
    for row in held:
        if row.pk == window.pk:
            return row
    raise Refused([Refusal("window_retired")])


def _lasting(held: Iterable[Window], today: date) -> date | None:
    """The last day of the lock that holds today."""
    days = [each.locked_until for each in held if as_hours(each).is_locked(today)]
    return max((day for day in days if day), default=None)


def _lock_until(held: Iterable[Window], until: date | None) -> None:
    for window in held:
        window.locked_until, window.version = until, window.version + 1
        window.save(update_fields=["locked_until", "version"])


def _days(weekdays: Iterable[int]) -> list[int]:
    try:
        return sorted(set(weekdays))
    except TypeError:
        return []


def _check(window: Window) -> None:
    days = window.weekdays
    if not days or any(type(day) is not int or day not in WEEKDAYS for day in days):
        sentence = _("Choose at least one weekday, from 1 (Monday) to 7 (Sunday).")
        raise Invalid({"weekdays": [("range", sentence)]})
    if window.ends <= window.begins:
        raise Invalid({"ends": [("range", _("A window ends after it begins."))]})


def _today(workspace: Workspace, at: datetime) -> date:
    return at.astimezone(ZoneInfo(workspace.time_zone)).date()


def _told(window: Window) -> dict[str, Any]:
    return {
        "weekdays": window.weekdays,
        "begins": f"{window.begins:%H:%M}",
        "ends": f"{window.ends:%H:%M}",
    }


def _plain(noted: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    def say(value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    return {name: [say(each) for each in pair] for name, pair in noted.items()}


def _record(
    type: str, channel: Channel, seat: Seat, at: datetime, reason: str, **data: Any
) -> None:
    told = {"channel": channel.public_id, "name": channel.name, **data}
    events.record(
        type,
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data=told | ({"reason": reason} if reason else {}),
    )
