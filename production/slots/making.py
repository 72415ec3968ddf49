"""New slots: one, or a pattern of the week for fourteen days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from production import changes as changing
from production import events
from production.checks import check
from production.errors import Invalid
from production.events import Line
from production.models import Channel, Slot
from production.permissions import Seat
from production.publications.schedule import require_future, waiver, wall_time
from production.walltime import WallTime

FIELDS = ("content_type", "pillar", "format", "kpi", "is_experiment", "note")
MOST_DAYS = 92


@transaction.atomic
def add(
    channel: Channel,
    when: WallTime,
    values: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    waive: str = "",
) -> Slot:
    """A slot of the channel at this time. `waive`: why an owner puts it outside the windows.

    Raises Invalid, Refused (window_locked, outside_window), NotAllowed.
    """
    seat.require("slot.change")
    slot = _made(channel, when, values, seat, at, waive)
    slot.save(force_insert=True)
    _record([slot], seat, at)
    return slot


@transaction.atomic
def repeat(
    channel: Channel,
    *,
    first: date,
    days: int,
    weekdays: Iterable[int],
    clock: time,
    zone: str,
    values: Mapping[str, Any],
    seat: Seat,
    at: datetime,
    waive: str = "",
) -> list[Slot]:
    """A slot on each of these weekdays (ISO, Monday is 1) from `first` on, for so many days.

    Where the channel has a slot at the very time already, none is added; days that have passed are
    left out. Raises as `add`, and Invalid when no day is left.
    """
    seat.require("slot.change")
    wanted = _moments(first, days, set(weekdays), clock, zone)
    taken = set(
        Slot.objects.filter(
            channel=channel, cancelled_at=None, starts_at__in=[each.at for each in wanted]
        ).values_list("starts_at", flat=True)
    )
    ahead = [each for each in wanted if each.at >= at and each.at not in taken]
    if not ahead:
        sentence = _("Every one of these days has passed, or has its slot already.")
        raise Invalid({"weekdays": [("nothing_left", sentence)]})
    slots = [_made(channel, when, values, seat, at, waive) for when in ahead]
    Slot.objects.bulk_create(slots)
    _record(slots, seat, at)
    return slots


def _moments(first: date, days: int, weekdays: set[int], clock: time, zone: str) -> list[WallTime]:
    if not 1 <= days <= MOST_DAYS:
        sentence = _("From 1 to %(most)s days.") % {"most": MOST_DAYS}
        raise Invalid({"days": [("range", sentence)]})
    if not weekdays or not weekdays <= set(range(1, 8)):
        raise Invalid({"weekdays": [("range", _("Choose at least one weekday."))]})
    every = (first + timedelta(days=ahead) for ahead in range(days))
    return [
        wall_time(f"{day.isoformat()}T{clock:%H:%M}", zone, field="starts_at")
        for day in every
        if day.isoweekday() in weekdays
    ]


def _made(
    channel: Channel,
    when: WallTime,
    values: Mapping[str, Any],
    seat: Seat,
    at: datetime,
    waive: str,
) -> Slot:
    require_future(when, at, "starts_at")
    slot = Slot(
        workspace=seat.workspace,
        channel=channel,
        starts_local=when.local,
        time_zone=when.zone,
        starts_at=when.at,
        time_note=when.note,
        waived_reason=waiver(channel, when, seat=seat, at=at, reason=waive),
        created_at=at,
        created_by=seat.user,
    )
    changing.apply(slot, values, fields=FIELDS)
    check(slot, only=FIELDS)
    return slot


def told(slot: Slot) -> dict[str, Any]:
    """The slot as the log names it."""
    named = {"slot": slot.public_id, "channel": slot.channel.public_id}
    return named | {"starts_local": slot.starts_local, "time_zone": slot.time_zone}


def _record(slots: Sequence[Slot], seat: Seat, at: datetime) -> None:
    events.record_many(
        [
            Line(
                "slot.added",
                seat.workspace.public_id,
                at,
                told(slot) | ({"reason": slot.waived_reason} if slot.waived_reason else {}),
                by=seat.user,
            )
            for slot in slots
        ],
        workspace_id=seat.workspace.pk,
    )
