"""An item takes a slot, and leaves it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from production import events, items, parts, publishing
from production.errors import Refused
from production.locks import hold_board
from production.models import ContentItem, Kind, Publication, Slot
from production.permissions import Seat
from production.publications import schedule as scheduling
from production.publications import states
from production.rules import Refusal
from production.slots.change import hold_slot, require_there
from production.slots.making import told
from production.walltime import WallTime

# What of the slot the item takes over where it has nothing of its own.
_TAKEN_OVER = {"channel": "channel", "pillar": "pillar", "format": "format", "primary_kpi": "kpi"}
_CALLED_OFF = (states.CANCELLED, states.REMOVED)  # it left its slot behind
_FREE = (
    states.DRAFT,
    states.IN_REVIEW,
    states.READY,
    states.ON_HOLD,
    states.FAILED,
    states.NEEDS_ATTENTION,
)


def unplanned(seat: Seat) -> QuerySet[ContentItem]:
    """The items that may be planned: being made, not out, without a time yet."""
    planned = Publication.objects.filter(
        workspace=seat.workspace, publish_at__isnull=False
    ).exclude(state__in=states.CLOSED)
    return (
        ContentItem.objects.visible_to(seat.user)
        .filter(workspace=seat.workspace, archived_at=None, published_at=None)
        .filter(board__archived_at=None)
        .exclude(stage__kind__in=(Kind.LEARN, Kind.DONE))
        .exclude(pk__in=planned.values("item"))
        .select_related("stage", "channel", "workspace")
    )


def candidates(slot: Slot, seat: Seat) -> QuerySet[ContentItem]:
    """Those of them that may take the slot: for its channel, or for none yet."""
    return unplanned(seat).filter(Q(channel=slot.channel_id) | Q(channel=None))


@transaction.atomic
def fill(
    slot: Slot, item: ContentItem, *, seat: Seat, at: datetime, waive: str = ""
) -> Publication:
    """Plan the item into the slot: its next publication, or a new one, gets the slot's time.

    An item without channel, pillar, format or primary KPI takes the slot's. Raises Refused
    (slot_taken, slot_cancelled, other_channel, nothing_to_plan and what `schedule` refuses).
    """
    seat.require("slot.change")
    hold_board(item.board_id)
    item = parts.held(item)
    slot = hold_slot(slot)
    require_there(slot)
    if slot.publication is not None and slot.publication.state not in _CALLED_OFF:
        raise Refused([Refusal("slot_taken", {"key": slot.publication.item.key})])
    if item.channel_id not in (None, slot.channel_id):
        raise Refused([Refusal("other_channel", {"key": item.key, "channel": slot.channel.name})])
    publication = _next(item)
    left = None
    if publication is not None:
        left = Slot.objects.select_for_update(of=("self",)).filter(publication=publication).first()
    if left is not None:
        left.publication, left.version = None, left.version + 1
        left.save(update_fields=["publication", "version"])
    _take_over(item, slot, seat, at)
    publication = publication or publishing.draft(item, by=seat.user, at=at)
    if publication.channel_id is None:
        publication.channel = slot.channel
        publication.save(update_fields=["channel"])
    if left is not None:
        _record(left, seat, at, {"publication": [publication.public_id, None]})
    before = slot.publication.public_id if slot.publication else None
    slot.publication, slot.version = publication, slot.version + 1
    slot.save(update_fields=["publication", "version"])
    when = WallTime(slot.starts_local, slot.time_zone, slot.starts_at, slot.time_note)
    scheduling.plan_at(publication, when, seat=seat, at=at, waived=slot.waived_reason, waive=waive)
    _record(slot, seat, at, {"publication": [before, publication.public_id]})
    return publication


@transaction.atomic
def empty(slot: Slot, *, seat: Seat, at: datetime) -> Slot:
    """Take out what fills the slot: it loses its time, the slot stays. Empty already is fine."""
    seat.require("slot.change")
    filled = Slot.objects.filter(pk=slot.pk).select_related("publication__item").get()
    if filled.publication is not None:
        scheduling.unschedule(filled.publication, seat=seat, at=at)
    return hold_slot(slot)


def _next(item: ContentItem) -> Publication | None:
    """The oldest publication of the item that is still to be made or sent."""
    rows = Publication.objects.filter(item=item).exclude(state__in=states.CLOSED)
    found = rows.select_related("channel", "item").order_by("id").first()
    if found is not None and found.state not in _FREE:
        raise Refused([Refusal("not_to_be_scheduled", {"state": found.state})])
    return found


def _take_over(item: ContentItem, slot: Slot, seat: Seat, at: datetime) -> None:
    changes = {
        ours: getattr(slot, theirs)
        for ours, theirs in _TAKEN_OVER.items()
        if getattr(item, f"{ours}_id") is None and getattr(slot, f"{theirs}_id") is not None
    }
    if item.primary_kpi_id is None and slot.kpi_id is None and slot.channel.winning_kpi_id:
        changes["primary_kpi"] = slot.channel.winning_kpi
    if changes:
        items.edit(item, changes, by=seat.user, at=at)


def _record(slot: Slot, seat: Seat, at: datetime, changes: dict[str, list[Any]]) -> None:
    events.record(
        "slot.changed",
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data=told(slot) | {"changes": changes},
    )
