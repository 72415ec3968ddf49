"""The proposed fortnight of a workspace, changed as asked, and accepted as empty slots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from playbook import proposing
from playbook.proposing import Place, Proposal, Shape, Theme, Way
from production import cycles, mix, mixrules, slots, windows
from production.calendarview.entries import EMPTY, PLANNED, PUBLISHED, SCHEDULED, entries_of
from production.calendarview.mixing import phase_of
from production.calendarview.span import monday_of
from production.models import Channel, Format, KpiDefinition, Pillar, Slot, Workspace
from production.permissions import Seat
from production.presets.plan import NEW_MESSAGE
from production.publications.schedule import wall_time

DAYS = 14
_STANDS = {
    EMPTY: mix.Stand.PLANNED,  # an empty slot is the plan, as far as a plan of slots goes
    PLANNED: mix.Stand.PLANNED,
    SCHEDULED: mix.Stand.SCHEDULED,
    PUBLISHED: mix.Stand.PUBLISHED,
}


def first_monday(workspace: Workspace, at: datetime) -> date:
    """Today where it is a Monday, else the next one: whole weeks can keep what a week promises."""
    today = cycles.today_in(workspace, at)
    return today + timedelta(days=-today.weekday() % 7)


def proposal_of(workspace: Workspace, at: datetime) -> Proposal:
    """Slots for two whole weeks beside what is planned there already; changes nothing."""
    zone = workspace.time_zone
    place = ZoneInfo(zone)
    monday = first_monday(workspace, at)
    begins = datetime.combine(monday, datetime.min.time(), place)
    entries = entries_of(workspace, begins, begins + timedelta(days=DAYS), at)
    taken: dict[int, set[datetime]] = defaultdict(set)
    had: dict[date, list[mix.Piece]] = defaultdict(list)
    for each in entries:
        taken[each.channel.pk].add(each.at.replace(tzinfo=None))
        channel = each.channel
        if not each.is_missed:
            piece = mix.Piece(_STANDS[each.look], str(channel.public_id), channel.role, each.traits)
            had[monday_of(each.day)].append(piece)
    channels = list(
        Channel.objects.filter(workspace=workspace, retired_at=None)
        .select_related("winning_kpi")
        .order_by("role", "position", "id")
    )
    hours = windows.hours_of_channels(channels)
    ways = [
        Way(
            str(each.public_id),
            each.name,
            each.role,
            tuple(hours[each.pk]),
            each.winning_kpi.public_id if each.winning_kpi else "",
            frozenset(taken[each.pk]),
        )
        for each in channels
    ]
    cycle = cycles.running(workspace)
    weeks = (monday, monday + timedelta(days=7))
    pillars = Pillar.objects.filter(workspace=workspace, retired_at=None).select_related("kpi")
    formats = Format.objects.filter(workspace=workspace, retired_at=None)
    return proposing.propose(
        ways,
        mixrules.rules_of(workspace),
        [Shape(each.public_id, each.state) for each in formats.order_by("position", "id")],
        [Theme(each.public_id, each.kpi.public_id) for each in pillars.order_by("position", "id")],
        monday=monday,
        after=at.astimezone(place).replace(tzinfo=None) + timedelta(hours=1),
        zone=zone,
        had=had,
        phases={week: phase_of(cycle, week) for week in weeks},
    )


def arranged(
    places: Sequence[Place], order: Sequence[int], dropped: Collection[int]
) -> list[tuple[int, Place]]:
    """The places with what they are for in another order, without the dropped ones.

    `order` says for each place whose purpose it takes. What is for a channel stays on it: only
    places of one channel swap. Raises ValueError for what is no order of them.
    """
    if sorted(order) != list(range(len(places))):
        raise ValueError("order")
    found = []
    for number, (place, whose) in enumerate(zip(places, order, strict=True)):
        taken = places[whose]
        if taken.piece.channel != place.piece.channel:
            raise ValueError("order")
        if number not in dropped:
            found.append((number, replace(taken, at=place.at)))
    return found


@transaction.atomic
def accept(places: Sequence[Place], *, seat: Seat, at: datetime) -> list[Slot]:
    """Make the places empty slots; no clock starts. Raises Invalid, Refused as `slots.add`."""
    seat.require("slot.change")
    workspace = seat.workspace
    named: dict[str, Any] = {
        str(row.public_id): row
        for model in (Channel, Pillar, Format, KpiDefinition)
        for row in model.objects.filter(workspace=workspace)
    }
    note = NEW_MESSAGE.in_(workspace.language)
    return [
        slots.add(
            named[each.piece.channel],
            wall_time(
                each.at.isoformat(timespec="minutes"), workspace.time_zone, field="starts_at"
            ),
            {
                "content_type": each.piece.kind,
                "pillar": named.get(each.pillar),
                "format": named.get(each.format),
                "kpi": named.get(each.kpi),
                "is_experiment": each.piece.is_experiment,
                "note": note if each.piece.is_new else "",
            },
            seat=seat,
            at=at,
        )
        for each in places
    ]
