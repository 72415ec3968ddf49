"""Taking back what one request did: moves, edits, archivings, plans of the calendar, last first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from production import items, moves, publishing, slots
from production.errors import Refused
from production.items.undo import UNDO_ACCEPTED
from production.locks import hold_all
from production.models import ContentItem, Event, Publication
from production.permissions import Seat
from production.publications import schedule
from production.rules import Refusal

UNDOABLE = ("item.moved", "item.edited", "outcome.recorded", "item.archived")
OF_SLOTS = ("slot.added", "slot.changed", "slot.cancelled", "slot.restored")
OF_PUBLICATIONS = ("publication.created", "publication.changed")


@transaction.atomic
def undo_request(request_id: str, *, seat: Seat, at: datetime) -> list[ContentItem]:
    """Undo all that this person did in that request; all of it or, Refused, nothing."""
    done = _done(request_id, seat, at)
    if not request_id or not done:
        raise Refused([Refusal("undo_too_late")])
    visible = ContentItem.objects.visible_to(seat.user).filter(workspace=seat.workspace)
    subjects = {event.subject for event in done if event.type not in OF_SLOTS}
    rows = visible.filter(public_id__in=subjects)
    found = {item.public_id: item for item in rows}
    if subjects - found.keys():
        raise Refused([Refusal("undo_overtaken")])  # taken from them meanwhile
    hold_all(found.values())
    for event in done:
        if event.type in OF_SLOTS:
            slots.undo_change(event, seat=seat, at=at)
            continue
        item = rows.select_related("stage", "workspace").get(public_id=event.subject)
        found[event.subject] = _undo(event, item, seat, at)
    return list(found.values())


def _done(request_id: str, seat: Seat, at: datetime) -> list[Event]:
    """What can be taken back of the request, last first. Only a plan of the calendar takes the
    drafting of a publication along; drafted by itself it stays."""
    rows = Event.objects.filter(
        workspace=seat.workspace,
        actor=seat.user,
        request_id=request_id,
        type__in=(*UNDOABLE, *OF_SLOTS, *OF_PUBLICATIONS),
        recorded_at__gte=at - UNDO_ACCEPTED,
    )
    done = [
        event
        for event in rows.order_by("-seq")
        if event.type != "publication.changed" or schedule.is_time_change(event.data)
    ]
    planned = {event.data["publication"] for event in done if event.type == "publication.changed"}
    return [
        event
        for event in done
        if event.type != "publication.created" or event.data["publication"] in planned
    ]


def _undo(event: Event, item: ContentItem, seat: Seat, at: datetime) -> ContentItem:
    if event.type == "item.moved":
        return moves.undo(item, seat=seat, at=at).item
    if event.type == "item.archived":
        return items.restore(item, seat=seat, at=at)
    if event.type == "publication.changed":
        return schedule.undo_schedule(event, item, seat=seat, at=at)
    if event.type == "publication.created":
        drafted = Publication.objects.select_related("item")
        row = drafted.filter(item=item, public_id=event.data["publication"]).first()
        if row is None:
            raise Refused([Refusal("undo_overtaken")])
        publishing.remove(row, seat=seat, at=at)
        return item
    return items.undo_edit(item, event, by=seat.user, at=at).item
