"""Cycles of ninety days: begin one, keep its channels, decide at the end of each phase, end it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from production import changes as changing
from production import events, phases
from production.checks import check
from production.errors import Invalid, Refused
from production.models import Channel, Cycle, CycleChannel, CyclePhase, Workspace
from production.permissions import Seat
from production.rules import Refusal

FIELDS = ("name", "template", "starts_on", "core_conversion", "lean", "campaign")
PRIMARY, SUPPORT = Channel.Role.PRIMARY, Channel.Role.SUPPORT
MOST = {PRIMARY: 2, SUPPORT: 1}  # R10


def running(workspace: Workspace) -> Cycle | None:
    """The cycle that was started and not ended; it may lie ahead of today or be over."""
    return (
        Cycle.objects.filter(workspace=workspace, started_at__isnull=False, ended_at=None)
        .select_related("core_conversion")
        .first()
    )


def today_in(workspace: Workspace, at: datetime) -> date:
    """The workspace's day at a moment."""
    return at.astimezone(ZoneInfo(workspace.time_zone)).date()


def phase_of(workspace: Workspace, day: date) -> int | None:
    """The phase of the running cycle on a day, from 1; None outside it."""
    cycle = running(workspace)
    place = cycle and phases.place(cycle.starts_on, cycle.phase_ends, day)
    return place.phase if place else None


@transaction.atomic
def start(
    values: Mapping[str, Any],
    *,
    channels: Mapping[Channel, str],
    seat: Seat,
    at: datetime,
    reason: str = "",
) -> Cycle:
    """Begin a cycle with its channels in their roles, locked to its last day.

    At most two primary channels and one for support, more only with a reason (R10).
    Raises Invalid, Refused when a cycle is running.
    """
    workspace = _hold(seat)
    if running(workspace) is not None:
        raise Refused([Refusal("cycle_running")])
    _check_channels(channels, reason, workspace)
    cycle = Cycle(
        workspace=workspace,
        starts_on=today_in(workspace, at),
        days=phases.DAYS,
        phase_ends=list(phases.USUAL),
        created_at=at,
        created_by=seat.user,
        started_at=at,
    )
    changing.apply(cycle, values, fields=FIELDS)
    check(cycle)
    cycle.save(force_insert=True)
    CyclePhase.objects.bulk_create(
        CyclePhase(cycle=cycle, number=number, first_day=first, last_day=last)
        for number, (first, last) in enumerate(phases.spans(cycle.phase_ends), start=1)
    )
    for channel, role in channels.items():
        _take(cycle, channel, role, reason)
    events.record(
        "cycle.started",
        cycle.public_id,
        workspace_id=workspace.pk,
        by=seat.user,
        at=at,
        data={
            "name": cycle.name,
            "starts_on": cycle.starts_on.isoformat(),
            "days": cycle.days,
            "channels": {channel.public_id: role for channel, role in channels.items()},
            **({"override": reason} if reason else {}),
        },
    )
    for beginning in settings.CYCLE_BEGINNINGS:
        import_string(beginning)(cycle, seat=seat, at=at)
    return cycle


@transaction.atomic
def change(
    cycle: Cycle,
    values: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> Cycle:
    """Change the named fields; the first day only until it has come. Raises Invalid, Stale."""
    cycle = _cycle(cycle, seat)
    changing.require_version(cycle, version, values)
    begun = cycle.starts_on <= today_in(cycle.workspace, at)
    noted = changing.apply(cycle, values, fields=FIELDS)
    if "starts_on" in noted and begun:
        raise Refused([Refusal("cycle_begun")])
    if noted:
        check(cycle)
        cycle.version += 1
        cycle.save()
        _record("cycle.changed", cycle, seat, at, {"changes": noted})
    return cycle


@transaction.atomic
def choose_channels(
    cycle: Cycle,
    channels: Mapping[Channel, str],
    *,
    seat: Seat,
    at: datetime,
    reason: str = "",
) -> None:
    """Other channels or roles, which are locked until the last day: only with a reason.

    Raises Refused (`channel_lock`) without one.
    """
    cycle = _cycle(cycle, seat)
    had = {row.channel: row.role for row in cycle.channels.select_related("channel")}
    if had == dict(channels):
        return
    if not reason.strip():
        raise Refused([Refusal("channel_lock", {"until": cycle.ends_on.isoformat()})])
    _check_channels(channels, reason, cycle.workspace)
    for channel in had.keys() - channels.keys():
        cycle.channels.filter(channel=channel).delete()
        Channel.objects.filter(pk=channel.pk).update(locked_until=None)
    for channel, role in channels.items():
        _take(cycle, channel, role, reason)
    data = {
        "from": {channel.public_id: role for channel, role in had.items()},
        "to": {channel.public_id: role for channel, role in channels.items()},
        "override": reason,
    }
    _record("cycle.channels_changed", cycle, seat, at, data)


@transaction.atomic
def decide(
    cycle: Cycle,
    number: int,
    decision: str,
    *,
    note: str,
    seat: Seat,
    at: datetime,
    days: int = 7,
) -> CyclePhase:
    """What happens at the end of a phase: go on, extend it by `days`, or stop (R29).

    Extending takes the days from the phases after it. Stopping ends the cycle. Raises Invalid.
    """
    cycle = _cycle(cycle, seat)
    phase = cycle.phases.filter(number=number).first()
    if phase is None:
        raise Invalid({"phase": [("does_not_exist", _("A cycle has the phases 1 to 4."))]})
    if decision not in CyclePhase.Decision.values:
        raise Invalid({"decision": [("invalid_choice", _("Go on, extend or stop."))]})
    if not note.strip():
        raise Invalid({"note": [("required", _("Say why."))]})
    if decision == CyclePhase.Decision.EXTEND:
        _extend(cycle, number, days)
        phase.refresh_from_db()
    phase.decision, phase.decision_note = decision, note.strip()
    phase.decided_at, phase.decided_by = at, seat.user
    check(phase)
    phase.save()
    data = {"phase": number, "decision": decision, "note": phase.decision_note}
    if decision == CyclePhase.Decision.EXTEND:
        data["ends"] = cycle.phase_ends
    _record("cycle.phase_decided", cycle, seat, at, data)
    if decision == CyclePhase.Decision.STOP:
        end(cycle, seat=seat, at=at)
    return phase


@transaction.atomic
def end(cycle: Cycle, *, seat: Seat, at: datetime) -> Cycle:
    """End it and let its channels go."""
    cycle = _cycle(cycle, seat)
    if cycle.ended_at is None:
        cycle.ended_at = at
        cycle.version += 1
        cycle.save(update_fields=["ended_at", "version"])
        Channel.objects.filter(pk__in=cycle.channels.values("channel")).update(locked_until=None)
        place = phases.place(cycle.starts_on, cycle.phase_ends, today_in(cycle.workspace, at))
        _record("cycle.ended", cycle, seat, at, {"day": place.day if place else None})
    return cycle


def _hold(seat: Seat) -> Workspace:
    seat.require("cycle.change")
    return Workspace.objects.select_for_update().get(pk=seat.workspace.pk)


def _cycle(cycle: Cycle, seat: Seat) -> Cycle:
    _hold(seat)
    return (
        Cycle.objects.select_related("workspace", "core_conversion")
        .select_for_update(of=("self",))
        .get(pk=cycle.pk, workspace=seat.workspace)
    )


def _check_channels(channels: Mapping[Channel, str], reason: str, workspace: Workspace) -> None:
    if not channels:
        raise Invalid({"channels": [("required", _("Choose at least one primary channel."))]})
    if any(channel.workspace_id != workspace.pk for channel in channels):
        raise Invalid({"channels": [("does_not_exist", _("This channel does not exist."))]})
    if not reason.strip() and any(
        _count(channels.values(), role) > most for role, most in MOST.items()
    ):
        raise Refused([Refusal("too_many_channels", {"primary": 2, "support": 1})])


def _count(roles: Collection[str], role: str) -> int:
    return sum(each == role for each in roles)


def _take(cycle: Cycle, channel: Channel, role: str, reason: str) -> None:
    CycleChannel.objects.update_or_create(
        cycle=cycle, channel=channel, defaults={"role": role, "override_reason": reason.strip()}
    )
    Channel.objects.filter(pk=channel.pk).update(role=role, locked_until=cycle.ends_on)


def _extend(cycle: Cycle, number: int, days: int) -> None:
    try:
        ends = phases.extended(cycle.phase_ends, number, days)
    except ValueError:
        message = _("The phases after it do not have that many days.")
        raise Invalid({"days": [("range", message)]}) from None
    for place, (first, last) in enumerate(phases.spans(ends), start=1):
        cycle.phases.filter(number=place).update(first_day=first, last_day=last)
    cycle.phase_ends = list(ends)
    cycle.version += 1
    cycle.save(update_fields=["phase_ends", "version"])


def _record(type_: str, cycle: Cycle, seat: Seat, at: datetime, data: dict[str, Any]) -> None:
    events.record(
        type_, cycle.public_id, workspace_id=cycle.workspace_id, by=seat.user, at=at, data=data
    )


def last_day(cycle: Cycle, number: int) -> date:
    """The date on which a phase ends."""
    return cycle.starts_on + timedelta(days=cycle.phase_ends[number - 1] - 1)
