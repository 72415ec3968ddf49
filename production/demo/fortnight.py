"""What the invented team plans: slots for two weeks, and the cards that take them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from production import leases, publishing, reports, reviews, slots, windows
from production.errors import Invalid, Refused
from production.models import (
    Channel,
    ContentItem,
    Format,
    Kind,
    Publication,
    Report,
    Slot,
    Workspace,
)
from production.permissions import Seat

# Weekdays (Monday is 1) and the hour, by the place of the channel in the plan.
PATTERN = (
    (((1, 2, 4, 5), 19), ((6,), 10)),
    (((1, 3), 12), ((2, 4, 7), 18)),
    (((3, 5), 17),),
)
LEFT_OPEN = 4  # the last slots, still to be filled
# How far a card has to be for the next slots, and for those after.
SOON = (Kind.PUBLISH, Kind.EDIT, Kind.SHOOT, Kind.SCRIPT, Kind.IDEA)


def plan(workspace: Workspace, seats: Mapping[str, Seat], now: datetime) -> None:
    """Windows locked, slots for the rest of these two weeks, most of them taken."""
    ann, ben = seats["ann"], seats["ben"]
    channels = list(workspace.channels.filter(retired_at=None).order_by("position", "id"))
    for channel in channels[:2]:
        windows.lock(channel, seat=ann, at=now - timedelta(days=9))
    today = now.astimezone(ZoneInfo(workspace.time_zone)).date()
    for channel, patterns in zip(channels, PATTERN, strict=False):
        for weekdays, hour in patterns:
            _repeat(channel, weekdays, hour, today, ben, now)
    _describe(workspace, ben, now)
    _fill(workspace, ben, now)
    _hand_over(workspace, ben, seats["vera"], now)


def _repeat(
    channel: Channel, weekdays: tuple[int, ...], hour: int, today: date, seat: Seat, now: datetime
) -> None:
    """From today until the Sunday of the next week, inside the channel's windows."""
    days = 14 - (today.isoweekday() - 1)
    try:
        slots.repeat(
            channel, first=today, days=days, weekdays=weekdays, clock=time(hour),
            zone=seat.workspace.time_zone, values={}, seat=seat, at=now,
        )  # fmt: skip
    except Invalid:  # it is late on Sunday: none of these days is left
        return


def _describe(workspace: Workspace, seat: Seat, now: datetime) -> None:
    """What some of the slots are for: two experiments and two questions a week, an offer."""
    formats = list(Format.objects.filter(workspace=workspace).order_by("position", "id"))
    pillars = list(workspace.pillars.order_by("position", "id"))
    for count, slot in enumerate(_ahead(workspace)):
        values: dict[str, Any] = {
            "format": formats[count % len(formats)],
            "pillar": pillars[count % len(pillars)],
        }
        if count % 5 == 2:
            values["is_experiment"] = True
        if count % 6 in (1, 4):
            values["content_type"] = ContentItem.ContentType.QUESTION
        if count % 6 == 3:
            values["content_type"] = ContentItem.ContentType.CONVERSION
        slots.change(slot, values, seat=seat, at=now)


def _fill(workspace: Workspace, seat: Seat, now: datetime) -> None:
    """The cards that are furthest take the first slots of their channel."""
    free = list(_ahead(workspace))
    for slot in free[:-LEFT_OPEN]:
        found = slots.candidates(slot, seat).filter(
            Q(channel=slot.channel_id), blocked_at=None, board__archived_at=None
        )
        nearest = sorted(
            found, key=lambda item: (SOON.index(Kind(item.stage.kind)), item.idea_at, item.pk)
        )
        if nearest:
            slots.fill(slot, nearest[0], seat=seat, at=now)


def _hand_over(workspace: Workspace, seat: Seat, reviewer: Seat, now: datetime) -> None:
    """What is ready to publish is signed; a scheduler has taken all of it but the last."""
    waiting = Publication.objects.filter(
        workspace=workspace, slot__isnull=False, item__stage__kind=Kind.PUBLISH
    ).select_related("item__workspace", "item__board", "channel")
    ready = []
    for publication in waiting.order_by("publish_at", "id"):
        caption = f"{publication.item.title}\n\n{publication.item.promise}".strip()
        by: dict[str, Any] = {"by": seat.user, "at": now}
        try:
            publishing.change(publication, {"caption": caption}, **by)
            asked = reviews.request(publication.item, reviewer=reviewer.user, **by)
            reviews.sign(asked, by=reviewer.user, at=now, facts=True, brand=True, cta=True)
            ready.append(publishing.mark_ready(publication, **by))
        except (Refused, Invalid):  # it waits for something, as in any team
            continue
    for number, publication in enumerate(ready[:-1] or ready):
        lease = leases.claim(publication, seat=seat, client=leases.Client("postiz"), at=now)
        said = reports.Said(
            status=Report.Status.SCHEDULED,
            report_id=f"run-{number}",
            occurred_at=now,
            content_digest=publication.content_digest,
            scheduled_for=publication.publish_at,
            tool_name="postiz",
        )
        reports.receive(lease, fence=lease.fence, said=said, seat=seat, at=now)


def _ahead(workspace: Workspace) -> list[Slot]:
    rows = Slot.objects.filter(workspace=workspace, publication=None, cancelled_at=None)
    return list(rows.select_related("channel", "workspace").order_by("starts_at", "id"))
