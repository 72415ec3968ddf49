"""Taking back what one request did: every move, edit and archiving in it, last first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from production import items, moves
from production.errors import Refused
from production.items.undo import UNDO_ACCEPTED
from production.locks import hold_all
from production.models import ContentItem, Event
from production.permissions import Seat
from production.rules import Refusal

UNDOABLE = ("item.moved", "item.edited", "outcome.recorded", "item.archived")


@transaction.atomic
def undo_request(request_id: str, *, seat: Seat, at: datetime) -> list[ContentItem]:
    """Undo all that this person did in that request; all of it or, Refused, nothing."""
    done = list(
        Event.objects.filter(
            workspace=seat.workspace,
            actor=seat.user,
            request_id=request_id,
            type__in=UNDOABLE,
            recorded_at__gte=at - UNDO_ACCEPTED,
        ).order_by("-seq")
    )
    if not request_id or not done:
        raise Refused([Refusal("undo_too_late")])
    visible = ContentItem.objects.visible_to(seat.user).filter(workspace=seat.workspace)
    rows = visible.filter(public_id__in={event.subject for event in done})
    found = {item.public_id: item for item in rows}
    if any(event.subject not in found for event in done):
        raise Refused([Refusal("undo_overtaken")])  # taken from them meanwhile
    hold_all(found.values())
    for event in done:
        item = rows.select_related("stage", "workspace").get(public_id=event.subject)
        found[event.subject] = _undo(event, item, seat, at)
    return list(found.values())


def _undo(event: Event, item: ContentItem, seat: Seat, at: datetime) -> ContentItem:
    if event.type == "item.moved":
        return moves.undo(item, seat=seat, at=at).item
    if event.type == "item.archived":
        return items.restore(item, seat=seat, at=at)
    return items.undo_edit(item, event, by=seat.user, at=at).item
